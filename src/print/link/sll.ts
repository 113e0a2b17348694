import type { Printer } from '../printer.js';

export function printSll(p: Printer, _offset: number, length: number): void {
  p.text(`sll, length ${length}`);
}

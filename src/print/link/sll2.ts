import type { Printer } from '../printer.js';

export function printSll2(p: Printer, _offset: number, length: number): void {
  p.text(`sll2, length ${length}`);
}

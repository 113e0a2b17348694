import type { Printer } from '../printer.js';

export function printAh(p: Printer, _offset: number, length: number): void {
  p.text(`ah, length ${length}`);
}

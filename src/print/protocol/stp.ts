import type { Printer } from '../printer.js';

export function printStp(p: Printer, _offset: number, length: number): void {
  p.text(`stp, length ${length}`);
}

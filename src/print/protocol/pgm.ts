import type { Printer } from '../printer.js';

export function printPgm(p: Printer, _offset: number, length: number): void {
  p.text(`pgm, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printPim(p: Printer, _offset: number, length: number): void {
  p.text(`pim, length ${length}`);
}

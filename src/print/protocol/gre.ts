import type { Printer } from '../printer.js';

export function printGre(p: Printer, _offset: number, length: number): void {
  p.text(`gre, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printMacsec(p: Printer, _offset: number, length: number): void {
  p.text(`macsec, length ${length}`);
}

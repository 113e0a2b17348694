import type { Printer } from '../printer.js';

export function printVat(p: Printer, _offset: number, length: number): void {
  p.text(`vat, length ${length}`);
}

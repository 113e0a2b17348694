import type { Printer } from '../printer.js';

export function printEap(p: Printer, _offset: number, length: number): void {
  p.text(`eap, length ${length}`);
}

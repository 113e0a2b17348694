import type { Printer } from '../printer.js';

export function printBabel(p: Printer, _offset: number, length: number): void {
  p.text(`babel, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printDtp(p: Printer, _offset: number, length: number): void {
  p.text(`dtp, length ${length}`);
}

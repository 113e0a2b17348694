import type { Printer } from '../printer.js';

export function printPptp(p: Printer, _offset: number, length: number): void {
  p.text(`pptp, length ${length}`);
}

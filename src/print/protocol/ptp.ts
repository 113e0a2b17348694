import type { Printer } from '../printer.js';

export function printPtp(p: Printer, _offset: number, length: number): void {
  p.text(`ptp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printNtp(p: Printer, _offset: number, length: number): void {
  p.text(`ntp, length ${length}`);
}

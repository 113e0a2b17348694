import type { Printer } from '../printer.js';

export function printSctp(p: Printer, _offset: number, length: number): void {
  p.text(`sctp, length ${length}`);
}

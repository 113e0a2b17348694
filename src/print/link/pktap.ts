import type { Printer } from '../printer.js';

export function printPktap(p: Printer, _offset: number, length: number): void {
  p.text(`pktap, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printBgp(p: Printer, _offset: number, length: number): void {
  p.text(`bgp, length ${length}`);
}

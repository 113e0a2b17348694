import type { Printer } from '../printer.js';

export function printUdp(p: Printer, _offset: number, length: number): void {
  p.text(`udp, length ${length}`);
}

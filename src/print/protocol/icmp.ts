import type { Printer } from '../printer.js';

export function printIcmp(p: Printer, _offset: number, length: number): void {
  p.text(`icmp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printIcmp6(p: Printer, _offset: number, length: number): void {
  p.text(`icmp6, length ${length}`);
}

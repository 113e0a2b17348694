import type { Printer } from '../printer.js';

export function printIp6(p: Printer, _offset: number, length: number): void {
  p.text(`ip6, length ${length}`);
}

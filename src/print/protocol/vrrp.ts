import type { Printer } from '../printer.js';

export function printVrrp(p: Printer, _offset: number, length: number): void {
  p.text(`vrrp, length ${length}`);
}

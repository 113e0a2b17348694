import type { Printer } from '../printer.js';

export function printArp(p: Printer, _offset: number, length: number): void {
  p.text(`arp, length ${length}`);
}

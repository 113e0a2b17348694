import type { Printer } from '../printer.js';

export function printDhcp(p: Printer, _offset: number, length: number): void {
  p.text(`dhcp, length ${length}`);
}

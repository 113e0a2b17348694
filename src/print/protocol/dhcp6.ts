import type { Printer } from '../printer.js';

export function printDhcp6(p: Printer, _offset: number, length: number): void {
  p.text(`dhcp6, length ${length}`);
}

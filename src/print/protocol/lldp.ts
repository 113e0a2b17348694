import type { Printer } from '../printer.js';

export function printLldp(p: Printer, _offset: number, length: number): void {
  p.text(`lldp, length ${length}`);
}

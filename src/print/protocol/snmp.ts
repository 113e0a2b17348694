import type { Printer } from '../printer.js';

export function printSnmp(p: Printer, _offset: number, length: number): void {
  p.text(`snmp, length ${length}`);
}

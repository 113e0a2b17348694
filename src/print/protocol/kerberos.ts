import type { Printer } from '../printer.js';

export function printKerberos(p: Printer, _offset: number, length: number): void {
  p.text(`kerberos, length ${length}`);
}

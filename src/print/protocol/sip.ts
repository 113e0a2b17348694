import type { Printer } from '../printer.js';

export function printSip(p: Printer, _offset: number, length: number): void {
  p.text(`sip, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printHsrp(p: Printer, _offset: number, length: number): void {
  p.text(`hsrp, length ${length}`);
}

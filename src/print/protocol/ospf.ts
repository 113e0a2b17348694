import type { Printer } from '../printer.js';

export function printOspf(p: Printer, _offset: number, length: number): void {
  p.text(`ospf, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printOspf6(p: Printer, _offset: number, length: number): void {
  p.text(`ospf6, length ${length}`);
}

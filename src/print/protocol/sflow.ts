import type { Printer } from '../printer.js';

export function printSflow(p: Printer, _offset: number, length: number): void {
  p.text(`sflow, length ${length}`);
}

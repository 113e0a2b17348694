import type { Printer } from '../printer.js';

export function printWb(p: Printer, _offset: number, length: number): void {
  p.text(`wb, length ${length}`);
}

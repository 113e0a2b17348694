import type { Printer } from '../printer.js';

export function printVqp(p: Printer, _offset: number, length: number): void {
  p.text(`vqp, length ${length}`);
}

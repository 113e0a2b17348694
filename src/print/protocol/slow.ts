import type { Printer } from '../printer.js';

export function printSlow(p: Printer, _offset: number, length: number): void {
  p.text(`slow, length ${length}`);
}

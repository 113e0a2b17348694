import type { Printer } from '../printer.js';

export function printRadius(p: Printer, _offset: number, length: number): void {
  p.text(`radius, length ${length}`);
}

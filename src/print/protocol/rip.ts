import type { Printer } from '../printer.js';

export function printRip(p: Printer, _offset: number, length: number): void {
  p.text(`rip, length ${length}`);
}

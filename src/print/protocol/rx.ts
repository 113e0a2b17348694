import type { Printer } from '../printer.js';

export function printRx(p: Printer, _offset: number, length: number): void {
  p.text(`rx, length ${length}`);
}

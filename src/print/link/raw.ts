import type { Printer } from '../printer.js';

export function printRaw(p: Printer, _offset: number, length: number): void {
  p.text(`raw, length ${length}`);
}

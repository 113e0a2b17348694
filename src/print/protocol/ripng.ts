import type { Printer } from '../printer.js';

export function printRipng(p: Printer, _offset: number, length: number): void {
  p.text(`ripng, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printBfd(p: Printer, _offset: number, length: number): void {
  p.text(`bfd, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printLmp(p: Printer, _offset: number, length: number): void {
  p.text(`lmp, length ${length}`);
}

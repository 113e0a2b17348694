import type { Printer } from '../printer.js';

export function printVtp(p: Printer, _offset: number, length: number): void {
  p.text(`vtp, length ${length}`);
}

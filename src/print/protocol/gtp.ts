import type { Printer } from '../printer.js';

export function printGtp(p: Printer, _offset: number, length: number): void {
  p.text(`gtp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printLlc(p: Printer, _offset: number, length: number): void {
  p.text(`llc, length ${length}`);
}

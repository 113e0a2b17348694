import type { Printer } from '../printer.js';

export function printLdp(p: Printer, _offset: number, length: number): void {
  p.text(`ldp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printGeneve(p: Printer, _offset: number, length: number): void {
  p.text(`geneve, length ${length}`);
}

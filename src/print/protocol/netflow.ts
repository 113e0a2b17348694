import type { Printer } from '../printer.js';

export function printNetflow(p: Printer, _offset: number, length: number): void {
  p.text(`netflow, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printLspPing(p: Printer, _offset: number, length: number): void {
  p.text(`lspping, length ${length}`);
}

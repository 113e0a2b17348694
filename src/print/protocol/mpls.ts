import type { Printer } from '../printer.js';

export function printMpls(p: Printer, _offset: number, length: number): void {
  p.text(`mpls, length ${length}`);
}

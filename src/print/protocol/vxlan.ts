import type { Printer } from '../printer.js';

export function printVxlan(p: Printer, _offset: number, length: number): void {
  p.text(`vxlan, length ${length}`);
}

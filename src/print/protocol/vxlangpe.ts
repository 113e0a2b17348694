import type { Printer } from '../printer.js';

export function printVxlanGpe(p: Printer, _offset: number, length: number): void {
  p.text(`vxlangpe, length ${length}`);
}

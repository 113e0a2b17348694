import type { Printer } from '../printer.js';

export function printCnfp(p: Printer, _offset: number, length: number): void {
  p.text(`cnfp, length ${length}`);
}

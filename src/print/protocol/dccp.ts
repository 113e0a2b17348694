import type { Printer } from '../printer.js';

export function printDccp(p: Printer, _offset: number, length: number): void {
  p.text(`dccp, length ${length}`);
}

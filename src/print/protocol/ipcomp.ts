import type { Printer } from '../printer.js';

export function printIpcomp(p: Printer, _offset: number, length: number): void {
  p.text(`ipcomp, length ${length}`);
}

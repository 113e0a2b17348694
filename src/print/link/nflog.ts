import type { Printer } from '../printer.js';

export function printNflog(p: Printer, _offset: number, length: number): void {
  p.text(`nflog, length ${length}`);
}

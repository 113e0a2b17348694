import type { Printer } from '../printer.js';

export function printCdp(p: Printer, _offset: number, length: number): void {
  p.text(`cdp, length ${length}`);
}

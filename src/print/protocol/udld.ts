import type { Printer } from '../printer.js';

export function printUdld(p: Printer, _offset: number, length: number): void {
  p.text(`udld, length ${length}`);
}

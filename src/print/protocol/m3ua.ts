import type { Printer } from '../printer.js';

export function printM3ua(p: Printer, _offset: number, length: number): void {
  p.text(`m3ua, length ${length}`);
}

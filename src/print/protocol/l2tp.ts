import type { Printer } from '../printer.js';

export function printL2tp(p: Printer, _offset: number, length: number): void {
  p.text(`l2tp, length ${length}`);
}

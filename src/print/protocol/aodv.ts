import type { Printer } from '../printer.js';

export function printAodv(p: Printer, _offset: number, length: number): void {
  p.text(`aodv, length ${length}`);
}

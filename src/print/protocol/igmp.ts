import type { Printer } from '../printer.js';

export function printIgmp(p: Printer, _offset: number, length: number): void {
  p.text(`igmp, length ${length}`);
}

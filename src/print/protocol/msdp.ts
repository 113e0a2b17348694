import type { Printer } from '../printer.js';

export function printMsdp(p: Printer, _offset: number, length: number): void {
  p.text(`msdp, length ${length}`);
}

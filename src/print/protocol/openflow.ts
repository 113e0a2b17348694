import type { Printer } from '../printer.js';

export function printOpenflow(p: Printer, _offset: number, length: number): void {
  p.text(`openflow, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printEthernet(p: Printer, _offset: number, length: number): void {
  p.text(`ethernet, length ${length}`);
}

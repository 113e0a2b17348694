import type { Printer } from '../printer.js';

export function printSsh(p: Printer, _offset: number, length: number): void {
  p.text(`ssh, length ${length}`);
}

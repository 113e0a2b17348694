import type { Printer } from '../printer.js';

export function printNsh(p: Printer, _offset: number, length: number): void {
  p.text(`nsh, length ${length}`);
}

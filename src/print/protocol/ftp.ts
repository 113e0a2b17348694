import type { Printer } from '../printer.js';

export function printFtp(p: Printer, _offset: number, length: number): void {
  p.text(`ftp, length ${length}`);
}

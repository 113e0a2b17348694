import type { Printer } from '../printer.js';

export function printTftp(p: Printer, _offset: number, length: number): void {
  p.text(`tftp, length ${length}`);
}

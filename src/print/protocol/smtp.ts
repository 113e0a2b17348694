import type { Printer } from '../printer.js';

export function printSmtp(p: Printer, _offset: number, length: number): void {
  p.text(`smtp, length ${length}`);
}

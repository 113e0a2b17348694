import type { Printer } from '../printer.js';

export function printQuic(p: Printer, _offset: number, length: number): void {
  p.text(`quic, length ${length}`);
}

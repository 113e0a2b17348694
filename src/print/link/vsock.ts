import type { Printer } from '../printer.js';

export function printVsock(p: Printer, _offset: number, length: number): void {
  p.text(`vsock, length ${length}`);
}

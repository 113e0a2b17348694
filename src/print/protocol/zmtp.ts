import type { Printer } from '../printer.js';

export function printZmtp1(p: Printer, _offset: number, length: number): void {
  p.text(`zmtp, length ${length}`);
}

export function printZmtp1Datagram(p: Printer, _offset: number, length: number): void {
  p.text(`zmtp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printRtp(p: Printer, _offset: number, length: number): void {
  p.text(`rtp, length ${length}`);
}

export function printRtcp(p: Printer, _offset: number, length: number): void {
  p.text(`rtp, length ${length}`);
}

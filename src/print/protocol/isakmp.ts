import type { Printer } from '../printer.js';

export function printIsakmp(p: Printer, _offset: number, length: number): void {
  p.text(`isakmp, length ${length}`);
}

export function printIsakmpRfc3948(p: Printer, _offset: number, length: number): void {
  p.text(`isakmp, length ${length}`);
}

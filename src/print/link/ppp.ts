import type { Printer } from '../printer.js';

export function printPpp(p: Printer, _offset: number, length: number): void {
  p.text(`ppp, length ${length}`);
}

export function printPppLink(p: Printer, _offset: number, length: number): void {
  p.text(`ppp, length ${length}`);
}

export function printPppHdlc(p: Printer, _offset: number, length: number): void {
  p.text(`ppp, length ${length}`);
}

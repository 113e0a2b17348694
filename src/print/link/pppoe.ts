import type { Printer } from '../printer.js';

export function printPppoe(p: Printer, _offset: number, length: number): void {
  p.text(`pppoe, length ${length}`);
}

export function printPppoeLink(p: Printer, _offset: number, length: number): void {
  p.text(`pppoe, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printNull(p: Printer, _offset: number, length: number): void {
  p.text(`null, length ${length}`);
}

export function printLoop(p: Printer, _offset: number, length: number): void {
  p.text(`null, length ${length}`);
}

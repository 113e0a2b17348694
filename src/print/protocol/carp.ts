import type { Printer } from '../printer.js';

export function printCarp(p: Printer, _offset: number, length: number): void {
  p.text(`carp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printOlsr(p: Printer, _offset: number, length: number): void {
  p.text(`olsr, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printSomeip(p: Printer, _offset: number, length: number): void {
  p.text(`someip, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printEsp(p: Printer, _offset: number, length: number): void {
  p.text(`esp, length ${length}`);
}

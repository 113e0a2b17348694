import type { Printer } from '../printer.js';

export function printErspan(p: Printer, _offset: number, length: number): void {
  p.text(`erspan, length ${length}`);
}

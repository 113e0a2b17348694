import type { Printer } from '../printer.js';

export function printHttp(p: Printer, _offset: number, length: number): void {
  p.text(`http, length ${length}`);
}

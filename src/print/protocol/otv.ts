import type { Printer } from '../printer.js';

export function printOtv(p: Printer, _offset: number, length: number): void {
  p.text(`otv, length ${length}`);
}

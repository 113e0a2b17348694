import type { Printer } from '../printer.js';

export function printBeep(p: Printer, _offset: number, length: number): void {
  p.text(`beep, length ${length}`);
}

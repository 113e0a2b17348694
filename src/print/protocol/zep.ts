import type { Printer } from '../printer.js';

export function printZep(p: Printer, _offset: number, length: number): void {
  p.text(`zep, length ${length}`);
}

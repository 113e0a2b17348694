import type { Printer } from '../printer.js';

export function printTeredo(p: Printer, _offset: number, length: number): void {
  p.text(`teredo, length ${length}`);
}

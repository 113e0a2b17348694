import type { Printer } from '../printer.js';

export function printRpkiRtr(p: Printer, _offset: number, length: number): void {
  p.text(`rpki, length ${length}`);
}

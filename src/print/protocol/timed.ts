import type { Printer } from '../printer.js';

export function printTimed(p: Printer, _offset: number, length: number): void {
  p.text(`timed, length ${length}`);
}

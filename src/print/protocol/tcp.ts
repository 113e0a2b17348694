import type { Printer } from '../printer.js';

export function printTcp(p: Printer, _offset: number, length: number): void {
  p.text(`tcp, length ${length}`);
}

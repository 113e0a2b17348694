import type { Printer } from '../printer.js';

export function printTelnet(p: Printer, _offset: number, length: number): void {
  p.text(`telnet, length ${length}`);
}

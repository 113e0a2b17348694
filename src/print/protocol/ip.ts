import type { Printer } from '../printer.js';

export function printIp(p: Printer, _offset: number, length: number): void {
  p.text(`ip, length ${length}`);
}

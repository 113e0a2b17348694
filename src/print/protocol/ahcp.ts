import type { Printer } from '../printer.js';

export function printAhcp(p: Printer, _offset: number, length: number): void {
  p.text(`ahcp, length ${length}`);
}

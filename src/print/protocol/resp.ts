import type { Printer } from '../printer.js';

export function printResp(p: Printer, _offset: number, length: number): void {
  p.text(`resp, length ${length}`);
}

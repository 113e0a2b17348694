import type { Printer } from '../printer.js';

export function printNfsReply(p: Printer, _offset: number, length: number): void {
  p.text(`nfs, length ${length}`);
}

export function printNfsRequest(p: Printer, _offset: number, length: number): void {
  p.text(`nfs, length ${length}`);
}

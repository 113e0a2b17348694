import type { Printer } from '../printer.js';

export function printDns(p: Printer, _offset: number, length: number): void {
  p.text(`dns, length ${length}`);
}

export function printDnsTcp(p: Printer, _offset: number, length: number): void {
  p.text(`dns, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printLisp(p: Printer, _offset: number, length: number): void {
  p.text(`lisp, length ${length}`);
}

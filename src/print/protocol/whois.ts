import type { Printer } from '../printer.js';

export function printWhois(p: Printer, _offset: number, length: number): void {
  p.text(`whois, length ${length}`);
}

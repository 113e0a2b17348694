import type { Printer } from '../printer.js';

export function printLwappControl(p: Printer, _offset: number, length: number): void {
  p.text(`lwapp, length ${length}`);
}

export function printLwappData(p: Printer, _offset: number, length: number): void {
  p.text(`lwapp, length ${length}`);
}

import type { Printer } from '../printer.js';

export function printMobility(p: Printer, _offset: number, length: number): void {
  p.text(`mobility, length ${length}`);
}

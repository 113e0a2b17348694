import type { Printer } from '../printer.js';

export function printRsvp(p: Printer, _offset: number, length: number): void {
  p.text(`rsvp, length ${length}`);
}

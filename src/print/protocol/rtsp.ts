import type { Printer } from '../printer.js';

export function printRtsp(p: Printer, _offset: number, length: number): void {
  p.text(`rtsp, length ${length}`);
}

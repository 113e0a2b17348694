import type { Printer } from '../printer.js';

export function printSmbTcp(p: Printer, _offset: number, length: number): void {
  p.text(`smb, length ${length}`);
}

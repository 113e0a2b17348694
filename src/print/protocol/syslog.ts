import type { Printer } from '../printer.js';

export function printSyslog(p: Printer, _offset: number, length: number): void {
  p.text(`syslog, length ${length}`);
}

// SMTP. Source: RFC 5321.

import type { Printer } from '../printer.js';
import { printTextProtocol } from '../textproto.js';

export function printSmtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'smtp';
  printTextProtocol(p, offset, length, null, 0);
}

// WHOIS. Source: RFC 3912.

import type { Printer } from '../printer.js';
import { printTextProtocol } from '../textproto.js';

export function printWhois(p: Printer, offset: number, length: number): void {
  p.protocol = 'whois';
  printTextProtocol(p, offset, length, null, 0);
}

// FTP: all that the control connection carries is requests and replies, with their continuation lines. Source: RFC 959.

import type { Printer } from '../printer.js';
import { printTextProtocol } from '../textproto.js';

export function printFtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ftp';
  printTextProtocol(p, offset, length, null, 0);
}

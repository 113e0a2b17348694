// HTTP. Source: RFC 9110, RFC 4918.

import type { Printer } from '../printer.js';
import { printTextProtocol, RESPONSE_CODE_SECOND_WORD } from '../textproto.js';

const COMMANDS: ReadonlySet<string> = new Set(
  (
    'OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK ' +
    'UNLOCK SEARCH REPORT SUBSCRIBE UNSUBSCRIBE BCOPY BDELETE BMOVE BPROPFIND BPROPPATCH NOTIFY POLL ' +
    'X-MS-ENUMATTS'
  ).split(' '),
);

export function printHttp(p: Printer, offset: number, length: number): void {
  p.protocol = 'http';
  printTextProtocol(p, offset, length, COMMANDS, RESPONSE_CODE_SECOND_WORD);
}

// HTTP. Source: RFC 9110; WebDAV's methods: RFC 3253, RFC 4918, RFC 5323, and those of Exchange and of Microsoft's
// management point.

import type { Printer } from '../printer.js';
import { printTextProtocol, RESPONSE_CODE_SECOND_WORD } from '../textproto.js';

const COMMANDS: ReadonlySet<string> = new Set(
  (
    'GET PUT HEAD POST TRACE DELETE CONNECT OPTIONS ' +
    'COPY LOCK MOVE MKCOL SEARCH UNLOCK PROPFIND PROPPATCH ' +
    'LABEL MERGE REPORT UPDATE CHECKIN CHECKOUT UNCHECKOUT MKACTIVITY MKWORKSPACE VERSION-CONTROL BASELINE-CONTROL ' +
    'POLL BCOPY BMOVE NOTIFY BDELETE SUBSCRIBE BPROPFIND BPROPPATCH UNSUBSCRIBE CCM_POST RPC_CONNECT'
  ).split(' '),
);

export function printHttp(p: Printer, offset: number, length: number): void {
  p.protocol = 'http';
  printTextProtocol(p, offset, length, COMMANDS, RESPONSE_CODE_SECOND_WORD);
}

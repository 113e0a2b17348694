// SIP. Source: RFC 3261.

import type { Printer } from '../printer.js';
import { printTextProtocol, RESPONSE_CODE_SECOND_WORD } from '../textproto.js';

const COMMANDS: ReadonlySet<string> = new Set(
  (
    'ACK BYE CANCEL DO INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH QAUTH REFER REGISTER SPRACK ' +
    'SUBSCRIBE UPDATE'
  ).split(' '),
);

export function printSip(p: Printer, offset: number, length: number): void {
  p.protocol = 'sip';
  printTextProtocol(p, offset, length, COMMANDS, RESPONSE_CODE_SECOND_WORD);
}

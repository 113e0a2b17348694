// RTSP. Source: RFC 2326.

import type { Printer } from '../printer.js';
import { printTextProtocol, RESPONSE_CODE_SECOND_WORD } from '../textproto.js';

const COMMANDS: ReadonlySet<string> = new Set(
  'OPTIONS DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD'.split(
    ' ',
  ),
);

export function printRtsp(p: Printer, offset: number, length: number): void {
  p.protocol = 'rtsp';
  printTextProtocol(p, offset, length, COMMANDS, RESPONSE_CODE_SECOND_WORD);
}

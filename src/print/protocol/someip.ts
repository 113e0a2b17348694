// SOME/IP: remote calls and events of cars. Source: AUTOSAR, SOME/IP Protocol Specification R19-11.

import { below, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER = 16;
const EVENT = 0x8000;
const Field = {
  SERVICE: 0,
  METHOD: 2,
  LENGTH: 4,
  CLIENT: 8,
  SESSION: 10,
  PROTOCOL_VERSION: 12,
  INTERFACE_VERSION: 13,
  TYPE: 14,
  RETURN: 15,
} as const;
const TYPES: Words = {
  0x00: 'REQUEST',
  0x01: 'REQUEST_NO_RETURN',
  0x02: 'NOTIFICATION',
  0x80: 'RESPONSE',
  0x81: 'ERROR',
  0x20: 'TP_REQUEST',
  0x21: 'TP_REQUEST_NO_RETURN',
  0x22: 'TP_NOTIFICATION',
  0xa0: 'TP_RESPONSE',
  0xa1: 'TP_ERROR',
};
const RETURNS: Words = {
  0: 'E_OK',
  1: 'E_NOT_OK',
  2: 'E_UNKNOWN_SERVICE',
  3: 'E_UNKNOWN_METHOD',
  4: 'E_NOT_READY',
  5: 'E_NOT_REACHABLE',
  6: 'E_TIMEOUT',
  7: 'E_WRONG_PROTOCOL_VERSION',
  8: 'E_WRONG_INTERFACE_VERSION',
  9: 'E_MALFORMED_MESSAGE',
  10: 'E_WRONG_MESSAGE_TYPE',
  11: 'E_E2E_REPEATED',
  12: 'E_E2E_WRONG_SEQUENCE',
  13: 'E_E2E',
  14: 'E_E2E_NOT_AVAILABLE',
  15: 'E_E2E_NO_NEW_DATA',
};

/** A SOME/IP message's header. */
export function printSomeip(p: Printer, offset: number, length: number): void {
  p.protocol = 'someip';
  p.protocolCaps();
  if (below(p, 'length', length, HEADER)) {
    p.invalid();
    return;
  }
  p.need(offset, Field.LENGTH);
  const method = p.u16(offset + Field.METHOD);
  const kind = (method & EVENT) !== 0 ? 'event' : 'method';
  p.text(`, service ${p.u16(offset + Field.SERVICE)}, ${kind} ${method & ~EVENT}`);
  p.text(`, len ${p.u32(offset + Field.LENGTH)}`);
  p.need(offset + Field.CLIENT, 4);
  p.text(`, client ${p.u16(offset + Field.CLIENT)}, session ${p.u16(offset + Field.SESSION)}`);
  p.text(`, pver ${p.u8(offset + Field.PROTOCOL_VERSION)}`);
  p.text(`, iver ${p.u8(offset + Field.INTERFACE_VERSION)}`);
  p.text(`, msgtype ${wordOf(TYPES, p.u8(offset + Field.TYPE), 'Unknown')}`);
  p.text(`, retcode ${wordOf(RETURNS, p.u8(offset + Field.RETURN), 'Unknown')}`);
}

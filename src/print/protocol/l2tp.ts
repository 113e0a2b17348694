// Layer Two Tunneling Protocol, version 2 (RFC 2661): the header, the attribute-value pairs of control messages, PPP.

import { below, hex, hexBytes, wordOf } from '../inline.js';
import { printPpp } from '../link/ppp/ppp.js';
import type { Printer, Words } from '../printer.js';

const TYPE = 0x8000;
const LENGTH = 0x4000;
const SEQUENCE = 0x0800;
const OFFSET = 0x0200;
const PRIORITY = 0x0100;

const MANDATORY = 0x8000;
const HIDDEN = 0x4000;
const AVP_LENGTH = 0x03ff;
const AVP_HEADER_LENGTH = 6;

const TOO_SHORT = 'AVP too short';

const MESSAGE_TYPES: Words = {
  1: 'SCCRQ',
  2: 'SCCRP',
  3: 'SCCCN',
  4: 'StopCCN',
  6: 'HELLO',
  7: 'OCRQ',
  8: 'OCRP',
  9: 'OCCN',
  10: 'ICRQ',
  11: 'ICRP',
  12: 'ICCN',
  14: 'CDN',
  15: 'WEN',
  16: 'SLI',
};

const AUTHENTICATION_TYPES: Words = {
  0: 'Reserved',
  1: 'Textual',
  2: 'CHAP',
  3: 'PAP',
  4: 'No Auth',
  5: 'MS-CHAPv1',
};

const DISCONNECT_DIRECTIONS: Words = { 0: 'global error', 1: 'at peer', 2: 'at local' };

/** Prints an attribute's value of `length` bytes. */
type Value = (p: Printer, offset: number, length: number) => void;

/** A value of at least `minimum` bytes. */
function fixed(minimum: number, text: (p: Printer, offset: number) => string): Value {
  return (p, offset, length) => p.text(length < minimum ? TOO_SHORT : text(p, offset));
}

const number16 = fixed(2, (p, o) => `${p.u16(o)}`);
const number32 = fixed(4, (p, o) => `${p.u32(o)}`);
const string: Value = (p, offset, length) => p.safeBytes(offset, length);
const octets: Value = (p, offset, length) => p.text(hexBytes(p, offset, length));
const nothing: Value = () => {};

/** The two low bits of a capability or type: bit 1 and bit 0, by their letters. */
const twoBits = (first: string, second: string): Value =>
  fixed(4, (p, o) => {
    const bits = p.u32(o);
    return ((bits & 2) !== 0 ? first : '') + ((bits & 1) !== 0 ? second : '');
  });

/** Named 32-bit counters after a reserved word, each with a space behind. */
const counters =
  (names: readonly string[], show: (value: number) => string): Value =>
  (p, offset, length) => {
    if (length < 2) {
      p.text(TOO_SHORT);
      return;
    }
    offset += 2;
    length -= 2;
    for (const name of names) {
      if (length < 4) {
        p.text(TOO_SHORT);
        return;
      }
      p.text(`${name}=${show(p.u32(offset))} `);
      offset += 4;
      length -= 4;
    }
  };

const resultCode: Value = (p, offset, length) => {
  if (length < 2) {
    p.text(TOO_SHORT);
    return;
  }
  p.text(`${p.u16(offset)}`);
  if (length === 2) return;
  if (length < 4) {
    p.text(` ${TOO_SHORT}`);
    return;
  }
  p.text(`/${p.u16(offset + 2)}`);
  if (length > 4) {
    p.char(32);
    p.safeBytes(offset + 4, length - 4);
  }
};

const q931Cause: Value = (p, offset, length) => {
  if (length < 3) {
    p.text(TOO_SHORT);
    return;
  }
  p.text(`${p.u16(offset)}, ${hex(p.u8(offset + 2), 2)}`);
  if (length > 3) {
    p.char(32);
    p.safeBytes(offset + 3, length - 3);
  }
};

/** RFC 3145. */
const disconnectCause: Value = (p, offset, length) => {
  if (length < 5) {
    p.text(TOO_SHORT);
    return;
  }
  p.text(`${hex(p.u16(offset), 4)}, ${hex(p.u16(offset + 2), 4)} `);
  p.text(wordOf(DISCONNECT_DIRECTIONS, p.u8(offset + 4), 'Direction-#%u'));
  if (length > 5) {
    p.char(32);
    p.safeBytes(offset + 5, length - 5);
  }
};

/** The IETF's attributes by number: name and value. */
const ATTRIBUTES: { readonly [type: number]: readonly [name: string, value: Value] } = {
  0: ['MSGTYPE', fixed(2, (p, o) => wordOf(MESSAGE_TYPES, p.u16(o), 'MSGTYPE-#%u'))],
  1: ['RESULT_CODE', resultCode],
  2: ['PROTO_VER', fixed(2, (p, o) => `${p.u8(o)}.${p.u8(o + 1)}`)],
  3: ['FRAMING_CAP', twoBits('A', 'S')],
  4: ['BEARER_CAP', twoBits('A', 'D')],
  5: ['TIE_BREAKER', fixed(8, (p, o) => hexBytes(p, o, 8))],
  6: ['FIRM_VER', number16],
  7: ['HOST_NAME', string],
  8: ['VENDOR_NAME', string],
  9: ['ASSND_TUN_ID', number16],
  10: ['RECV_WIN_SIZE', number16],
  11: ['CHALLENGE', octets],
  12: ['Q931_CC', q931Cause],
  13: ['CHALLENGE_RESP', fixed(16, (p, o) => hexBytes(p, o, 16))],
  14: ['ASSND_SESS_ID', number16],
  15: ['CALL_SER_NUM', number32],
  16: ['MINIMUM_BPS', number32],
  17: ['MAXIMUM_BPS', number32],
  18: ['BEARER_TYPE', twoBits('A', 'D')],
  19: ['FRAMING_TYPE', twoBits('A', 'S')],
  20: ['PACKET_PROC_DELAY', (p) => p.text('obsolete')],
  21: ['CALLED_NUMBER', string],
  22: ['CALLING_NUMBER', string],
  23: ['SUB_ADDRESS', string],
  24: ['TX_CONN_SPEED', number32],
  25: ['PHY_CHANNEL_ID', number32],
  26: ['INI_RECV_LCP', octets],
  27: ['LAST_SENT_LCP', octets],
  28: ['LAST_RECV_LCP', octets],
  29: ['PROXY_AUTH_TYPE', fixed(2, (p, o) => wordOf(AUTHENTICATION_TYPES, p.u16(o), 'AuthType-#%u'))],
  30: ['PROXY_AUTH_NAME', string],
  31: ['PROXY_AUTH_CHAL', octets],
  32: ['PROXY_AUTH_ID', fixed(2, (p, o) => `${p.u8(o + 1)}`)],
  33: ['PROXY_AUTH_RESP', octets],
  34: ['CALL_ERRORS', counters(['CRCErr', 'FrameErr', 'HardOver', 'BufOver', 'Timeout', 'AlignErr'], String)],
  35: ['ACCM', counters(['send', 'recv'], (value) => hex(value, 8))],
  36: ['RANDOM_VECTOR', octets],
  37: ['PRIVATE_GRP_ID', string],
  38: ['RX_CONN_SPEED', number32],
  39: ['SEQ_REQUIRED', nothing],
  46: ['PPP_DISCON_CC', disconnectCause],
};

/** An L2TP header with its control attributes or its PPP frame. */
export function printL2tp(p: Printer, offset: number, length: number): void {
  p.protocol = 'l2tp';
  const flags = p.u16(offset);
  const version = flags & 0x000f;
  if (version === 1) p.text(' l2f:');
  else if (version !== 2) p.text(' Unknown Version, neither L2F(1) nor L2TP(2)');
  else if (!printMessage(p, offset, length, flags)) p.invalid();
}

function printMessage(p: Printer, offset: number, length: number, flags: number): boolean {
  const start = offset;
  const control = (flags & TYPE) !== 0;
  const hasLength = (flags & LENGTH) !== 0;
  p.text(' l2tp:[');
  if (control) p.char(84);
  if (hasLength) p.char(76);
  if ((flags & SEQUENCE) !== 0) p.char(83);
  if ((flags & OFFSET) !== 0) p.char(79);
  if ((flags & PRIORITY) !== 0) p.char(80);
  p.char(93);
  offset += 2;
  let messageLength = 0;
  if (hasLength) {
    messageLength = p.u16(offset);
    offset += 2;
  }
  p.text(`(${p.u16(offset)}/`);
  p.text(`${p.u16(offset + 2)})`);
  offset += 4;
  if ((flags & SEQUENCE) !== 0) {
    p.text(`Ns=${p.u16(offset)},`);
    p.text(`Nr=${p.u16(offset + 2)}`);
    offset += 4;
  }
  if ((flags & OFFSET) !== 0) {
    const padding = p.u16(offset);
    p.need(offset + 2, padding);
    offset += 2 + padding;
  }
  if (hasLength) {
    if (length < messageLength) {
      p.text(` Length ${messageLength} larger than packet`);
      return false;
    }
    length = messageLength;
  }
  if (length < offset - start) {
    p.text(` Length ${length} smaller than header length`);
    return false;
  }
  const end = start + length;
  if (!control) {
    p.text(' {');
    printPpp(p, offset, end - offset);
    p.char(125);
    return true;
  }
  if (!hasLength) {
    p.text(' No length');
    return false;
  }
  if (offset === end) p.text(' ZLB');
  while (offset < end) {
    const used = printAvp(p, offset, end - offset);
    if (used === 0) return false;
    offset += used;
  }
  return true;
}

/** @returns the pair's length, 0 when it is invalid */
function printAvp(p: Printer, offset: number, remaining: number): number {
  p.char(32);
  const header = p.u16(offset);
  const length = header & AVP_LENGTH;
  if (below(p, 'AVP length', length, AVP_HEADER_LENGTH)) return 0;
  if (length > remaining) {
    p.text(` (len > ${remaining})`);
    return 0;
  }
  p.need(offset, length);
  if ((header & MANDATORY) !== 0) p.char(42);
  if ((header & HIDDEN) !== 0) p.char(63);
  const vendor = p.u16(offset + 2);
  const type = p.u16(offset + 4);
  const value = offset + AVP_HEADER_LENGTH;
  const valueLength = length - AVP_HEADER_LENGTH;
  if (vendor !== 0) {
    p.text(`VENDOR${hex(vendor, 4)}:ATTR${hex(type, 4)}(${hexBytes(p, value, valueLength)})`);
    return length;
  }
  const attribute = ATTRIBUTES[type];
  p.text(`${attribute?.[0] ?? `AVP-#${type}`}(`);
  if ((header & HIDDEN) !== 0) p.text('???');
  else attribute?.[1](p, value, valueLength);
  p.char(41);
  return length;
}

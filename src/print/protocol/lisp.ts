// Locator/Identifier Separation Protocol (RFC 6830): Map-Register and Map-Notify messages.

import { hexOnly } from '../hexdump.js';
import { below, bitsOf, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../printer.js';

const HEADER_LENGTH = 16;
const RECORD_LENGTH = 12;
const LOCATOR_LENGTH = 8;

const Type = { REGISTER: 3, NOTIFY: 4 } as const;
const TYPES: Words = {
  0: 'Reserved',
  1: 'Map-Request',
  2: 'Map-Reply',
  3: 'Map-Register',
  4: 'Map-Notify',
  8: 'Encapsulated-Control-Message',
};
const REGISTER_FLAGS: Bits = [
  [0x08000000, 'P-Proxy-Map-Reply'],
  [0x04000000, 'S-LISP-SEC-Capable'],
  [0x02000000, 'I-xTR-ID-Present'],
  [0x01000000, 'R-Build-For-RTR'],
  [0x00000100, 'M-Want-Map-Notify'],
];
const NOTIFY_FLAGS: Bits = [
  [0x08000000, 'I-xTR-ID-Present'],
  [0x04000000, 'R-Build-For-RTR'],
];
const LOCATOR_FLAGS: Bits = [
  [4, 'Local-Locator'],
  [2, 'RLoc-Probed'],
  [1, 'Reachable'],
];
const AUTHENTICATIONS: Words = { 0: 'None', 1: 'SHA1', 2: 'SHA256' };
const ACTIONS: Words = { 0: 'No-Action', 1: 'Natively-Forward', 2: 'Send-Map-Request', 3: 'Drop' };
const IPV4 = 1;
const IPV6 = 2;

/** A LISP control message. */
export function printLisp(p: Printer, offset: number, length: number): void {
  p.protocol = 'lisp';
  p.text('LISP');
  if (below(p, 'length', length, HEADER_LENGTH) || !printMessage(p, offset, length)) p.invalid();
}

function printMessage(p: Printer, offset: number, length: number): boolean {
  const { verbose } = p.options;
  const type = p.u8(offset) >> 4;
  p.text(`-${wordOf(TYPES, type, 'unknown-type-%u')},`);
  const flags = type === Type.REGISTER ? REGISTER_FLAGS : type === Type.NOTIFY ? NOTIFY_FLAGS : null;
  if (flags === null) {
    p.need(offset, HEADER_LENGTH);
    return true;
  }
  if (verbose > 0) p.text(` flags [${bitsOf(flags, p.u32(offset), 'none')}],`);
  const xtr = (p.u8(offset) & (type === Type.REGISTER ? 2 : 8)) !== 0;
  const authentication = p.u16(offset + 14);
  const records = p.u8(offset + 3);
  if (verbose > 0) {
    const key = p.u16(offset + 12);
    p.text(`\n    ${records} record(s), Authentication ${wordOf(AUTHENTICATIONS, key, 'unknown-type')},`);
  } else p.text(` ${records} record(s),`);
  const most = length - HEADER_LENGTH;
  if (authentication > most) {
    p.text(` [authentication data length ${authentication} > ${most}]`);
    return false;
  }
  if (verbose > 0) dump(p, '\n    Authentication-Data: ', offset + HEADER_LENGTH, authentication);
  if (records === 0) {
    p.text(' [record count 0 == 0]');
    return false;
  }
  let at = HEADER_LENGTH + authentication;
  for (let record = 0; record < records && length > at; record++) {
    const next = printRecord(p, offset, at);
    if (next === null) return true;
    at = next;
  }
  if (xtr) {
    dump(p, '\n    xTR-ID: ', offset + at, 16);
    p.text(`\n    SITE-ID: ${p.u64(offset + at + 16)}`);
  } else if (p.has(offset + at, 1)) dump(p, '\n    Data: ', offset + at, p.available(offset + at));
  return true;
}

/** Hexadecimal lines; the packet ends where they were cut. */
function dump(p: Printer, indent: string, offset: number, length: number): void {
  hexOnly(p, indent, offset, length);
  if (length > p.available(offset)) throw TRUNCATED;
}

/** @returns where the next record is, or null when this one cannot be read */
function printRecord(p: Printer, message: number, at: number): number | null {
  const { verbose } = p.options;
  const offset = message + at;
  p.need(offset, RECORD_LENGTH);
  p.char(10);
  const locators = p.u8(offset + 4);
  const mask = p.u8(offset + 5);
  const family = p.u16(offset + 10);
  if (verbose > 0) {
    const bits = p.u8(offset + 6);
    p.text(`      Record TTL ${p.u32(offset)},`);
    p.text((bits & 0x10) !== 0 ? ' Authoritative,' : ' Non-Authoritative,');
    p.text(` ${wordOf(ACTIONS, bits >> 5, 'unknown')},`);
    p.text(` Map Version: ${p.u16(offset + 8) & 0x0fff},`);
  }
  at += RECORD_LENGTH;
  if (family === IPV4) {
    p.text(` EID ${ipv4Text(p, message + at)}/${mask},`);
    at += 4;
  } else if (family === IPV6) {
    p.text(` EID ${ipv6Text(p, message + at)}/${mask},`);
    at += 16;
  } else {
    p.text(` [unsupported address family identifier ${family}]`);
    return null;
  }
  p.text(` ${locators} locator(s)`);
  for (let i = 0; i < locators; i++) at = printLocator(p, message, at);
  return at;
}

function printLocator(p: Printer, message: number, at: number): number {
  const offset = message + at;
  p.need(offset, LOCATOR_LENGTH);
  const family = p.u16(offset + 6);
  at += LOCATOR_LENGTH;
  if (p.options.verbose > 0) p.text('\n       ');
  if (family === IPV4) {
    p.text(` LOC ${ipv4Text(p, message + at)}`);
    at += 4;
  } else if (family === IPV6) {
    p.text(` LOC ${ipv6Text(p, message + at)}`);
    at += 16;
  }
  if (p.options.verbose > 0) {
    p.text(`\n          Priority/Weight ${p.u8(offset)}/${p.u8(offset + 1)},`);
    p.text(` Multicast Priority/Weight ${p.u8(offset + 2)}/${p.u8(offset + 3)},`);
    p.text(` flags [${bitsOf(LOCATOR_FLAGS, p.u16(offset + 4), 'none')}],`);
  }
  return at;
}

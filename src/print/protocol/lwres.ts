// BIND 9's lightweight resolver protocol. Source: BIND 9's lib/lwres.

import { completes, OVERRUN } from '../endings.js';
import { hex, hexBytes, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { CLASSES, TYPES } from './dns/numbers.js';

const OPERATIONS: Words = {
  0: 'noop',
  0x10001: 'getaddrsbyname',
  0x10002: 'getnamebyaddr',
  0x10003: 'getrdatabyname',
};
const Operation = { NONE: 0, ADDRESSES: 0x10001, NAME: 0x10002, DATA: 0x10003 } as const;
const FAMILIES: Words = { 1: ' IPv4', 2: ' IPv6', 3: ' IPv4/6' };
const Field = {
  VERSION: 4,
  FLAGS: 6,
  SERIAL: 8,
  OPERATION: 12,
  RESULT: 16,
  RECEIVE_LENGTH: 20,
  AUTHENTICATION: 24,
  AUTHENTICATION_LENGTH: 26,
} as const;
const HEADER = 28;
const RESPONSE = 1;
const INTERNET = 1;

/** A message of the lightweight resolver. */
export function printLwres(p: Printer, offset: number, length: number): void {
  p.protocol = 'lwres';
  p.need(offset + Field.AUTHENTICATION_LENGTH, 2);
  p.text(' lwres');
  const version = p.u16(offset + Field.VERSION);
  if (p.options.verbose > 0 || version !== 0) p.text(` v${version}`);
  const said = p.u32(offset);
  let end: number | null = offset + said;
  if (version !== 0) p.need(offset, said);
  const whole = completes(() => {
    if (version === 0) end = message(p, offset);
  });
  if (!whole) {
    p.invalid();
    return;
  }
  if (said !== length) p.text(` [len: ${said} != ${length}]`);
  if (end !== null && end - offset < said) p.text('[extra]');
}

/** OVERRUN when an address in it is none. @returns where the message ends, null when that is not known */
function message(p: Printer, offset: number): number | null {
  const flags = p.u16(offset + Field.FLAGS);
  const response = (flags & RESPONSE) !== 0;
  const operation = p.u32(offset + Field.OPERATION);
  p.text(` ${wordOf(OPERATIONS, operation, '#0x%x')}${response ? '' : '?'}`);
  if ((flags & ~RESPONSE) !== 0) p.text(`[0x${hex(flags)}]`);
  if (p.options.verbose > 1) {
    p.text(` (serial:0x${hex(p.u32(offset + Field.SERIAL))} result:0x${hex(p.u32(offset + Field.RESULT))}`);
    p.text(` recvlen:${p.u32(offset + Field.RECEIVE_LENGTH)}`);
    if (p.options.verbose > 2) {
      const type = p.u16(offset + Field.AUTHENTICATION);
      p.text(` authtype:0x${hex(type)} authlen:${p.u16(offset + Field.AUTHENTICATION_LENGTH)}`);
    }
    p.char(41);
  }
  const body = offset + HEADER;
  switch (operation) {
    case Operation.NONE:
      return body;
    case Operation.ADDRESSES:
      return response ? addresses(p, body) : addressesRequest(p, body);
    case Operation.NAME:
      return response ? nameResponse(p, body) : nameRequest(p, body);
    case Operation.DATA:
      return response ? data(p, body) : dataRequest(p, body);
    default:
      return null;
  }
}

function flagsOf(p: Printer, offset: number): void {
  if (p.options.verbose > 2) p.text(` flags:0x${hex(p.u32(offset))}`);
}

/** A name and its zero byte. @returns where it ends */
function name(p: Printer, offset: number, length: number): number {
  p.char(32);
  p.safeBytes(offset, length);
  if (p.u8(offset + length) !== 0) p.text(' (not NUL-terminated!)');
  return offset + length + 1;
}

/** A name behind its length. */
const sizedName = (p: Printer, offset: number): number => name(p, offset + 2, p.u16(offset));

function repeated(
  p: Printer,
  offset: number,
  count: number,
  one: (p: Printer, at: number) => number,
): number {
  let at = offset;
  for (let i = 0; i < count; i++) at = one(p, at);
  return at;
}

/** OVERRUN when it is too short. @returns where the address ends */
function address(p: Printer, offset: number): number {
  const length = p.u16(offset + 4);
  const at = offset + 6;
  p.need(at, length);
  const family = p.u32(offset);
  if (family === 1 || family === 2) {
    const size = family === 1 ? 4 : 16;
    if (length < size) throw OVERRUN;
    p.text(` ${family === 1 ? ipv4Text(p, at) : ipv6Text(p, at)}`);
    return at + size;
  }
  p.text(` ${family}/${hexBytes(p, at, length)}`);
  return at + length;
}

function addressesRequest(p: Printer, offset: number): number {
  p.need(offset + 8, 2);
  flagsOf(p, offset);
  const types = p.u32(offset + 4);
  p.text(FAMILIES[types & 3] ?? '');
  if (types > 3) p.text(`[0x${hex(types)}]`);
  return name(p, offset + 10, p.u16(offset + 8));
}

function addresses(p: Printer, offset: number): number {
  p.need(offset + 8, 2);
  flagsOf(p, offset);
  const aliases = p.u16(offset + 4);
  const count = p.u16(offset + 6);
  p.text(` ${aliases}/${count}`);
  const at = name(p, offset + 10, p.u16(offset + 8));
  return repeated(p, repeated(p, at, aliases, sizedName), count, address);
}

function nameRequest(p: Printer, offset: number): number {
  p.need(offset, 4);
  flagsOf(p, offset);
  return address(p, offset + 4);
}

function nameResponse(p: Printer, offset: number): number {
  p.need(offset + 6, 2);
  flagsOf(p, offset);
  const aliases = p.u16(offset + 4);
  p.text(` ${aliases}`);
  return repeated(p, name(p, offset + 8, p.u16(offset + 6)), aliases, sizedName);
}

/** A record's class, unless it is the Internet, behind its type. */
function typeAndClass(p: Printer, offset: number): void {
  p.text(` ${wordOf(TYPES, p.u16(offset + 2), 'Type%u')}`);
  const group = p.u16(offset);
  if (group !== INTERNET) p.text(` ${wordOf(CLASSES, group, 'Class%u')}`);
}

function dataRequest(p: Printer, offset: number): number {
  p.need(offset + 8, 2);
  flagsOf(p, offset);
  typeAndClass(p, offset + 4);
  return name(p, offset + 10, p.u16(offset + 8));
}

function data(p: Printer, offset: number): number {
  p.need(offset + 14, 2);
  flagsOf(p, offset);
  typeAndClass(p, offset + 4);
  p.text(' TTL ');
  p.relativeTime(p.u32(offset + 8));
  const records = p.u16(offset + 12);
  const signatures = p.u16(offset + 14);
  p.text(` ${records}/${signatures}`);
  return repeated(p, sizedName(p, offset + 16), records + signatures, bytes);
}

/** Bytes in hexadecimal behind their length, shown as far as they were captured. */
function bytes(p: Printer, offset: number): number {
  const length = p.u16(offset);
  for (let i = 0; i < length; i++) p.text(hex(p.u8(offset + 2 + i), 2));
  return offset + 2 + length;
}

// Values of DHCPv6 options that hold no others. Source: RFC 8415, 3319, 3646, 4649, 5007, 5908, 5970, 6334, 6355, 8572.

import { completes } from '../../endings.js';
import { hex, hexBytes, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printDnsName } from '../dns/name.js';

/** How a value was: as it should be; odd, which is a question mark; or it ends the list of options. */
export const Result = { GOOD: 0, ODD: 1, CUT: 2 } as const;
export type Result = (typeof Result)[keyof typeof Result];

/** Prints a value, all of it captured. */
export type Value = (p: Printer, offset: number, length: number) => Result;

/** A value of exactly `size` bytes. */
const sized =
  (size: number, print: (p: Printer, offset: number) => void): Value =>
  (p, offset, length) => {
    if (length !== size) return Result.ODD;
    print(p, offset);
    return Result.GOOD;
  };

export const nothing: Value = () => Result.GOOD;
export const byte = sized(1, (p, offset) => p.text(` ${p.u8(offset)}`));
export const short = sized(2, (p, offset) => p.text(` ${p.u16(offset)}`));
export const number = sized(4, (p, offset) => p.text(` ${p.u32(offset)}`));

const RECONFIGURE: Words = { 5: 'renew', 11: 'inf-req' };

export const reconfigure = sized(1, (p, offset) => {
  const type = p.u8(offset);
  p.text(` for ${RECONFIGURE[type] ?? `???(${hex(type, 2)})`}`);
});

const STATUSES: Words = {
  0: 'Success',
  1: 'UnspecFail',
  2: 'NoAddrsAvail',
  3: 'NoBinding',
  4: 'NotOnLink',
  5: 'UseMulticast',
  6: 'NoPrefixAvail',
  7: 'UnknownQueryType',
  8: 'MalformedQuery',
  9: 'NotConfigured',
  10: 'NotAllowed',
};

export const status: Value = (p, offset, length) => {
  if (length < 2) return Result.ODD;
  const code = p.u16(offset);
  p.text(` ${code > 255 ? 'INVALID code' : wordOf(STATUSES, code, 'code%u')}`);
  return Result.GOOD;
};

const Identifier = { LINK_TIME: 1, ENTERPRISE: 2, LINK: 3, UUID: 4 } as const;

/** A DHCP unique identifier. */
export const identifier: Value = (p, offset, length) => {
  if (length < 2) return Result.ODD;
  const rest = (from: number): string => hexBytes(p, offset + from, length - from);
  const type = p.u16(offset);
  switch (type) {
    case Identifier.LINK_TIME:
      if (length < 8) return Result.ODD;
      p.text(` hwaddr/time type ${p.u16(offset + 2)} time ${p.u32(offset + 4)} ${rest(8)}`);
      return Result.GOOD;
    case Identifier.ENTERPRISE:
      if (length < 6) return Result.ODD;
      p.text(` enterprise ${p.u32(offset + 2)} ${rest(6)}`);
      return Result.GOOD;
    case Identifier.LINK:
      if (length < 4) return Result.ODD;
      p.text(` hwaddr type ${p.u16(offset + 2)} ${rest(4)}`);
      return Result.GOOD;
    case Identifier.UUID:
      p.text(' uuid ');
      if (length !== 18) return Result.ODD;
      p.text(rest(2));
      return Result.GOOD;
    default:
      p.text(` type ${type}`);
      return Result.GOOD;
  }
};

/** Words in hexadecimal, a space before each. */
const words = (p: Printer, offset: number, count: number): string =>
  Array.from({ length: count }, (_, i) => ` ${hex(p.u32(offset + 4 * i), 8)}`).join('');

const Protocol = { DELAYED: 2, RECONFIGURE: 3 } as const;
const PROTOCOLS: Words = { 2: 'delayed', 3: 'reconfigure' };
const KEYS: Words = { 1: ' reconfig-key', 2: ' type: HMAC-MD5' };

export const authentication: Value = (p, offset, length) => {
  if (length < 11) return Result.ODD;
  const protocol = p.u8(offset);
  p.text(` proto: ${wordOf(PROTOCOLS, protocol, '%u')}`);
  p.text(`, alg: ${wordOf({ 1: 'HMAC-MD5' }, p.u8(offset + 1), '%u')}`);
  p.text(`, RDM: ${wordOf({ 0: 'mono' }, p.u8(offset + 2), '%u')}, RD:`);
  for (let i = 0; i < 4; i++) p.text(` ${hex(p.u16(offset + 3 + 2 * i), 4)}`);
  const at = offset + 11;
  const left = length - 11;
  if (protocol === Protocol.DELAYED && left === 0) return Result.GOOD;
  if (protocol === Protocol.DELAYED && left >= 20) {
    const realm = left - 20;
    if (realm > 0) p.text(`, realm: ${hexBytes(p, at, realm)}`);
    p.text(`, key ID:${words(p, at + realm, 1)}, HMAC-MD5:${words(p, at + realm + 4, 4)}`);
  } else if (protocol === Protocol.RECONFIGURE && left === 17) {
    p.text(`${KEYS[p.u8(at)] ?? ' type: ??'} value:${words(p, at + 1, 4)}`);
  } else p.text(' ??');
  return Result.GOOD;
};

/** Bytes in hexadecimal, ten at most unless -vv. */
function shortHex(p: Printer, offset: number, length: number): void {
  const whole = p.options.verbose > 1 || length <= 10;
  p.text(hexBytes(p, offset, whole ? length : 10));
  if (!whole) p.text('...');
}

export const bytes: Value = (p, offset, length) => {
  p.char(32);
  shortHex(p, offset, length);
  return Result.GOOD;
};

export const remote: Value = (p, offset, length) => {
  if (length < 4) return Result.ODD;
  p.text(` ${p.u32(offset)} `);
  shortHex(p, offset + 4, length - 4);
  return Result.GOOD;
};

export const relayData: Value = (p, offset, length) => {
  if (length < 16) return Result.ODD;
  p.text(` ${ipv6Text(p, offset)} `);
  shortHex(p, offset + 16, length - 16);
  return Result.GOOD;
};

export const addresses: Value = (p, offset, length) => {
  if (length % 16 !== 0) return Result.ODD;
  for (let i = 0; i < length; i += 16) p.text(` ${ipv6Text(p, offset + i)}`);
  return Result.GOOD;
};

/** A name as DNS has it; pointers do not belong there. @returns where it ends */
function domain(p: Printer, offset: number, end: number): number {
  p.char(32);
  return printDnsName(p, offset, end);
}

export const domains: Value = (p, offset, length) => {
  const end = offset + length;
  const whole = completes(() => {
    for (let at = offset; at < end; ) at = domain(p, at, end);
  });
  return whole ? Result.GOOD : Result.CUT;
};

const Time = { SERVER: 1, MULTICAST: 2, NAME: 3 } as const;

export const timeServers: Value = (p, offset, length) => {
  if (length < 4) return Result.ODD;
  const end = offset + length;
  for (let at = offset; at < end - 4; ) {
    const type = p.u16(at);
    const size = p.u16(at + 2);
    at += 4;
    if (size > end - at) return Result.CUT;
    p.text(` subopt:${type}`);
    if (type === Time.NAME) {
      const name = at;
      if (!completes(() => domain(p, name, name + size))) return Result.CUT;
    } else if ((type === Time.SERVER || type === Time.MULTICAST) && size === 16)
      p.text(` ${ipv6Text(p, at)}`);
    else p.text(' ?');
    at += size;
  }
  return Result.GOOD;
};

/** The name of an address family transition router: labels, dots between them. */
export const router: Value = (p, offset, length) => {
  if (length < 3) return Result.ODD;
  p.char(32);
  let at = offset;
  let left = length;
  while (left > 0) {
    const size = p.u8(at);
    if (size === 0) return Result.GOOD;
    if (size >= left - 1) return Result.ODD;
    p.safeUntilNul(at + 1, size);
    at += size + 1;
    left -= size + 1;
    if (p.u8(at) !== 0) p.char(46);
  }
  return Result.GOOD;
};

/** Text up to a zero byte, at least five bytes. */
export const text: Value = (p, offset, length) => {
  if (length < 5) return Result.ODD;
  p.char(32);
  p.safeUntilNul(offset, length);
  return Result.GOOD;
};

export const address: Value = (p, offset, length) => {
  p.char(32);
  p.safeBytes(offset, length);
  return Result.GOOD;
};

/** Texts with their lengths, commas between them. */
export const texts: Value = (p, offset, length) => {
  p.char(32);
  let left = length;
  for (let at = offset; left >= 2; ) {
    if (at > offset) p.char(44);
    const size = p.u16(at);
    if (size > left - 2) {
      p.text(' ?');
      return Result.ODD;
    }
    p.safeBytes(at + 2, size);
    at += size + 2;
    left -= size + 2;
  }
  return left === 0 ? Result.GOOD : Result.ODD;
};

/** Items of a vendor behind its number, each in parentheses, with their types if they have any. */
function vendor(typed: boolean, data: (p: Printer, offset: number, length: number) => void): Value {
  const header = typed ? 4 : 2;
  return (p, offset, length) => {
    if (length < 4) return Result.ODD;
    p.text(` enterprise ${p.u32(offset)}`);
    let left = length - 4;
    for (let at = offset + 4; left >= header; ) {
      const size = p.u16(at + header - 2);
      p.text(` (${typed ? `opt_${p.u16(at)} ` : ''}len ${size}`);
      left -= header;
      if (size > left) {
        p.text(' ?)');
        return Result.GOOD;
      }
      if (size > 0) {
        p.text(' data ');
        data(p, at + header, size);
      }
      p.char(41);
      at += header + size;
      left -= size;
    }
    return left === 0 ? Result.GOOD : Result.ODD;
  };
}

export const vendorClass = vendor(false, (p, offset, length) => p.safeBytes(offset, length));
export const vendorOptions = vendor(true, shortHex);

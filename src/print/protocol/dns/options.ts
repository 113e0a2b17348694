// EDNS options. Source: RFC 6891, RFC 5001, RFC 6975, RFC 7314, RFC 7828, RFC 7830, RFC 7871, RFC 7873, RFC 7901, RFC 8145.

import { completes, OVERRUN } from '../../endings.js';
import { captured, fixed, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printDnsName } from './name.js';

const Code = {
  DAU: 5,
  DHU: 6,
  N3U: 7,
  ECS: 8,
  EXPIRE: 9,
  COOKIE: 10,
  KEEPALIVE: 11,
  PADDING: 12,
  CHAIN: 13,
  KEYTAG: 14,
} as const;

const NAMES: Words = {
  1: 'LLQ',
  2: 'UL',
  3: 'NSID',
  5: 'DAU',
  6: 'DHU',
  7: 'N3U',
  8: 'ECS',
  9: 'EXPIRE',
  10: 'COOKIE',
  11: 'KEEPALIVE',
  12: 'PADDING',
  13: 'CHAIN',
  14: 'KEY-TAG',
  16: 'CLIENT-TAG',
  17: 'SERVER-TAG',
};
const SIGNATURES: Words = {
  0: 'DELETE',
  1: 'RSAMD5',
  2: 'DH',
  3: 'DS',
  5: 'RSASHA1',
  6: 'DSA-NSEC3-SHA1',
  7: 'RSASHA1-NSEC3-SHA1',
  8: 'RSASHA256',
  10: 'RSASHA512',
  12: 'ECC-GOST',
  13: 'ECDSAP256SHA256',
  14: 'ECDSAP384SHA384',
  15: 'ED25519',
  16: 'ED448',
  252: 'INDIRECT',
  253: 'PRIVATEDNS',
  254: 'PRIVATEOID',
};
const DIGESTS: Words = { 1: 'SHA-1', 2: 'SHA-256', 3: 'GOST_R_34.11-94', 4: 'SHA-384' };
const HASHES: Words = { 1: 'SHA-1' };

/** The options between `offset` and `end`, in brackets; OVERRUN when they are cut. */
export function ednsOptions(p: Printer, offset: number, end: number): void {
  let at = offset;
  p.text(' [');
  while (at < end) {
    if (!p.has(at, 2)) throw OVERRUN;
    const code = p.u16(at);
    p.text(wordOf(NAMES, code, 'Opt%u'));
    if (!p.has(at, 4)) throw OVERRUN;
    const size = p.u16(at + 2);
    at += 4;
    if (!p.has(at, size)) throw OVERRUN;
    if (size > 0) {
      p.char(32);
      value(p, code, at, size);
    }
    at += size;
    if (at < end) p.char(44);
  }
  p.char(93);
}

function value(p: Printer, code: number, at: number, size: number): void {
  switch (code) {
    case Code.ECS:
      clientSubnet(p, at, size);
      return;
    case Code.COOKIE:
      if (size < 8 || (size > 8 && size < 16) || size > 40) {
        p.invalid();
        return;
      }
      hexDigits(p, at, 8);
      if (size > 8) {
        p.char(32);
        hexDigits(p, at + 8, size - 8);
      }
      return;
    case Code.KEEPALIVE:
      if (size !== 2) {
        p.invalid();
        return;
      }
      p.text(`${fixed(p.u16(at) / 10, 1)} sec`);
      return;
    case Code.EXPIRE:
      if (size !== 4) {
        p.invalid();
        return;
      }
      p.text(`${p.u32(at)} sec`);
      return;
    case Code.PADDING:
      p.text(`(${size})`);
      return;
    case Code.KEYTAG:
      if (size % 2 !== 0) {
        p.invalid();
        return;
      }
      for (let i = 0; i < size; i += 2) p.text(`${i > 0 ? ' ' : ''}${p.u16(at + i)}`);
      return;
    case Code.DAU:
      algorithms(p, SIGNATURES, at, size);
      return;
    case Code.DHU:
      algorithms(p, DIGESTS, at, size);
      return;
    case Code.N3U:
      algorithms(p, HASHES, at, size);
      return;
    case Code.CHAIN:
      // Pointers count from the end of the option: none of them is valid but in what follows. A wrong name ends itself alone.
      completes(() => printDnsName(p, at, at + size));
      return;
    default:
      hexDigits(p, at, size);
  }
}

function hexDigits(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) p.hex0(p.u8(at + i), 2);
}

function algorithms(p: Printer, words: Words, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    if (i > 0) p.char(32);
    p.word(words, p.u8(at + i), 'Alg_%u');
  }
}

function clientSubnet(p: Printer, at: number, size: number): void {
  if (size < 4) {
    p.invalid();
    return;
  }
  const family = p.u16(at);
  const source = p.u8(at + 2);
  const scope = p.u8(at + 3);
  const bits = family === 1 ? 32 : family === 2 ? 128 : 0;
  const right = size - 4 <= bits / 8 && source <= bits && scope <= bits && (source + 7) >> 3 === size - 4;
  if (bits === 0 || !right) {
    p.invalid();
    return;
  }
  const address = new Uint8Array(16);
  address.set(p.view(at + 4, size - 4));
  p.pushBuffer(address);
  const text = captured(p, () => (family === 1 ? p.ipv4Number(0) : p.ipv6Number(0)));
  p.pop();
  p.text(`${text}/${source}/${scope}`);
}

// Node information queries and replies, and router renumbering, in ICMPv6. Source: RFC 4620, RFC 2894.

import { bitsOf, hex } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';

const HEADER = 16;
const QUERY = 139;
/** What a message is about. */
const Subject = { NOTHING: 0, NAME: 2, ADDRESSES: 3, ADDRESSES_4: 4 } as const;
const SUBJECTS: Words = { 0: 'noop', 2: 'node name', 3: 'node addresses', 4: 'ipv4 addresses' };
const TRUNCATE = 1;
const FLAGS: Bits = [
  [1, 'T'],
  [2, 'A'],
  [4, 'C'],
  [8, 'L'],
  [16, 'S'],
  [32, 'G'],
];
const FLAGS_4 = FLAGS.slice(0, 2);

export function nodeInformation(p: Printer, offset: number, length: number): void {
  if (p.u8(offset) === QUERY) query(p, offset);
  else reply(p, offset, length);
}

function flagText(p: Printer, flags: number, bits: Bits): void {
  if (flags !== 0) p.text(` [${bitsOf(bits, flags, 'none', '')}]`);
}

function query(p: Printer, offset: number): void {
  const size = p.snapEnd - offset;
  const verbose = p.options.verbose > 0;
  if (size === 12) {
    p.text(' who-are-you request');
    return;
  }
  if (!p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  const about = p.u16(offset + 4);
  p.text(` (${SUBJECTS[about] ?? 'unknown'}`);
  if (about === Subject.ADDRESSES || about === Subject.ADDRESSES_4) {
    const flags = p.u16(offset + 6);
    flagText(p, flags, about === Subject.ADDRESSES ? FLAGS : FLAGS_4);
    if ((flags & TRUNCATE) !== 0) p.text(' [invalid flag Truncate present]');
  }
  if (about === Subject.NOTHING) {
    if (size !== HEADER && verbose) p.text(', invalid len');
    p.char(41);
    return;
  }
  const at = offset + HEADER;
  switch (p.u8(offset + 1)) {
    case 0:
      subject(p, size, 16, () => p.ipv6(at));
      break;
    case 1:
      p.text(', subject=DNS name');
      name(p, at);
      break;
    case 2:
      subject(p, size, 4, () => p.ipv4(at));
      break;
    default:
      p.text(', unknown subject');
  }
  p.char(41);
}

/** The address that a query of `size` bytes is about. */
function subject(p: Printer, size: number, length: number, write: () => void): void {
  if (size < HEADER + length) return;
  if (size !== HEADER + length) {
    if (p.options.verbose > 0) p.text(', invalid subject len');
    return;
  }
  p.text(', subject=');
  write();
}

function reply(p: Printer, offset: number, length: number): void {
  const size = p.snapEnd - offset;
  if (length > size || size < HEADER) {
    p.truncated();
    return;
  }
  const verbose = p.options.verbose > 0;
  p.text(' (');
  const code = p.u8(offset + 1);
  if (code !== 0) {
    if (code === 1 || code === 2) {
      p.text(code === 1 ? 'refused' : 'unknown');
      if (size !== HEADER && verbose) p.text(', invalid length');
    }
    p.char(41);
    return;
  }
  if (verbose) p.text('success, ');
  const about = p.u16(offset + 4);
  const flags = p.u16(offset + 6);
  p.text(SUBJECTS[about] ?? 'unknown');
  const at = offset + HEADER;
  switch (about) {
    case Subject.NOTHING:
      if (size !== HEADER && verbose) p.text(', invalid length');
      break;
    case Subject.NAME:
      name(p, at + 4);
      if ((flags & 1) !== 0) p.text(` [TTL=${p.u32(at)}]`);
      break;
    case Subject.ADDRESSES:
      flagText(p, flags, FLAGS);
      for (let i = at; i + 20 <= p.snapEnd; i += 20) {
        p.char(32);
        p.ipv6(i + 4);
        p.text(`(${p.u32(i)})`);
      }
      break;
    case Subject.ADDRESSES_4:
      flagText(p, flags, FLAGS);
      for (let i = at; i < p.snapEnd; i += 8) {
        p.need(i, 8);
        p.char(32);
        p.ipv4(i + 4);
        p.text(`(${p.u32(i)})`);
      }
      break;
    default:
  }
  p.char(41);
}

/** A name in labels, without pointers, up to the end of the packet. */
function name(p: Printer, offset: number): void {
  const end = p.snapEnd;
  let at = offset;
  p.text(', "');
  while (at < end) {
    const size = p.u8(at++);
    if (size === 0) {
      if (at === end) p.char(46);
      else if (at + 1 !== end || p.u8(at) !== 0) p.text('???');
      break;
    }
    if (size > end - at) {
      p.text('???');
      break;
    }
    p.safeBytes(at, size);
    at += size;
    if (at + 1 < end && p.u8(at) !== 0) p.char(46);
  }
  p.char(34);
}

const RENUMBERING: Words = { 0: 'command', 1: 'result', 255: 'sequence number reset' };
const RENUMBERING_FLAGS: Bits = [
  [0x80, 'T'],
  [0x40, 'R'],
  [0x20, 'A'],
  [0x10, 'S'],
  [0x08, 'P'],
];
const OPERATIONS: Words = { 1: 'add', 2: 'change', 3: 'setglobal' };
const MATCH = 24;
const USE = 32;

export function routerRenumbering(p: Printer, offset: number): void {
  const { verbose } = p.options;
  if (!p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  const code = p.u8(offset + 1);
  p.text(`, ${RENUMBERING[code] ?? `code-#${code}`}, seq=${p.u32(offset + 4)}`);
  if (verbose > 0) {
    const flags = p.u8(offset + 9);
    p.char(91);
    if (flags !== 0) p.text(`${bitsOf(RENUMBERING_FLAGS, flags, 'none', '')},`);
    p.text(`seg=${p.u8(offset + 8)},maxdelay=${p.u16(offset + 10)}`);
    const reserved = p.u32(offset + 12);
    if (reserved !== 0) p.text(`rsvd=0x${hex(reserved)}`);
    p.char(93);
  }
  if (code !== 0) return;
  const line = verbose > 1 ? '\n\t' : ' ';
  const match = offset + HEADER;
  if (!p.has(match, MATCH)) {
    p.truncated();
    return;
  }
  const operation = p.u8(match);
  p.text(`${line}match(${OPERATIONS[operation] ?? `#${operation}`}`);
  if (verbose > 0) p.text(`,ord=${p.u8(match + 2)},min=${p.u8(match + 4)},max=${p.u8(match + 5)}`);
  p.char(44);
  p.ipv6Number(match + 8);
  p.text(`/${p.u8(match + 3)})`);
  const words = p.u8(match + 1) - 3;
  if (words % 4 !== 0) {
    p.truncated();
    return;
  }
  for (let i = 0; i < words / 4; i++) {
    const at = match + MATCH + USE * i;
    if (!p.has(at, USE)) {
      p.truncated();
      return;
    }
    use(p, at, line);
  }
}

/** A prefix that the matched one makes. */
function use(p: Printer, at: number, line: string): void {
  const flags = p.u8(at + 12);
  p.text(`${line}use(`);
  if (flags !== 0) p.text(`${(flags & 0x80) !== 0 ? 'V' : ''}${(flags & 0x40) !== 0 ? 'P' : ''},`);
  if (p.options.verbose > 0) {
    p.text(`mask=0x${hex(p.u8(at + 2))},raflags=0x${hex(p.u8(at + 3))},`);
    p.text(`vltime=${time(p.u32(at + 4))},pltime=${time(p.u32(at + 8))},`);
  }
  p.ipv6Number(at + 16);
  p.text(`/${p.u8(at)}/${p.u8(at + 1)})`);
}

function time(seconds: number): string {
  return seconds === 0xffffffff ? 'infty' : String(seconds);
}

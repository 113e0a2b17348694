// Strings and NetBIOS names. Source: RFC 1001 section 14.1 and RFC 1002 section 4.1 (names), MS-CIFS section 2.2.1.1.

import type { Printer, Words } from '../../printer.js';
import { CUT } from './layout.js';
import type { SmbState } from './state.js';

/** Characters of a string that are shown. */
const MOST_SHOWN = 1000;

/** What a typed string may begin with: the data types "dialect" and "ASCII string". */
const STRING_TYPES = [2, 4];

const NAME = 16;
const NAME_SHOWN = 15;
/** A pointer instead of a label. */
const POINTER = 0xc0;
/** Half-bytes in letters from A to P; a name has thirty at most here. */
const MOST_PAIRS = 30;
const LETTER_A = 0x41;
const LETTER_P = 0x50;
const NAME_TYPES: Words = {
  0x00: 'Workstation',
  0x03: 'Client?',
  0x1b: 'Domain Controller',
  0x1d: 'Master Browser',
  0x1e: 'Browser Server',
  0x20: 'Server',
};

function shownCharacter(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}

/** UTF-16 begins at an even place of the message. @returns where, or CUT */
function aligned(s: SmbState, at: number, unicode: boolean): number {
  if (!unicode || (at - s.start) % 2 === 0) return at;
  return s.p.has(at, 1) ? at + 1 : CUT;
}

/** A string that a zero ends. */
export function zeroTerminated(s: SmbState, from: number, unicode: boolean): number {
  const { p } = s;
  let at = aligned(s, from, unicode);
  if (at === CUT) return CUT;
  let shown = '';
  for (;;) {
    const code = unicode ? p.le16(at) : p.u8(at);
    at += unicode ? 2 : 1;
    if (code === 0) break;
    if (shown.length < MOST_SHOWN) shown += shownCharacter(code);
  }
  p.text(shown);
  return at;
}

export function typedString(s: SmbState, at: number, end: number, unicode: boolean): number {
  const type = s.p.u8(at);
  if (STRING_TYPES.includes(type)) return zeroTerminated(s, at + 1, unicode);
  s.p.text(`Error! ASCIIZ buffer of type ${type}`);
  return end;
}

/** A string as long as a field before it says; a zero in it ends what is shown. */
export function countedString(s: SmbState, from: number): number {
  const { p, unicode } = s;
  if (s.stringLength < 0) {
    p.text('{stringlen not set}');
    return CUT;
  }
  let at = aligned(s, from, unicode);
  if (at === CUT) return CUT;
  const size = unicode ? 2 : 1;
  let left = s.stringLength;
  let shown = '';
  while (left >= size) {
    const code = unicode ? p.le16(at) : p.u8(at);
    at += size;
    left -= size;
    if (code === 0) break;
    if (shown.length < MOST_SHOWN) shown += shownCharacter(code);
  }
  p.text(shown);
  return p.has(at, left) ? at + left : CUT;
}

/** `count` bytes of text up to a zero, filled up with spaces. */
export function paddedText(s: SmbState, at: number, count: number): number {
  if (!s.p.has(at, count)) return CUT;
  padded(s.p, s.p.view(at, count), count);
  return at + count;
}

function padded(p: Printer, bytes: Uint8Array, width: number): void {
  let length = 0;
  while (length < width && length < bytes.length && bytes[length] !== 0) p.safeChar(bytes[length++]!);
  p.text(' '.repeat(width - length));
}

function nameType(p: Printer, type: number): void {
  p.text(
    ` NameType=0x${type.toString(16).toUpperCase().padStart(2, '0')} (${NAME_TYPES[type] ?? 'Unknown'})`,
  );
}

/** Sixteen bytes, the last of which is the name's type. */
export function plainName(s: SmbState, at: number): number {
  const { p } = s;
  const type = p.u8(at + NAME - 1);
  padded(p, p.view(at, NAME_SHOWN), NAME_SHOWN);
  nameType(p, type);
  return at + NAME;
}

/** A name whose half-bytes are letters, there or where a pointer says. */
export function encodedName(s: SmbState, at: number, end: number): number {
  const { p } = s;
  let place = at;
  if ((p.u8(at) & POINTER) === POINTER) {
    if (!p.has(at, 2) || at + 1 >= end) return CUT;
    const pointer = p.u16(at) & 0x3fff;
    place = s.start + pointer;
    // One that leads to the beginning leads to itself.
    if (pointer === 0 || place >= end || !p.has(place, 1)) return CUT;
  }
  const name = decoded(p, place, end);
  const after = behindName(p, at, end);
  // A type above 0x7f is taken for a name that is cut, as tcpdump on x86 takes it.
  if (name === null || name.type > 0x7f || after === CUT) return CUT;
  padded(p, name.bytes, NAME_SHOWN);
  nameType(p, name.type);
  return after;
}

/** The bytes of an encoded name up to what is no letter of it, and the last as its type; null when it is cut. */
function decoded(p: Printer, at: number, end: number): { bytes: Uint8Array; type: number } | null {
  const pairs = p.u8(at) >> 1;
  const bytes = new Uint8Array(pairs > MOST_PAIRS ? 0 : pairs);
  for (let i = 0; i < bytes.length; i++) {
    const place = at + 1 + 2 * i;
    if (!p.has(place, 2) || place + 1 >= end) return null;
    const high = p.u8(place);
    const low = p.u8(place + 1);
    if (Math.min(high, low) < LETTER_A || Math.max(high, low) > LETTER_P)
      return { bytes: bytes.subarray(0, i), type: 0 };
    bytes[i] = ((high - LETTER_A) << 4) | (low - LETTER_A);
  }
  return { bytes, type: bytes.at(-1) ?? 0 };
}

/** Where an encoded name's labels, or its pointer, end; CUT when they do not. */
function behindName(p: Printer, from: number, end: number): number {
  let at = from;
  if ((p.u8(at) & POINTER) === POINTER) return at + 2;
  for (let size = p.u8(at); size !== 0; size = p.u8(at)) {
    if (at >= end) return CUT;
    at += size + 1;
    if (!p.has(at, 1)) return CUT;
  }
  return at + 1;
}

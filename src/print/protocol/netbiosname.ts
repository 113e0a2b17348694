// Names of NetBIOS: each half byte is a letter from A to P, and the sixteenth byte says what the name is of. Source:
// RFC 1001, RFC 1002.

import type { Printer, Words } from '../printer.js';

const A = 65;
const P = 80;
/** Bytes of a name that are read. */
const MOST = 30;
const POINTER = 0xc0;
const TYPES: Words = {
  0: 'Workstation',
  3: 'Client?',
  32: 'Server',
  27: 'Domain Controller',
  29: 'Master Browser',
  30: 'Browser Server',
};

/** A name, its last byte too. */
export interface NetbiosName {
  readonly text: string;
  readonly type: number;
}

/** What a name is of. */
export function nameType(type: number): string {
  return TYPES[type] ?? 'Unknown';
}

/**
 * The name at `offset`, or where a pointer there says from `start`; null when it goes past `end` or was cut, or its type
 * is none. A name that breaks the rules is empty.
 */
export function readName(p: Printer, start: number, offset: number, end: number): NetbiosName | null {
  const from = follow(p, start, offset, end);
  if (from === null) return null;
  const length = p.u8(from) >> 1;
  if (length > MOST || length === 0) return { text: '', type: 0 };
  let text = '';
  for (let at = from + 1, i = 0; i < length; i++, at += 2) {
    if (!p.has(at, 2) || at + 1 >= end) return null;
    const [high, low] = [p.u8(at), p.u8(at + 1)];
    if (high < A || high > P || low < A || low > P) return { text: '', type: 0 };
    text += String.fromCharCode(((high - A) << 4) | (low - A));
  }
  const type = text.charCodeAt(length - 1);
  return type > 0x7f ? null : { text, type };
}

/** Where a name's first byte is, null when that is not in the message. */
function follow(p: Printer, start: number, offset: number, end: number): number | null {
  if (offset >= end) return null;
  if ((p.u8(offset) & POINTER) !== POINTER) return offset;
  if (!p.has(offset, 2) || offset + 1 >= end) return null;
  const target = p.u16(offset) & 0x3fff;
  if (target === 0 || start + target >= end || !p.has(start + target, 1)) return null;
  return start + target;
}

/** Bytes that the name at `offset` takes up, null when it goes past `end` or was cut. */
export function nameLength(p: Printer, offset: number, end: number): number | null {
  if (offset >= end) return null;
  if ((p.u8(offset) & POINTER) === POINTER) return 2;
  let at = offset;
  for (;;) {
    const length = p.u8(at);
    if (length === 0) return at - offset + 1;
    if (at >= end) return null;
    at += length + 1;
    if (!p.has(at, 1)) return null;
  }
}

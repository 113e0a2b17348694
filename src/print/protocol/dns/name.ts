// Names of DNS: labels, pointers to earlier ones, bit-string labels. Source: RFC 1035 section 4.1.4, RFC 2673.

import { OVERRUN } from '../../endings.js';
import type { Printer } from '../../printer.js';

/** The two upper bits of a label's first byte. */
const Kind = { MASK: 0xc0, LABEL: 0x00, EXTENDED: 0x40, RESERVED: 0x80, POINTER: 0xc0 } as const;
/** The one extended label there is. */
const BIT_STRING = 1;
const MOST = 255;

/** Where a name ends, null when that cannot be told. */
export function dnsNameEnd(p: Printer, offset: number): number | null {
  let at = offset;
  for (;;) {
    if (!p.has(at, 1)) return null;
    const size = p.u8(at++);
    if (size === 0) return at;
    switch (size & Kind.MASK) {
      case Kind.POINTER:
        return at + 1;
      case Kind.EXTENDED:
        if ((size & ~Kind.MASK) !== BIT_STRING || !p.has(at, 1)) return null;
        at += 1 + (((p.u8(at) || 256) + 7) >> 3);
        break;
      case Kind.RESERVED:
        return null;
      default:
        at += size;
    }
  }
}

/** Bytes of a label behind its first one; a pointer's do not matter. OVERRUN and a word for one that is none. */
function labelSize(p: Printer, at: number): number {
  if (!p.has(at, 1)) throw OVERRUN;
  const size = p.u8(at);
  switch (size & Kind.MASK) {
    case Kind.EXTENDED:
      if ((size & ~Kind.MASK) !== BIT_STRING) {
        p.text(`<ELT ${size & ~Kind.MASK}>`);
        throw OVERRUN;
      }
      if (!p.has(at + 1, 1)) throw OVERRUN;
      return (((p.u8(at + 1) || 256) + 7) >> 3) + 1;
    case Kind.RESERVED:
      p.text('<BAD LABEL TYPE>');
      throw OVERRUN;
    default:
      return size;
  }
}

/**
 * Writes a name; OVERRUN when it cannot be read to its end.
 * @param message where pointers count from
 * @returns where the bytes after it begin
 */
export function printDnsName(p: Printer, offset: number, message: number): number {
  let at = offset;
  let size = labelSize(p, at);
  let lowest = at - message;
  let first = p.u8(at++);
  // What a pointer leads to does not lie behind it: the name ends with the first pointer.
  let pointed = false;
  let after = at + size;
  let written = 0;
  if (first === 0) {
    p.char(46);
    return after;
  }
  while (first !== 0 && at < p.snapEnd) {
    if ((first & Kind.MASK) === Kind.POINTER) {
      if (!pointed) after = at + 1;
      pointed = true;
      const target = ((first << 8) | p.u8(at)) & 0x3fff;
      // A pointer goes back, and farther back than the one before it: no loops.
      if (target >= lowest) {
        p.text('<BAD PTR>');
        throw OVERRUN;
      }
      lowest = target;
      at = message + target;
      size = labelSize(p, at);
      first = p.u8(at++);
      continue;
    }
    if ((first & Kind.MASK) === Kind.EXTENDED) bitString(p, at);
    else {
      if (written < MOST) availableBytes(p, at, Math.min(size, MOST - written));
      written += size;
    }
    at += size;
    if (written <= MOST) p.char(46);
    written++;
    size = labelSize(p, at);
    first = p.u8(at++);
    if (!pointed) after += size + 1;
  }
  if (written > MOST) p.text('<DOMAIN NAME TOO LONG>');
  return after;
}

/** Those of `count` bytes that were captured, as safe text; OVERRUN when they are not all (nd_printn). */
export function availableBytes(p: Printer, at: number, count: number): void {
  const captured = p.available(at);
  p.safeBytes(at, Math.min(count, captured));
  if (count > captured) throw OVERRUN;
}

/** A bit-string label: its length in bits, and the bits. */
function bitString(p: Printer, at: number): void {
  const bits = p.u8(at) || 256;
  // tcpdump reads no more bytes than there are digits of four bits.
  const end = at + 1 + ((bits + 3) >> 2);
  p.text('\\[x');
  let left = bits;
  let i = at + 1;
  for (; i < end && left > 7; left -= 8) p.hex0(p.u8(i++), 2);
  if (left > 4) p.hex0(p.u8(i) & ((0xff << (8 - left)) & 0xffff), 2);
  else if (left > 0) p.hex((p.u8(i) >> 4) & (0x0f << (4 - left)) & 0x0f);
  p.text(`/${bits}]`);
}

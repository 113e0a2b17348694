// What routes are made of: AS numbers, prefixes, route distinguishers. Source: RFC 4271 (4.3), 4364 (4.2), 5396.

import { OVERRUN } from '../../endings.js';
import { captured, hexOf, ipv4Text, ipv6Text } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** A prefix as text and the bytes it takes. */
export interface Prefix {
  readonly text: string;
  readonly size: number;
}

/** An AS number, with -b in two halves when it needs them. */
export function asText(p: Printer, number: number): string {
  return p.options.asDot && number > 0xffff ? `${number >>> 16}.${number & 0xffff}` : String(number);
}

/** The first `bits` bits at `at`, behind them zeros up to `size` bytes. */
export function maskedBytes(p: Printer, at: number, bits: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const used = Math.ceil(bits / 8);
  bytes.set(p.view(at, used));
  if (bits % 8 !== 0) bytes[used - 1]! &= 0xff00 >> (bits % 8);
  return bytes;
}

/** The address that begins with the `bits` bits at `at`, and its length in bits. `width`: 4 or 16 bytes. */
export function maskedAddress(p: Printer, at: number, bits: number, width: number): string {
  p.pushBuffer(maskedBytes(p, at, bits, width));
  const text = width === 4 ? ipv4Text(p, 0) : ipv6Text(p, 0);
  p.pop();
  return `${text}/${bits}`;
}

/**
 * A prefix with its length in front.
 * @param left bytes it may take at most: OVERRUN is thrown where it needs more
 * @param width 4 or 16 bytes
 * @returns null when it has more bits than an address
 */
export function prefix(p: Printer, at: number, left: number, width: number): Prefix | null {
  if (left < 1) throw OVERRUN;
  const bits = p.u8(at);
  if (bits > width * 8) return null;
  const used = Math.ceil(bits / 8);
  if (left - 1 < used) throw OVERRUN;
  return { text: maskedAddress(p, at + 1, bits, width), size: 1 + used };
}

/** A route distinguisher of eight bytes. */
export function rdText(p: Printer, at: number): string {
  const dotted = (offset: number) => captured(p, () => p.ipv4Number(offset));
  switch (p.u16(at)) {
    case 0:
      return `${p.u16(at + 2)}:${p.u32(at + 4)} (= ${dotted(at + 4)})`;
    case 1:
      return `${dotted(at + 2)}:${p.u16(at + 6)}`;
    case 2: {
      const number = p.u16(at + 6);
      return `${asText(p, p.u32(at + 2))}:${number} (${dotted(at + 2)}:${number})`;
    }
    default:
      return 'unknown RD format';
  }
}

const NSAP_MOST = 20;

/** An address of OSI's network service in hexadecimal, a dot behind the first byte and then behind every second. */
export function nsapText(bytes: Uint8Array): string {
  if (bytes.length < 1 || bytes.length > NSAP_MOST) return 'isonsap_string: illegal length';
  const digits = hexOf(bytes);
  const rest = digits.slice(2).match(/.{1,4}/g) ?? [];
  return [digits.slice(0, 2), ...rest].join('.');
}

/** Whether a path identifier stands in front of every prefix of up to `most` bits (RFC 7911): nothing but the sense of
 * what follows tells. */
export function hasPathIds(p: Printer, at: number, length: number, most: number): boolean {
  if (length < 5) return false;
  if (!makeSense(p, at, length, 4, 0, most)) return false;
  // A default route among others makes no sense: then it is the first byte of an identifier.
  return !makeSense(p, at, length, 0, 1, most);
}

/** Whether `length` bytes are prefixes of `least` to `most` bits, each behind `skipped` bytes; unknown ones may be. */
function makeSense(
  p: Printer,
  at: number,
  length: number,
  skipped: number,
  least: number,
  most: number,
): boolean {
  let offset = 0;
  while (offset < length) {
    offset += skipped;
    if (!p.has(at + offset, 1)) break;
    const bits = p.u8(at + offset);
    if (bits < least || bits > most) return false;
    offset += 1 + Math.ceil(bits / 8);
  }
  return offset <= length;
}

// What printers put into template strings. Everything here is read, and checked, before a byte is written: a cut
// packet then ends where tcpdump's does, in front of the whole statement and not in its middle.

import { type Bits, formatFallback, type Printer, type Words } from './printer.js';

/** What `write` would have written, as a string. */
export function captured(p: Printer, write: () => void): string {
  const start = p.pos;
  write();
  const text = p.since(start);
  p.pos = start;
  return text;
}

/** IPv4 address, by name where names are wanted. */
export function ipv4Text(p: Printer, offset: number): string {
  return captured(p, () => p.ipv4(offset));
}

/** IPv6 address, by name where names are wanted. */
export function ipv6Text(p: Printer, offset: number): string {
  return captured(p, () => p.ipv6(offset));
}

/** Ethernet address. */
export function macText(p: Printer, offset: number): string {
  return captured(p, () => p.mac(offset));
}

/** The word of `value`, or `fallback` filled with it. */
export function wordOf(words: Words, value: number, fallback: string): string {
  return words[value] ?? formatFallback(fallback, value);
}

/** The words of the set bits with `separator` between them, or `fallback` filled with the value. */
export function bitsOf(bits: Bits, value: number, fallback: string, separator = ', '): string {
  const words: string[] = [];
  for (const [mask, word] of bits) if (mask !== 0 && (value & mask) >>> 0 === mask >>> 0) words.push(word);
  return words.length === 0 ? formatFallback(fallback, value) : words.join(separator);
}

/** Words of the numbers from `first` on, as `one|two||four`; gaps are empty. For tables of names. */
export function counted(first: number, words: string): Words {
  const named = words.split('|').map((word, i) => [first + i, word] as const);
  return Object.fromEntries(named.filter(([, word]) => word !== ''));
}

/** %x, at least `width` digits. */
export function hex(value: number, width = 0): string {
  return (value >>> 0).toString(16).padStart(width, '0');
}

const HEX2: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes in hexadecimal without anything between them. */
export function hexOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += HEX2[bytes[i]!]!;
  return text;
}

/** `length` bytes in hexadecimal without anything between them. */
export function hexBytes(p: Printer, offset: number, length: number): string {
  p.need(offset, length);
  return hexOf(p.buffer, offset, offset + length);
}

/** The bytes of a text, one of each character. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The text of bytes, one character of each. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** ` [name value < limit]` and true, when `value` is too small (ND_ICHECK_U). */
export function below(p: Printer, name: string, value: number, limit: number): boolean {
  if (value >= limit) return false;
  p.text(` [${name} ${value} < ${limit}]`);
  return true;
}

/** %.Nf: as C rounds, exact halves to the even digit. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const rounded = value.toFixed(digits);
  const exact = value.toFixed(digits + 20);
  if (!exact.endsWith(`5${'0'.repeat(19)}`)) return rounded;
  const below = exact.slice(0, -20);
  return Number(below.at(-1)) % 2 === 0 ? (digits === 0 ? below.slice(0, -1) : below) : rounded;
}

/** Bits of an IPv4 netmask, -1 when they are not together (mask2plen). */
export function maskLength4(mask: number): number {
  const length = Math.clz32(~mask);
  return (length === 32 ? 0 : (mask << length) >>> 0) === 0 ? length : -1;
}

/** Bits of an IPv6 netmask up to the first byte that is not full (mask62plen). */
export function maskLength6(p: Printer, offset: number): number {
  let length = 0;
  for (let i = 0; i < 16; i++) {
    const byte = p.u8(offset + i);
    length += Math.max(0, maskLength4((byte << 24) >>> 0));
    if (byte !== 0xff) break;
  }
  return length;
}

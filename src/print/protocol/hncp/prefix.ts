// Prefixes, addresses and names in HNCP. Source: RFC 7788, RFC 4291 (IPv4 in IPv6), RFC 1035.

import { OVERRUN } from '../../endings.js';
import { ipv4Text, ipv6Text } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** Bytes in front of an IPv4 address in an IPv6 one, and their bits. */
const MAPPED = 12;
const MAPPED_BITS = 96;

function isMapped(p: Printer, at: number): boolean {
  for (let i = 0; i < MAPPED; i++) if (p.u8(at + i) !== (i < 10 ? 0 : 0xff)) return false;
  return true;
}

/** An IPv6 address, or the IPv4 address in it. */
export function mappedAddress(p: Printer, at: number): string {
  return isMapped(p, at) ? ipv4Text(p, at + MAPPED) : ipv6Text(p, at);
}

/**
 * Writes a prefix: its length in bits and as many bytes as these need; OVERRUN when these are not all there.
 * @param size bytes there are
 * @returns bytes used, null when it is longer than its addresses
 */
export function prefix(p: Printer, at: number, size: number): number | null {
  const bits = p.u8(at);
  const mapped = bits >= MAPPED_BITS && size > MAPPED && isMapped(p, at + 1);
  const front = mapped ? MAPPED : 0;
  const rest = bits - front * 8;
  if (rest > (mapped ? 32 : 128)) return null;
  const stored = (rest + 7) >> 3;
  if (size - 1 < front + stored) throw OVERRUN;
  const address = new Uint8Array(mapped ? 4 : 16);
  address.set(p.view(at + 1 + front, stored));
  if (rest % 8 !== 0) address[stored - 1]! &= (0xff00 >> (rest % 8)) & 0xff;
  p.pushBuffer(address);
  const text = mapped ? ipv4Text(p, 0) : ipv6Text(p, 0);
  p.pop();
  p.text(`${text}/${rest}`);
  return 1 + front + stored;
}

/** Writes a name without pointers; OVERRUN when it does not end, behind a mark. @returns bytes used */
export function dnsLabels(p: Printer, at: number, size: number): number {
  let used = 0;
  while (used < size) {
    const length = p.u8(at + used);
    used++;
    if (length === 0) return used;
    if (used > 1) p.char(46);
    if (used + length > size) {
      p.safeUntilNul(at + used, size - used);
      break;
    }
    p.safeUntilNul(at + used, length);
    used += length;
  }
  p.text('[|DNS]');
  throw OVERRUN;
}

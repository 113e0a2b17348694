// Addresses in PGM: their families and texts. Source: RFC 3208, section 8.

import { captured } from '../../inline.js';
import { type Printer, TRUNCATED } from '../../printer.js';
import { AddressFamily } from '../../tables/addressfamilies.js';

/** Bytes of an address of a family. tcpdump takes a packet with another one for a cut one. */
export function familyWidth(family: number): number {
  if (family === AddressFamily.IP) return 4;
  if (family === AddressFamily.IP6) return 16;
  throw TRUNCATED;
}

/** An address, always a number. */
export function numericAddress(p: Printer, at: number, width: number): string {
  return captured(p, () => (width === 4 ? p.ipv4Number(at) : p.ipv6Number(at)));
}

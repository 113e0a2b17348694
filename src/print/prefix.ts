// Addresses that a packet has in part: prefixes without their zeros, and what is put together from several fields.

import { ipv4Text, ipv6Text } from './inline.js';
import type { Printer } from './printer.js';

/** The text of an IPv4 or IPv6 address, by its length, that is not in the packet as it is. */
export function addressText(p: Printer, address: Uint8Array): string {
  p.pushBuffer(address);
  const text = address.length === 4 ? ipv4Text(p, 0) : ipv6Text(p, 0);
  p.pop();
  return text;
}

/** The text of an address `width` bytes long of which the packet has the first `stored` ones, the others being zero. */
export function prefixText(p: Printer, offset: number, stored: number, width: 4 | 16): string {
  const address = new Uint8Array(width);
  address.set(p.view(offset, Math.min(stored, width)));
  return addressText(p, address);
}

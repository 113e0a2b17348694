// Addresses in their usual notation.

import { u16 } from '../../link.js';

const MAC = 6;

/** @returns an IPv4 address: 192.0.2.1 */
export function ipv4Text(b: Uint8Array, at: number): string {
  return `${b[at]!}.${b[at + 1]!}.${b[at + 2]!}.${b[at + 3]!}`;
}

/** @returns an IPv6 address as RFC 5952 has it: the longest run of zeros, of two groups at least, is left out */
export function ipv6Text(b: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => u16(b, at + 2 * i));
  let from = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > longest) {
      longest = run;
      from = i;
    }
    i += run;
  }
  // Addresses that hold an IPv4 address show it (RFC 5952 5).
  const mapped = from === 0 && longest === 5 && groups[5] === 0xffff;
  if (mapped) return `::ffff:${ipv4Text(b, at + 12)}`;
  const text = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':');
  if (from < 0) return text(groups);
  return `${text(groups.slice(0, from))}::${text(groups.slice(from + longest))}`;
}

/** @returns the address of an IP packet of a version */
export function addressText(b: Uint8Array, at: number, version: number): string {
  return version === 4 ? ipv4Text(b, at) : ipv6Text(b, at);
}

/** @returns a hardware address: 02:00:00:00:00:01 */
export function macText(b: Uint8Array, at: number): string {
  return Array.from(b.subarray(at, at + MAC), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Bytes in hexadecimal. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Addresses and prefixes of Babel, which leave away what an update before them had. Source: RFC 8966, 4.1.4 and 4.6.9.

import { addressText } from '../../prefix.js';
import type { Printer } from '../../printer.js';

/** Encodings of addresses. */
export const Encoding = { WILDCARD: 0, IPV4: 1, IPV6: 2, LINK_LOCAL: 3 } as const;

/** Where an IPv4 address is in 16 bytes, behind the front that marks one. */
const IPV4_AT = 12;
/** What Babel's printer takes for the front of a mapped IPv4 address. */
const IPV4_FRONT = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0);

/** An address as 16 bytes and how many of them the packet had; null when it is encoded wrongly. */
export type Decoded = { readonly address: Uint8Array; readonly used: number } | null;

/** The prefixes that updates may refer to: the last ones that said so. */
export class Defaults {
  private ipv4: Uint8Array = IPV4_FRONT;
  private ipv6: Uint8Array = new Uint8Array(16);

  of(encoding: number): Uint8Array {
    return encoding === Encoding.IPV4 ? this.ipv4 : this.ipv6;
  }

  set(encoding: number, address: Uint8Array): void {
    if (encoding === Encoding.IPV4) this.ipv4 = address;
    else this.ipv6 = address;
  }
}

/**
 * Reads a prefix, all of whose bytes were captured.
 * @param bits its length @param omitted bytes that are those of `before` @param left bytes that the value still has
 */
export function decodePrefix(
  p: Printer,
  encoding: number,
  bits: number,
  at: number,
  left: number,
  omitted = 0,
  before: Uint8Array | null = null,
): Decoded {
  return decode(p, encoding, Math.ceil(bits / 8), at, left, omitted, before);
}

/** Reads a whole address. */
export function decodeAddress(p: Printer, encoding: number, at: number, left: number): Decoded {
  return decode(p, encoding, encoding === Encoding.IPV4 ? 4 : 16, at, left, 0, null);
}

function decode(
  p: Printer,
  encoding: number,
  size: number,
  at: number,
  left: number,
  omitted: number,
  before: Uint8Array | null,
): Decoded {
  if (size > 16) return null;
  const address = new Uint8Array(16);
  /** Bytes of the address that the packet does not have, and where they end. */
  let start: number;
  switch (encoding) {
    case Encoding.WILDCARD:
      return { address, used: 0 };
    case Encoding.IPV4:
      if (omitted > 4 || size > 4) return null;
      address.set(IPV4_FRONT);
      start = IPV4_AT + omitted;
      size += IPV4_AT;
      break;
    case Encoding.IPV6:
      if (omitted > 16) return null;
      start = omitted;
      break;
    case Encoding.LINK_LOCAL:
      address.set([0xfe, 0x80]);
      start = 8;
      omitted = 0;
      break;
    default:
      return null;
  }
  const used = Math.max(0, size - start);
  if (used > left) return null;
  if (omitted > 0) {
    if (before === null) return null;
    address.set(before.subarray(0, start));
  }
  address.set(p.view(at, used), start);
  return { address, used };
}

function isIpv4(address: Uint8Array): boolean {
  return IPV4_FRONT.subarray(0, IPV4_AT).every((byte, i) => address[i] === byte);
}

/** The text of a whole address. */
export function babelAddress(p: Printer, address: Uint8Array): string {
  return addressText(p, isIpv4(address) ? address.subarray(IPV4_AT) : address);
}

/** The text of a prefix. @param bits its length as the packet has it */
export function babelPrefix(p: Printer, address: Uint8Array, encoding: number, bits: number): string {
  const whole = encoding === Encoding.IPV4 ? bits + 8 * IPV4_AT : bits;
  return whole >= 8 * IPV4_AT && isIpv4(address)
    ? `${addressText(p, address.subarray(IPV4_AT))}/${whole - 8 * IPV4_AT}`
    : `${addressText(p, address)}/${whole}`;
}

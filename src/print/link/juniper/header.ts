// The header in front of a packet of a Juniper router: magic number, flags, extensions, and the cookie of the card (PIC)
// that the packet came through.

import { below, bitsOf, hex, hexBytes, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printIp } from '../../protocol/ip/ip.js';
import { printIp6 } from '../../protocol/ip/ip6.js';
import { ENCAPSULATIONS, EXTENSIONS, Extension, FLAGS, Flag, MEDIA } from './numbers.js';

const MAGIC = 0x4d4743;
const FIXED = 4;
const EXTENSION_LENGTH = 2;
const TLV_HEADER = 2;
/** Types of extensions from this one on are big-endian. */
const BIG_ENDIAN = 128;
/** Bytes of something unknown in front of a packet whose link header is gone. */
const STRIPPED = 4;

/** What a cookie may begin with: which card made it. */
export const Cookie = { LINK_SERVICES: 0x54, ADAPTIVE_SERVICES: 0x47, LONGEST: 8 } as const;
const LINK_SERVICES_MORE = 2;
/** A child link of a bundle has no cookie: its frames begin with these bits. */
const CHILD_LINK = 0xc0;

/** A kind of link. */
export interface Card {
  /** The printer's name. */
  readonly protocol: string;
  /** Name of the card; null where there is no cookie. */
  readonly name: string | null;
  /** Bytes of the card's own cookie. */
  readonly cookie: number;
  /** Frames of child links come without a cookie. */
  readonly childLinks?: boolean;
}

/** What the header says. */
export interface Head {
  /** Bytes in front of the packet. */
  readonly size: number;
  readonly incoming: boolean;
  /** Bytes of the cookie, and what it begins with. */
  readonly cookieSize: number;
  readonly cookieKind: number;
  /** Zeros where there is no cookie. */
  readonly cookie: Uint8Array;
  /** The two bytes behind the cookie. */
  readonly protocol: number;
}

const NO_COOKIE = new Uint8Array(Cookie.LONGEST);

/**
 * Prints the header.
 * @returns null when nothing further is to be printed
 */
export function readHead(p: Printer, card: Card, offset: number, length: number): Head | null {
  const { linkHeader, verbose } = p.options;
  const flags = p.u8(offset + 3);
  if (p.u24(offset) !== MAGIC) {
    p.text('no magic-number found!');
    return null;
  }
  const incoming = (flags & Flag.INCOMING) !== 0;
  if (linkHeader) p.text(incoming ? ' In ' : 'Out ');
  if (verbose > 1) p.text(`\n\tJuniper PCAP Flags [${bitsOf(FLAGS, flags, 'none')}]`);
  let size = FIXED;
  if ((flags & Flag.EXTENSIONS) !== 0) {
    const extensions = p.u16(offset + FIXED);
    size += EXTENSION_LENGTH + extensions;
    if (!printExtensions(p, offset + FIXED + EXTENSION_LENGTH, extensions)) {
      p.invalid();
      return null;
    }
  }
  if ((flags & Flag.NO_LINK_HEADER) !== 0) {
    size += STRIPPED;
    if (linkHeader) p.text('no-L2-hdr, ');
    if (!guessIp(p, offset + size, length - size)) p.text('no IP-hdr found!');
    p.linkHeaderLength += size;
    return null;
  }
  const none = { size, incoming, cookieSize: 0, cookieKind: 0, cookie: NO_COOKIE, protocol: 0 };
  return card.name === null ? none : readCookie(p, card, offset + size, none);
}

function readCookie(p: Printer, card: Card, at: number, head: Head): Head | null {
  const { linkHeader } = p.options;
  const first = p.u8(at);
  let size = card.cookie;
  if (first === Cookie.LINK_SERVICES) size += LINK_SERVICES_MORE;
  else if (first === Cookie.ADAPTIVE_SERVICES) size = Cookie.LONGEST;
  else if (card.childLinks === true && (first & CHILD_LINK) === CHILD_LINK) size = 0;
  if (linkHeader) p.text(`${card.name}-PIC, cookie-len ${size}`);
  if (size > Cookie.LONGEST) {
    p.invalid();
    p.linkHeaderLength += head.size + size;
    return null;
  }
  const cookie = new Uint8Array(Cookie.LONGEST);
  cookie.set(p.view(at, size));
  if (linkHeader) p.text(`${size > 0 ? `, cookie 0x${hexBytes(p, at, size)}` : ''}: `);
  const cookieKind = first === Cookie.LINK_SERVICES || first === Cookie.ADAPTIVE_SERVICES ? first : 0;
  const protocol = p.u16(at + size);
  return { ...head, size: head.size + size, cookieSize: size, cookieKind, cookie, protocol };
}

/** @returns false when one is longer than all of them */
function printExtensions(p: Printer, at: number, left: number): boolean {
  const shown = p.options.verbose > 1;
  if (shown) p.text(`, PCAP Extension(s) total length ${left}`);
  p.need(at, left);
  while (left > TLV_HEADER) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    if (type === 0 || size === 0) break;
    if (below(p, 'extension_length', left, size + TLV_HEADER)) return false;
    if (shown) {
      p.text(`\n\t  ${wordOf(EXTENSIONS, type, 'Unknown')} Extension TLV #${type}, length ${size}, value `);
      if (type !== Extension.DEVICE_NAME) printValue(p, type, at + TLV_HEADER, size);
    }
    at += TLV_HEADER + size;
    left -= TLV_HEADER + size;
  }
  if (shown) p.text('\n\t-----original packet-----\n\t');
  return true;
}

/** What values of a type mean. */
const VALUES: { readonly [type: number]: Words } = {
  [Extension.DEVICE_MEDIA]: MEDIA,
  [Extension.DERIVED_MEDIA]: MEDIA,
  [Extension.ENCAPSULATION]: ENCAPSULATIONS,
  [Extension.DERIVED_ENCAPSULATION]: ENCAPSULATIONS,
};

function printValue(p: Printer, type: number, at: number, size: number): void {
  if (size > 4) return;
  let value = 0;
  for (let i = 0; i < size; i++) {
    value = value * 256 + p.u8(type < BIG_ENDIAN ? at + size - 1 - i : at + i);
  }
  // All ones are what tcpdump takes for none.
  if (value === 0xffffffff) return;
  const words = VALUES[type];
  p.text(words === undefined ? String(value) : `${wordOf(words, value, 'Unknown')} (${value})`);
}

/** Prints IP by its first byte. @returns false when it is not IP's */
export function guessIp(p: Printer, offset: number, length: number): boolean {
  const first = p.u8(offset);
  if (first >= 0x45 && first <= 0x4f) printIp(p, offset, length);
  else if (first >= 0x60 && first <= 0x6f) printIp6(p, offset, length);
  else return false;
  return true;
}

/** Number of the bundle of links that a packet belongs to. */
export function bundleOf(head: Head): number {
  const { cookie } = head;
  switch (head.cookieKind) {
    case Cookie.LINK_SERVICES:
      return cookie[1]!;
    case Cookie.ADAPTIVE_SERVICES:
      return (((cookie[6]! << 8) | cookie[7]!) >> 3) & 0xfff;
    default:
      return cookie[0]!;
  }
}

/** `hlen 4, proto 0x0021, `: the end of the header under -e. */
export function printSummary(p: Printer, size: number, protocol: number): void {
  if (p.options.linkHeader) p.text(`hlen ${size}, proto 0x${hex(protocol, 4)}, `);
}

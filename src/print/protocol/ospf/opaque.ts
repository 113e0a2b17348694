// Opaque OSPF advertisements, of both versions: graceful restart (RFC 3623, 5187), router information (RFC 7770), and
// what traffic engineering shares with them.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, counted, wordOf } from '../../inline.js';
import type { Bits, Printer } from '../../printer.js';

/** Bytes of a type and a length. */
export const TLV_HEADER = 4;

const Grace = { PERIOD: 1, REASON: 2, ADDRESS: 3 } as const;
const GRACE_TLVS = counted(1, 'Grace Period|Graceful restart Reason|IPv4 interface address');
const GRACE_REASONS = counted(0, 'Unknown|Software Restart|Software Reload/Upgrade|Control Processor Switch');

const CAPABILITIES_TLV = 1;
const CAPABILITIES: Bits = [
  [1, 'Reserved'],
  [2, 'Reserved'],
  [4, 'Reserved'],
  [8, 'Reserved'],
  [16, 'graceful restart capable'],
  [32, 'graceful restart helper'],
  [64, 'Stub router support'],
  [128, 'Traffic engineering'],
  [256, 'p2p over LAN'],
  [512, 'path computation server'],
];

/** Everything in OSPF is padded to 32 bits. */
export function padded(length: number): number {
  return length + (-length & 3);
}

/** A value without a printer, which -vv shows with the whole advertisement. */
export function unknown(p: Printer, indent: string, at: number, length: number): void {
  if (p.options.verbose <= 1) printUnknownData(p, indent, at, length);
}

/** Says which length is wrong. */
export function wrongLength(p: Printer, length: number, relation: string): false {
  p.text(`\n\t    Bogus length ${length} ${relation}`);
  return false;
}

/**
 * Prints the TLVs of a graceful restart.
 * @returns false when they are wrong or cut
 */
export function graceTlvs(p: Printer, at: number, length: number): boolean {
  while (length > 0) {
    if (!p.has(at, TLV_HEADER)) return false;
    if (length < TLV_HEADER) {
      p.text(`\n\t    Remaining LS length ${length} < 4`);
      return false;
    }
    const type = p.u16(at);
    const size = p.u16(at + 2);
    at += TLV_HEADER;
    length -= TLV_HEADER;
    p.text(`\n\t    ${wordOf(GRACE_TLVS, type, 'unknown')} TLV (${type}), length ${size}, value: `);
    if (size > length) return wrongLength(p, size, `> ${length}`);
    if (type === 0 || size === 0 || !p.has(at, size)) return false;
    switch (type) {
      case Grace.PERIOD:
        if (size !== 4) return wrongLength(p, size, '!= 4');
        p.text(`${p.u32(at)}s`);
        break;
      case Grace.REASON:
        if (size !== 1) return wrongLength(p, size, '!= 1');
        p.text(`${wordOf(GRACE_REASONS, p.u8(at), 'Unknown')} (${p.u8(at)})`);
        break;
      case Grace.ADDRESS:
        if (size !== 4) return wrongLength(p, size, '!= 4');
        p.ipv4(at);
        break;
      default:
        unknown(p, '\n\t      ', at, size);
    }
    // The padding of the last one may be beyond the advertisement; what follows is read until the packet ends.
    length = (length - padded(size)) >>> 0;
    at += padded(size);
  }
  return true;
}

/**
 * Prints the TLVs of router information.
 * @returns false when they are wrong
 */
export function informationTlvs(p: Printer, at: number, length: number): boolean {
  while (length !== 0) {
    p.need(at, TLV_HEADER);
    if (length < TLV_HEADER) {
      p.text(`\n\t    Remaining LS length ${length} < 4`);
      return false;
    }
    const type = p.u16(at);
    const size = p.u16(at + 2);
    at += TLV_HEADER;
    length -= TLV_HEADER;
    const name = type === CAPABILITIES_TLV ? 'Router Capabilities' : 'unknown';
    p.text(`\n\t    ${name} TLV (${type}), length: ${size}, value: `);
    if (size > length) return wrongLength(p, size, `> remaining LS length ${length}`);
    p.need(at, size);
    if (type === CAPABILITIES_TLV) {
      if (size !== 4) return wrongLength(p, size, '!= 4');
      p.text(`Capabilities: ${bitsOf(CAPABILITIES, p.u32(at), 'Unknown')}`);
    } else unknown(p, '\n\t      ', at, size);
    at += size;
    length -= size;
  }
  return true;
}

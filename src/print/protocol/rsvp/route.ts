// Objects of RSVP that are lists: routes, the optical user interface, a maker's own properties. Source: RFC 3209 (4.3,
// 4.4), 4090 (4.4), OIF UNI 1.0 (12.5.2).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { ADDRESS_FAMILIES, AddressFamily } from '../../tables/addressfamilies.js';
import { RSVP_TYPES, RsvpClass } from './numbers.js';
import { Shown } from './types.js';

const Hop = { IP4: 1, LABEL: 3 } as const;
const HOPS: Words = {
  0: 'Reserved',
  1: 'IPv4 prefix',
  2: 'IPv6 prefix',
  3: 'Label',
  32: 'Autonomous system number',
  64: 'MPLS label switched path termination',
};
const HOP = 8;
const HOST_BITS = 32;
const HOP_FLAGS: Bits = [
  [0x01, 'Local protection available'],
  [0x02, 'Local protection in use'],
  [0x04, 'Bandwidth protection'],
  [0x08, 'Node protection'],
];

/** The hops of a route. */
export function route(p: Printer, at: number, length: number, indent: string): Shown {
  for (let left = length; left >= 4; ) {
    const type = p.u8(at) & 0x7f;
    const size = p.u8(at + 1);
    p.text(`${indent}  Subobject Type: ${wordOf(HOPS, type, 'Unknown %u')}, length ${size}`);
    if (left < size) {
      p.text(`${indent}  ERROR: ERO subobject length > object length`);
      return Shown.WHOLLY;
    }
    if (size === 0) {
      p.text(`${indent}  ERROR: zero length ERO subtype`);
      return Shown.WHOLLY;
    }
    if ((type === Hop.IP4 || type === Hop.LABEL) && !hop(p, type, at, size)) {
      p.invalid();
      return Shown.OVERRUN;
    }
    at += size;
    left -= size;
  }
  return Shown.WHOLLY;
}

/** @returns false when it is wrong, which is said already */
function hop(p: Printer, type: number, at: number, size: number): boolean {
  if (size !== HOP) {
    p.text(' ERROR: length != 8');
    return false;
  }
  if (type === Hop.LABEL) {
    const flags = p.u8(at + 2);
    const kind = p.u8(at + 3);
    const word = RSVP_TYPES[RsvpClass.RECORD_ROUTE]?.[kind] ?? 'Unknown';
    p.text(
      `, Flags: [${(flags & 1) !== 0 ? 'Global' : 'none'}] (${flags === 0 ? '0' : `0x${hex(flags)}`})` +
        `, Class-Type: ${word} (${kind}), ${p.u32(at + 4)}`,
    );
    return true;
  }
  const bits = p.u8(at + 6);
  if (bits !== HOST_BITS) {
    p.text(` ERROR: Prefix length ${bits} != ${HOST_BITS}`);
    return false;
  }
  p.text(
    `, ${p.u8(at) >= 0x80 ? 'Loose' : 'Strict'}, ${ipv4Text(p, at + 2)}/${bits}` +
      `, Flags: [${bitsOf(HOP_FLAGS, p.u8(at + 7), 'none')}]`,
  );
  return true;
}

const Part = { SOURCE: 1, DESTINATION: 2, DIVERSITY: 3, EGRESS: 4, SERVICE_LEVEL: 5 } as const;
const PARTS: Words = {
  1: 'Source TNA address',
  2: 'Destination TNA address',
  3: 'Diversity',
  4: 'Egress label',
  5: 'Service level',
};

/** What a user of an optical network asks for. */
export function userInterface(p: Printer, at: number, length: number, indent: string): Shown {
  if (length < 4) throw OVERRUN;
  let shown: Shown = Shown.WHOLLY;
  for (let left = length; left > 0; ) {
    if (below(p, 'total_subobj_len', left, 4)) {
      p.invalid();
      return Shown.OVERRUN;
    }
    const size = p.u16(at);
    const type = p.u8(at + 2);
    const family = p.u8(at + 3);
    p.text(
      `${indent}  Subobject Type: ${wordOf(PARTS, type, 'Unknown')} (${type})` +
        `, AF: ${wordOf(ADDRESS_FAMILIES, family, 'Unknown')} (${family}), length: ${size}`,
    );
    if (size < 4 || size > left) {
      p.invalid();
      return Shown.OVERRUN;
    }
    const one = part(p, type, family, at, size, indent);
    if (one === Shown.OVERRUN) {
      p.text(`${indent}ERROR: sub-object is too short`);
      return one;
    }
    if (one === Shown.PARTLY) shown = one;
    at += size;
    left -= size;
  }
  return shown;
}

function part(p: Printer, type: number, family: number, at: number, size: number, indent: string): Shown {
  switch (type) {
    case Part.SOURCE:
    case Part.DESTINATION:
      if (family === AddressFamily.NSAP) return Shown.PARTLY;
      if (family === AddressFamily.IP) {
        if (size < 8) return Shown.OVERRUN;
        p.text(`${indent}    UNI IPv4 TNA address: ${ipv4Text(p, at + 4)}`);
      } else if (family === AddressFamily.IP6) {
        if (size < 20) return Shown.OVERRUN;
        p.text(`${indent}    UNI IPv6 TNA address: ${ipv6Text(p, at + 4)}`);
      }
      return Shown.WHOLLY;
    case Part.DIVERSITY:
      return size > 4 ? Shown.PARTLY : Shown.WHOLLY;
    case Part.EGRESS:
      if (size < 16) return Shown.OVERRUN;
      p.text(
        `${indent}    U-bit: ${p.u8(at + 4) >> 7}, Label type: ${p.u8(at + 7)}` +
          `, Logical port id: ${p.u32(at + 8)}, Label: ${p.u32(at + 12)}`,
      );
      return Shown.WHOLLY;
    case Part.SERVICE_LEVEL:
      if (size < 8) return Shown.OVERRUN;
      p.text(`${indent}    Service level: ${p.u8(at + 4)}`);
      return Shown.WHOLLY;
    default:
      return Shown.PARTLY;
  }
}

const PROPERTIES: Words = { 1: 'Cos', 2: 'Metric 1', 4: 'Metric 2', 8: 'CCC Status', 16: 'Path Type' };

/** A maker's own TLVs, with padding at the end. */
export function properties(p: Printer, at: number, length: number, indent: string): Shown {
  if (length < 4) throw OVERRUN;
  const padding = p.u16(at + 2);
  p.text(`${indent}  TLV count: ${p.u16(at)}, padding bytes: ${padding}`);
  at += 4;
  for (let left = length - 4; left >= 2 + padding; ) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    p.text(`${indent}    ${wordOf(PROPERTIES, type, 'unknown')} TLV (0x${hex(type, 2)}), length: ${size}`);
    if (left < size) throw OVERRUN;
    if (size < 2) {
      p.text(`${indent}ERROR: property TLV is too short`);
      return Shown.OVERRUN;
    }
    printUnknownData(p, '\n\t\t', at + 2, size - 2);
    at += size;
    left -= size;
  }
  return Shown.WHOLLY;
}

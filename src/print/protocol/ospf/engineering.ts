// Traffic engineering in OSPF, of both versions. Source: RFC 3630, 4124, 4203, 5329.

import { bitsOf, counted, hex, ipv4Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import {
  BANDWIDTH_MODELS,
  LINK_PROTECTIONS,
  LSP_ENCODINGS,
  megabits,
  SWITCHING_CAPABILITIES,
} from '../../tables/gmpls.js';
import { padded, TLV_HEADER, unknown, wrongLength } from './opaque.js';

const PRIORITIES = 8;
const Engineering = { ROUTER: 1, LINK: 2 } as const;
const ENGINEERING_TLVS = counted(1, 'Router Address|Link');
const Link = {
  TYPE: 1,
  ID: 2,
  LOCAL: 3,
  REMOTE: 4,
  METRIC: 5,
  MAXIMUM: 6,
  RESERVABLE: 7,
  UNRESERVED: 8,
  GROUP: 9,
  IDENTIFIERS: 11,
  PROTECTION: 14,
  SWITCHING: 15,
  SHARED_RISK: 16,
  CONSTRAINTS: 17,
} as const;
const LINK_TLVS: Words = {
  ...counted(
    1,
    'Link Type|Link ID|Local Interface IP address|Remote Interface IP address|Traffic Engineering Metric|' +
      'Maximum Bandwidth|Maximum Reservable Bandwidth|Unreserved Bandwidth|Administrative Group||' +
      'Link Local/Remote Identifier|||Link Protection Type|Interface Switching Capability|' +
      'Shared Risk Link Group|Bandwidth Constraints',
  ),
};
const LINK_TYPES: Words = { 1: 'Point-to-point', 2: 'Multi-Access' };
/** Lengths that a link's values have, where there is one only. */
const LINK_LENGTHS: Readonly<Record<number, number>> = {
  [Link.TYPE]: 1,
  [Link.LOCAL]: 4,
  [Link.REMOTE]: 4,
  [Link.METRIC]: 4,
  [Link.MAXIMUM]: 4,
  [Link.RESERVABLE]: 4,
  [Link.UNRESERVED]: 4 * PRIORITIES,
  [Link.GROUP]: 4,
  [Link.PROTECTION]: 4,
};
const SWITCHING_LENGTH = 4 + 4 * PRIORITIES;
const CONSTRAINTS_MOST = 4 + 4 * PRIORITIES;

/**
 * Prints the TLVs of traffic engineering.
 * @returns false when they are wrong or cut
 */
export function engineeringTlvs(p: Printer, at: number, length: number): boolean {
  while (length !== 0) {
    if (!p.has(at, TLV_HEADER)) return false;
    if (length < TLV_HEADER) {
      p.text(`\n\t    Remaining LS length ${length} < 4`);
      return false;
    }
    const type = p.u16(at);
    let size = p.u16(at + 2);
    at += TLV_HEADER;
    length -= TLV_HEADER;
    p.text(`\n\t    ${wordOf(ENGINEERING_TLVS, type, 'unknown')} TLV (${type}), length: ${size}`);
    if (size > length) return wrongLength(p, size, `> ${length}`);
    if (type === 0 || size === 0) return false;
    switch (type) {
      case Engineering.LINK:
        at = linkTlvs(p, at, size);
        if (at < 0) return false;
        // A link's length is not taken from the advertisement's, as tcpdump counts.
        size = 0;
        break;
      case Engineering.ROUTER:
        if (size < 4) {
          p.text(`\n\t    TLV length ${size} < 4`);
          return false;
        }
        p.text(`, ${ipv4Text(p, at)}`);
        break;
      default:
        unknown(p, '\n\t      ', at, size);
    }
    size = padded(size);
    if (size > length) {
      p.text(`\n\t    Bogus padded length ${size} > ${length}`);
      return false;
    }
    length -= size;
    at += size;
  }
  return true;
}

/** @returns the end of a link's values, -1 when they are wrong or cut */
function linkTlvs(p: Printer, at: number, length: number): number {
  while (length !== 0) {
    if (length < TLV_HEADER) {
      p.text(`\n\t    Remaining TLV length ${length} < 4`);
      return -1;
    }
    const type = p.u16(at);
    const size = p.u16(at + 2);
    at += TLV_HEADER;
    length -= TLV_HEADER;
    if (type === 0 || size === 0) {
      p.invalid();
      return -1;
    }
    p.text(`\n\t      ${LINK_TLVS[type] ?? 'unknown'} subTLV (${type}), length: ${size}`);
    if (length < size) {
      p.text(`\n\t    Remaining TLV length ${length + 4} < ${size + 4}`);
      return -1;
    }
    if (!p.has(at, size)) return -1;
    const wanted = LINK_LENGTHS[type];
    if (wanted !== undefined && size !== wanted) {
      p.text(` != ${wanted}`);
      p.invalid();
      return -1;
    }
    if (!linkValue(p, type, at, size)) {
      p.invalid();
      return -1;
    }
    // Shared risk groups are left behind when they are read: the next value is looked for as far again.
    if (type === Link.SHARED_RISK) at += size;
    const whole = padded(size);
    if (length < whole) {
      p.text(`\n\t    Remaining TLV length ${length + 4} < ${whole + 4}`);
      return -1;
    }
    length -= whole;
    at += whole;
  }
  return at;
}

/** @returns false when its length is wrong */
function linkValue(p: Printer, type: number, at: number, size: number): boolean {
  switch (type) {
    case Link.GROUP:
      p.text(`, 0x${hex(p.u32(at), 8)}`);
      return true;
    case Link.ID:
    case Link.IDENTIFIERS:
      if (size !== 4 && size !== 8) {
        p.text(' != 4 && != 8');
        return false;
      }
      p.text(`, ${ipv4Text(p, at)} (0x${hex(p.u32(at), 8)})`);
      if (size === 8) p.text(`, ${ipv4Text(p, at + 4)} (0x${hex(p.u32(at + 4), 8)})`);
      return true;
    case Link.LOCAL:
    case Link.REMOTE:
      p.text(`, ${ipv4Text(p, at)}`);
      return true;
    case Link.MAXIMUM:
    case Link.RESERVABLE:
      p.text(`, ${megabits(p, at)}`);
      return true;
    case Link.UNRESERVED:
      bandwidths(p, at, PRIORITIES, '\n\t\tTE-Class ');
      return true;
    case Link.CONSTRAINTS:
      return constraints(p, at, size);
    case Link.METRIC:
      p.text(`, Metric ${p.u32(at)}`);
      return true;
    case Link.PROTECTION:
      p.text(`, ${bitsOf(LINK_PROTECTIONS, p.u8(at), 'none')}`);
      return true;
    case Link.SWITCHING:
      if (size < SWITCHING_LENGTH) {
        p.text(` < ${SWITCHING_LENGTH}`);
        return false;
      }
      p.text(
        `\n\t\tInterface Switching Capability: ${wordOf(SWITCHING_CAPABILITIES, p.u8(at), 'Unknown')}` +
          `\n\t\tLSP Encoding: ${wordOf(LSP_ENCODINGS, p.u8(at + 1), 'Unknown')}\n\t\tMax LSP Bandwidth:`,
      );
      bandwidths(p, at + 4, PRIORITIES, '\n\t\t  priority level ');
      return true;
    case Link.TYPE:
      p.text(`, ${wordOf(LINK_TYPES, p.u8(at), 'unknown')} (${p.u8(at)})`);
      return true;
    case Link.SHARED_RISK:
      if (size % 4 !== 0) {
        p.text(' != N x 4');
        return false;
      }
      p.text('\n\t\t  Shared risk group: ');
      for (let i = 0; i < size; i += 4) p.text(`${i === 0 ? '' : ', '}${p.u32(at + i)}`);
      return true;
    default:
      unknown(p, '\n\t\t', at, size);
      return true;
  }
}

function bandwidths(p: Printer, at: number, count: number, indent: string): void {
  for (let i = 0; i < count; i++) p.text(`${indent}${i}: ${megabits(p, at + 4 * i)}`);
}

/** @returns false when its length is wrong */
function constraints(p: Printer, at: number, size: number): boolean {
  if (size < 4) {
    p.text(' < 4');
    return false;
  }
  const model = p.u8(at);
  p.text(`\n\t\tBandwidth Constraints Model ID: ${wordOf(BANDWIDTH_MODELS, model, 'unknown')} (${model})`);
  if (size % 4 !== 0) {
    p.text(`\n\t\tlength ${size} != N x 4`);
    return false;
  }
  if (size > CONSTRAINTS_MOST) {
    p.text(`\n\t\tlength ${size} > ${CONSTRAINTS_MOST}`);
    return false;
  }
  bandwidths(p, at + 4, size / 4 - 1, '\n\t\t  Bandwidth constraint CT');
  return true;
}

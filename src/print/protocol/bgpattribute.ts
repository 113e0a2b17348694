// Path attributes. Source: RFC 4271 (4.3), 4760, 1997, 4456, 6793 (AS numbers of four bytes), 7311 (AIGP),
// 6368 (attribute sets), 8092 (large communities), 9234 (only to customer).

import { ADDRESS_FAMILIES } from '../addressfamilies.js';
import { printUnknownData } from '../hexdump.js';
import { bitsOf, hex, ipv4Text, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';
import { SHORT } from '../span.js';
import { communities, extendedCommunities } from './bgpcommunity.js';
import { routeFamily } from './bgpnlri.js';
import { SAFIS } from './bgpnumbers.js';
import { asText, hasPathIds } from './bgpprefix.js';
import { securePath } from './bgpsecurepath.js';
import { tunnel } from './bgptunnel.js';

const Type = { AS4_PATH: 17, ATTRIBUTE_SET: 128 } as const;
const ATTRIBUTES: Words = {
  1: 'Origin',
  2: 'AS Path',
  3: 'Next Hop',
  4: 'Multi Exit Discriminator',
  5: 'Local Preference',
  6: 'Atomic Aggregate',
  7: 'Aggregator',
  8: 'Community',
  9: 'Originator ID',
  10: 'Cluster List',
  14: 'Multi-Protocol Reach NLRI',
  15: 'Multi-Protocol Unreach NLRI',
  16: 'Extended Community',
  17: 'AS4 Path',
  18: 'Aggregator4',
  22: 'PMSI Tunnel',
  23: 'Tunnel Encapsulation',
  24: 'Traffic Engineering',
  25: 'IPv6 Extended Community',
  26: 'Accumulated IGP Metric',
  27: 'PE Distinguisher Label',
  28: 'Entropy Label',
  32: 'Large Community',
  33: 'BGPsec Path',
  35: 'Only to Customer (OTC)',
  128: 'Attribute Set',
  255: 'Reserved for development',
};
const EXTENDED_LENGTH = 0x10;
const FLAGS: Bits = [
  [0x80, 'O'],
  [0x40, 'T'],
  [0x20, 'P'],
  [EXTENDED_LENGTH, 'E'],
];
const ORIGINS: Words = { 0: 'IGP', 1: 'EGP', 2: 'Incomplete' };
const SEGMENTS_OPEN: Words = { 1: '{ ', 2: '', 3: '( ', 4: '({ ' };
const SEGMENTS_CLOSE: Words = { 1: '}', 2: '', 3: ')', 4: '})' };
const AIGP = 1;
const SETS_MOST = 10;
/** The family in front of an attribute's routes. */
const FAMILY = 3;

/** Prints an attribute's value; SHORT is thrown where the message cannot be read on. `level`: sets around it. */
type AttributePrinter = (p: Printer, at: number, length: number, level: number) => void;

/** @returns the printer of a value that has one length only */
function exactly(size: number, text: (p: Printer, at: number) => string): AttributePrinter {
  return (p, at, length) => p.text(length === size ? text(p, at) : 'invalid len');
}

const metric = exactly(4, (p, at) => String(p.u32(at)));
const address = exactly(4, ipv4Text);
const aggregator4 = exactly(8, (p, at) => ` AS #${asText(p, p.u32(at))}, origin ${ipv4Text(p, at + 4)}`);

const PRINTERS: Readonly<Record<number, AttributePrinter>> = {
  1: exactly(1, (p, at) => wordOf(ORIGINS, p.u8(at), 'Unknown Origin Typecode')),
  2: asPath,
  3: address,
  4: metric,
  5: metric,
  6: exactly(0, () => ''),
  7: aggregator,
  8: communities,
  9: address,
  10: clusters,
  14: reach,
  15: unreach,
  16: extendedCommunities,
  17: as4Path,
  18: aggregator4,
  22: tunnel,
  26: accumulatedMetric,
  35: (p, at, length) => p.text(length < 4 ? 'invalid len' : `\n\t    OTC ${p.u32(at)}`),
};

/** Flags, type and length of an attribute. */
interface Header {
  readonly type: number;
  readonly length: number;
  /** Bytes the header takes. */
  readonly size: number;
  /** Whether any flag is set. */
  readonly flagged: boolean;
}

/**
 * The head of an attribute and its first line.
 * @param left bytes that it may take
 * @param whole bytes that the message has: SHORT is thrown where they are too few
 * @returns null when it does not fit
 */
export function attributeHeader(
  p: Printer,
  at: number,
  left: number,
  whole: number,
  indent: string,
): Header | null {
  if (!p.has(at, 2) || whole < 2) throw SHORT;
  if (left < 2) return null;
  const flags = p.u8(at);
  const type = p.u8(at + 1);
  const extended = (flags & EXTENDED_LENGTH) !== 0;
  const size = extended ? 4 : 3;
  if (!p.has(at, size) || whole < size) throw SHORT;
  if (left < size) return null;
  const length = extended ? p.u16(at + 2) : p.u8(at + 2);
  p.text(`${indent}${wordOf(ATTRIBUTES, type, 'Unknown Attribute')} (${type}), length: ${length}`);
  if (flags !== 0) {
    p.text(`, Flags [${bitsOf(FLAGS, flags, '', '')}`);
    if ((flags & 0xf) !== 0) p.text(`+${hex(flags & 0xf)}`);
    p.char(93);
  }
  return { type, length, size, flagged: flags !== 0 };
}

/** An attribute's value, with -vv in hexadecimal too. */
export function attributeValue(p: Printer, type: number, at: number, length: number, level: number): void {
  /** What -vv shows again. */
  let shown = length;
  if (type === Type.ATTRIBUTE_SET) shown = attributeSet(p, at, length, level);
  else if (type === 32) shown = largeCommunities(p, at, length);
  else if (type === 33) {
    if (!securePath(p, at)) return;
  } else {
    const print = PRINTERS[type];
    if (print !== undefined) print(p, at, length, level);
    else {
      need(p, at, length);
      p.text(`\n\t    no Attribute ${type} decoder`);
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', at, length);
    }
  }
  if (p.options.verbose > 1 && shown > 0) {
    need(p, at, shown);
    printUnknownData(p, '\n\t    ', at, shown);
  }
}

/** Throws SHORT unless `count` bytes were captured. */
function need(p: Printer, at: number, count: number): void {
  if (!p.has(at, count)) throw SHORT;
}

function asPath(p: Printer, at: number, length: number): void {
  segments(p, at, length, false);
}

function as4Path(p: Printer, at: number, length: number): void {
  segments(p, at, length, true);
}

function segments(p: Printer, at: number, length: number, four: boolean): void {
  if (length % 2 !== 0) p.text('invalid len');
  else if (length === 0) p.text('empty');
  else {
    const size = four || !twoBytes(p, at, length) ? 4 : 2;
    const end = at + length;
    while (at < end) {
      const type = p.u8(at);
      p.text(wordOf(SEGMENTS_OPEN, type, '?'));
      const count = p.u8(at + 1);
      at += 2;
      for (let i = 0; i < count; i++, at += size) {
        need(p, at, size);
        p.text(`${asText(p, size === 2 ? p.u16(at) : p.u32(at))} `);
      }
      p.text(wordOf(SEGMENTS_CLOSE, type, '?'));
    }
  }
}

/** Nothing says how wide the numbers of an AS path are: two bytes, if its segments then end where it does. */
function twoBytes(p: Printer, at: number, length: number): boolean {
  const end = at + length;
  while (at < end) {
    const type = p.u8(at);
    if (type < 1 || type > 4) return false;
    at += 2 + p.u8(at + 1) * 2;
  }
  return at === end;
}

function aggregator(p: Printer, at: number, length: number, level: number): void {
  if (length === 6 || length === 8) need(p, at, length);
  if (length !== 6) aggregator4(p, at, length, level);
  else p.text(` AS #${p.u16(at)}, origin ${ipv4Text(p, at + 2)}`);
}

function clusters(p: Printer, at: number, length: number): void {
  if (length % 4 !== 0) p.text('invalid len');
  else for (; length > 0; at += 4, length -= 4) p.text(`${ipv4Text(p, at)}${length > 4 ? ', ' : ''}`);
}

/** @returns the family, or null when its routes cannot be shown */
function family(p: Printer, at: number, length: number): ReturnType<typeof routeFamily> {
  const afi = p.u16(at);
  const safi = p.u8(at + 2);
  p.text(
    `\n\t    AFI: ${wordOf(ADDRESS_FAMILIES, afi, 'Unknown AFI')} (${afi}), ${safi > 128 ? 'vendor specific ' : ''}` +
      `SAFI: ${wordOf(SAFIS, safi, 'Unknown SAFI')} (${safi})`,
  );
  const found = routeFamily(afi, safi);
  if (found !== undefined) return found;
  need(p, at, length);
  p.text(`\n\t    no AFI ${afi} / SAFI ${safi} decoder`);
  if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', at, length);
  return undefined;
}

function reach(p: Printer, at: number, length: number): void {
  need(p, at, FAMILY);
  if (length < FAMILY) throw SHORT;
  const found = family(p, at, length);
  if (found === undefined) return;
  const end = at + length;
  at += FAMILY;
  need(p, at, 1);
  if (end - at < 1) throw SHORT;
  const size = p.u8(at++);
  if (size > 0) {
    if (end - at < size) throw SHORT;
    p.text('\n\t    nexthop: ');
    const stop = at + size;
    for (let first = true; at < stop; first = false) {
      if (!first) p.text(', ');
      at += found.nextHop(p, at, stop - at);
    }
  }
  p.text(`, nh-length: ${size}`);
  if (end - at < 1) throw SHORT;
  at = attachmentPoints(p, at, end);
  routes(p, found, at, end - at, length);
}

/** The addresses of RFC 2858 that RFC 4760 does without. @returns where the routes begin */
function attachmentPoints(p: Printer, at: number, end: number): number {
  const count = p.u8(at++);
  p.text(count === 0 ? ', no SNPA' : `\n\t    ${count} SNPA`);
  for (let i = 0; i < count; i++) {
    if (end - at < 1) throw SHORT;
    const size = p.u8(at++);
    p.text(`\n\t      ${size} bytes`);
    if (end - at < size) throw SHORT;
    need(p, at, size);
    at += size;
  }
  return at;
}

function unreach(p: Printer, at: number, length: number): void {
  need(p, at, FAMILY);
  const found = family(p, at, length);
  if (found === undefined) return;
  if (length === FAMILY) p.text('\n\t      End-of-Rib Marker (empty NLRI)');
  routes(p, found, at + FAMILY, length - FAMILY, length);
}

/** Routes to the end of their attribute. Each may take as much as the whole attribute has, wherever it begins. */
function routes(
  p: Printer,
  found: NonNullable<ReturnType<typeof routeFamily>>,
  at: number,
  length: number,
  whole: number,
): void {
  const ids = { four: hasPathIds(p, at, length, 32), six: hasPathIds(p, at, length, 128) };
  for (const end = at + length; at < end; ) {
    const used = found.route(p, at, whole, ids);
    if (used < 0) return;
    at += used;
  }
}

function accumulatedMetric(p: Printer, at: number, length: number): void {
  while (length >= 3) {
    const type = p.u8(at);
    const size = p.u16(at + 1);
    p.text(`\n\t    ${type === AIGP ? 'AIGP' : 'Unknown'} TLV (${type}), length ${size}`);
    if (size < 3 || length < size) throw SHORT;
    if (type === AIGP) {
      if (size < 11) throw SHORT;
      p.text(`, metric ${p.u64(at + 3)}`);
    } else if (p.options.verbose <= 1) printUnknownData(p, '\n\t      ', at + 3, size - 3);
    at += size;
    length -= size;
  }
}

/** Attributes of another AS in an attribute. @returns bytes that are left when one does not fit */
function attributeSet(p: Printer, at: number, length: number, level: number): number {
  need(p, at, 4);
  if (length < 4) throw SHORT;
  p.text(`\n\t    Origin AS: ${asText(p, p.u32(at))}`);
  at += 4;
  let left = length - 4;
  while (left > 0) {
    const header = attributeHeader(p, at, left, Number.POSITIVE_INFINITY, '\n\t      ');
    if (header !== null) p.text(': ');
    // Flags and type of one whose length does not fit are read before that is known.
    const after = left - (header?.size ?? (left < 2 ? 0 : 2));
    if (header === null || after < header.length) {
      p.text(' [path attr too short]');
      return after;
    }
    at += header.size;
    if (level === SETS_MOST) p.text('(too many nested levels, not recursing)');
    else attributeValue(p, header.type, at, header.length, level + 1);
    at += header.length;
    left = after - header.length;
  }
  return 0;
}

/** @returns bytes left to show: none when all could be */
function largeCommunities(p: Printer, at: number, length: number): number {
  if (length === 0 || length % 12 !== 0) {
    p.text('invalid len');
    return length;
  }
  p.text('\n\t    ');
  for (; length > 0; at += 12, length -= 12) {
    p.text(`${p.u32(at)}:${p.u32(at + 4)}:${p.u32(at + 8)}${length > 12 ? ', ' : ''}`);
  }
  return 0;
}

// Path attributes. Source: RFC 4271 (4.3), 4760, 1997, 4456, 6793 (AS numbers of four bytes), 7311 (AIGP),
// 6368 (attribute sets), 8092 (large communities), 9234 (only to customer).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, ipv4Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { communities, extendedCommunities } from './community.js';
import { asPath } from './path.js';
import { asText } from './prefix.js';
import { reach, unreach } from './reach.js';
import { need } from './route.js';
import { securePath } from './securepath.js';
import { tunnel } from './tunnel.js';

const Type = { LARGE_COMMUNITY: 32, SECURE_PATH: 33, ATTRIBUTE_SET: 128 } as const;
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
const AIGP = 1;
const SETS_MOST = 10;

/** Prints an attribute's value; OVERRUN is thrown where the message cannot be read on. `level`: sets around it. */
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
  2: (p, at, length) => asPath(p, at, length, false),
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
  17: (p, at, length) => asPath(p, at, length, true),
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
 * @param whole bytes that the message has: OVERRUN is thrown where they are too few
 * @returns null when it does not fit
 */
export function attributeHeader(
  p: Printer,
  at: number,
  left: number,
  whole: number,
  indent: string,
): Header | null {
  if (!p.has(at, 2) || whole < 2) throw OVERRUN;
  if (left < 2) return null;
  const flags = p.u8(at);
  const type = p.u8(at + 1);
  const extended = (flags & EXTENDED_LENGTH) !== 0;
  const size = extended ? 4 : 3;
  if (!p.has(at, size) || whole < size) throw OVERRUN;
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
  else if (type === Type.LARGE_COMMUNITY) shown = largeCommunities(p, at, length);
  else if (type === Type.SECURE_PATH) {
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

function aggregator(p: Printer, at: number, length: number, level: number): void {
  if (length === 6 || length === 8) need(p, at, length);
  if (length !== 6) aggregator4(p, at, length, level);
  else p.text(` AS #${p.u16(at)}, origin ${ipv4Text(p, at + 2)}`);
}

function clusters(p: Printer, at: number, length: number): void {
  if (length % 4 !== 0) p.text('invalid len');
  else for (; length > 0; at += 4, length -= 4) p.text(`${ipv4Text(p, at)}${length > 4 ? ', ' : ''}`);
}

function accumulatedMetric(p: Printer, at: number, length: number): void {
  while (length >= 3) {
    const type = p.u8(at);
    const size = p.u16(at + 1);
    p.text(`\n\t    ${type === AIGP ? 'AIGP' : 'Unknown'} TLV (${type}), length ${size}`);
    if (size < 3 || length < size) throw OVERRUN;
    if (type === AIGP) {
      if (size < 11) throw OVERRUN;
      p.text(`, metric ${p.u64(at + 3)}`);
    } else if (p.options.verbose <= 1) printUnknownData(p, '\n\t      ', at + 3, size - 3);
    at += size;
    length -= size;
  }
}

/** Attributes of another AS in an attribute. @returns bytes that are left when one does not fit */
function attributeSet(p: Printer, at: number, length: number, level: number): number {
  need(p, at, 4);
  if (length < 4) throw OVERRUN;
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

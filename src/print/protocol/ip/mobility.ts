// Mobility: the header of Mobile IPv6 and the minimal encapsulation of Mobile IPv4. Source: RFC 6275, RFC 2004.

import { checksum } from '../../checksum.js';
import { below, bitsOf, hex, ipv4Text, ipv6Text } from '../../inline.js';
import type { Bits, Printer } from '../../printer.js';

const NO_NEXT_HEADER = 59;
const HEADER = 8;

/** Message types: name, and what the header must at least be long. */
const MESSAGES: readonly (readonly [name: string, least: number])[] = [
  ['BRR', HEADER],
  ['HoTI', HEADER + 8],
  ['CoTI', HEADER + 8],
  ['HoT', HEADER + 16],
  ['CoT', HEADER + 16],
  ['BU', HEADER + 8],
  ['BA', HEADER + 8],
  ['BE', HEADER + 16],
];
const UPDATE_FLAGS: Bits = [
  [8, 'A'],
  [4, 'H'],
  [2, 'L'],
  [1, 'K'],
];

/** A mobility header. Nothing follows it. */
export function printMobility(p: Printer, offset: number): void {
  p.protocol = 'mobility';
  p.text('mobility: ');
  const next = p.u8(offset);
  if (next !== NO_NEXT_HEADER) p.text(`(payload protocol ${next} should be ${NO_NEXT_HEADER}) `);
  const words = p.u8(offset + 1);
  const length = (words + 1) * 8;
  const type = p.u8(offset + 2);
  const message = MESSAGES[type];
  if (message === undefined) {
    p.text(`type-#${type} len=${words}`);
    return;
  }
  const [name, least] = message;
  p.text(name);
  if (length < least) {
    p.text(` (header length ${length} < ${least})`);
    p.invalid();
    return;
  }
  const used = body(p, offset, type);
  if (p.options.verbose > 0 && !options(p, offset + used, length - used)) p.invalid();
}

/** Two numbers of four bytes with a colon between. */
function pair(p: Printer, offset: number): string {
  return `${hex(p.u32(offset), 8)}:${hex(p.u32(offset + 4), 8)}`;
}

/** The fields of a message. @returns where its options begin, from the header on */
function body(p: Printer, offset: number, type: number): number {
  const verbose = p.options.verbose > 0;
  const at = offset + HEADER;
  switch (type) {
    case 0:
      return HEADER;
    case 1:
    case 2:
      if (verbose) p.text(` ${type === 1 ? 'Home' : 'Care-of'} Init Cookie=${pair(p, at)}`);
      return HEADER + 8;
    case 3:
    case 4: {
      const side = type === 3 ? 'Home' : 'Care-of';
      p.text(` nonce id=0x${hex(p.u16(offset + 6))}`);
      if (verbose) {
        p.text(` ${side} Init Cookie=${pair(p, at)}`);
        p.text(` ${side} Keygen Token=${pair(p, at + 8)}`);
      }
      return HEADER + 16;
    }
    case 5: {
      p.text(` seq#=${p.u16(offset + 6)}`);
      const flags = p.u8(at) >> 4;
      if (flags !== 0) p.text(` ${bitsOf(UPDATE_FLAGS, flags, 'bits-#0x%x', '')}`);
      p.text(` lifetime=${p.u16(at + 2) * 4}`);
      return HEADER + 4;
    }
    case 6:
      p.text(` status=${p.u8(offset + 6)}`);
      if ((p.u8(offset + 7) & 0x80) !== 0) p.text(' K');
      p.text(` seq#=${p.u16(at)}`);
      p.text(` lifetime=${p.u16(at + 2) * 4}`);
      return HEADER + 4;
    default:
      p.text(` status=${p.u8(offset + 6)}`);
      p.text(` homeaddr ${ipv6Text(p, at)}`);
      return HEADER + 16;
  }
}

/** @returns false when an option does not fit */
function options(p: Printer, offset: number, length: number): boolean {
  let size = 0;
  for (let i = 0; i < length; i += size) {
    const at = offset + i;
    const left = length - i;
    const type = p.u8(at);
    if (type === 0) size = 1;
    else {
      if (below(p, 'remaining length', left, 2)) return false;
      size = p.u8(at + 1) + 2;
    }
    if (below(p, 'remaining length', left, size)) return false;
    p.need(at, size);
    switch (type) {
      case 0:
        p.text('(pad1)');
        break;
      case 1:
        p.text('(padn)');
        break;
      case 2:
        p.text('(refresh: ');
        if (below(p, 'remaining length', left, 4)) return false;
        p.text(`${p.u16(at + 2) * 4})`);
        break;
      case 3:
        p.text('(alt-CoA: ');
        if (below(p, 'remaining length', left, 18)) return false;
        p.text(`${ipv6Text(p, at + 2)})`);
        break;
      case 4:
        p.text('(ni: ');
        if (below(p, 'remaining length', left, 6)) return false;
        p.text(`ho=0x${hex(p.u16(at + 2), 4)} co=0x${hex(p.u16(at + 4), 4)})`);
        break;
      case 5:
        p.text('(auth)');
        if (below(p, 'remaining length', left, 12)) return false;
        break;
      default:
        p.text('(unknown: ');
        p.text(`type-#${type} len=${size - 2})`);
    }
  }
  return true;
}

const MINIMAL = 8;
const STRUCTURE = 12;
/** The original source address is there too. */
const SOURCE_PRESENT = 0x80;

/** Minimal encapsulation: the header that replaces the inner IP header. */
export function printMobile(p: Printer, offset: number, length: number): void {
  p.protocol = 'mobile';
  p.text('mobile: ');
  if (below(p, 'length', length, MINIMAL)) {
    p.invalid();
    return;
  }
  p.need(offset, STRUCTURE);
  const verbose = p.options.verbose > 0;
  const protocol = p.u16(offset);
  const source = (protocol & SOURCE_PRESENT) !== 0;
  p.text(source ? '[S] ' : '[] ');
  if (verbose) {
    if (source) p.text(`${ipv4Text(p, offset + 8)} `);
    p.text(`> ${ipv4Text(p, offset + 4)} (oproto=${protocol >> 8})`);
  }
  if (checksum(p, offset, source ? 12 : 8) !== 0) p.text(` (bad checksum ${p.u16(offset + 2)})`);
}

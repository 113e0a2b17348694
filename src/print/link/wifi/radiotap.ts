// The radiotap header in front of 802.11 frames: words of bits say which fields follow, each aligned to its size.
// Source: radiotap.org.

import type { Printer } from '../../printer.js';
import { Span } from '../../span.js';
import { printScheme, printVeryHighThroughput } from './rates.js';
import { printWifiFrame } from './wifi.js';

/** Where the fields are that every header has. */
const At = { LENGTH: 2, PRESENT: 4 } as const;
const HEADER = 8;
const WORD = 4;
/** The bits of every word that are not fields. */
const NAMESPACE = 29;
const Word = { RADIOTAP: 0x20000000, VENDOR: 0x40000000, MORE: 0x80000000 } as const;
const XCHANNEL = 18;
const MCS = 19;
/** A vendor's namespace: its identifier and a selector, then the bytes of its fields. */
const VENDOR = { IDENTIFIER: 4, LENGTH: 2 } as const;
const Flag = { CHECKED: 0x10, PADDED: 0x20 } as const;
const CHECK_SEQUENCE = 4;

/** What fields need to know of each other. */
interface Context {
  /** The word of bits that has the field. */
  present: number;
  /** The field of flags, 0 without one. */
  flags: number;
}

interface Field {
  readonly align: number;
  readonly size: number;
  readonly print: (p: Printer, offset: number, context: Context) => void;
}

const field = (align: number, size: number, print: Field['print']): Field => ({ align, size, print });
/** A field of one byte or number and the unit behind it. */
const u8 = (before: string, unit: string): Field =>
  field(1, 1, (p, at) => p.text(`${before}${p.u8(at)}${unit} `));
const s8 = (unit: string): Field => field(1, 1, (p, at) => p.text(`${p.s8(at)}${unit} `));
const silent = (align: number, size: number): Field => field(align, size, () => {});
const signed16 = (value: number): number => (value << 16) >> 16;

const has = (context: Context, bit: number): boolean => ((context.present >>> bit) & 1) !== 0;

/** Fields by their bits. Of a field behind one that is unknown nobody knows where it is. */
const FIELDS: { readonly [bit: number]: Field } = {
  0: field(8, 8, (p, at) => p.text(`${p.le64(at)}us tsft `)),
  1: field(1, 1, printFlags),
  2: field(1, 1, printRate),
  3: field(2, 4, (p, at, context) => {
    if (!has(context, XCHANNEL)) printChannel(p, p.le16(at), p.le16(at + 2), context);
  }),
  4: field(1, 2, (p, at) => p.text(`fhset ${p.u8(at)} fhpat ${p.u8(at + 1)} `)),
  5: s8('dBm signal'),
  6: s8('dBm noise'),
  7: field(2, 2, (p, at) => p.text(`${p.le16(at)} sq `)),
  8: field(2, 2, (p, at) => p.text(`${0 - signed16(p.le16(at))} tx power `)),
  9: field(1, 1, (p, at) => p.text(`${0 - p.s8(at)}dB tx attenuation `)),
  10: s8('dBm tx power'),
  11: u8('antenna ', ''),
  12: u8('', 'dB signal'),
  13: u8('', 'dB noise'),
  14: silent(2, 2),
  [XCHANNEL]: field(4, 8, (p, at, context) => printChannel(p, p.le16(at + 4), p.le32(at), context)),
  [MCS]: field(1, 3, printScheme),
  20: silent(4, 8),
  21: field(2, 12, printVeryHighThroughput),
};

/** Fields one behind the other, each aligned as seen from the header's start. */
class Fields extends Span {
  private readonly start: number;

  /** @param start of the header @param at where the first field is @param end of the header */
  constructor(p: Printer, start: number, at: number, end: number) {
    super(p, at, end - at);
    this.start = start;
  }

  /** Goes to where the next field is. @returns false when the header ends before the field's end */
  reach(align: number, size: number): boolean {
    const gap = -(this.at - this.start) & (align - 1);
    if (this.left < gap + size) return false;
    this.pass(gap);
    return true;
  }
}

/** LINKTYPE_IEEE802_11_RADIOTAP. */
export function printRadiotapLink(p: Printer, offset: number, length: number): void {
  p.linkHeaderLength += printRadiotap(p, offset, length);
}

/** @returns bytes of header, the frame's too */
function printRadiotap(p: Printer, offset: number, length: number): number {
  p.protocol = '802.11_radio';
  const captured = p.available(offset);
  const size = p.has(offset, HEADER) ? p.le16(offset + At.LENGTH) : 0;
  const end = offset + size;
  if (size < HEADER || captured < size) {
    p.truncated();
    return captured;
  }
  let last = offset + At.PRESENT;
  while (last + WORD <= end && (p.le32(last) & Word.MORE) !== 0) last += WORD;
  if (last + WORD > end) {
    p.truncated();
    return captured;
  }
  const flags = printWords(p, offset, last, end);
  const check = (flags & Flag.CHECKED) !== 0 ? CHECK_SEQUENCE : 0;
  return size + printWifiFrame(p, end, length - size, (flags & Flag.PADDED) !== 0, check);
}

/**
 * Prints the fields of every word of bits.
 * @param last where the last word is
 * @returns the field of flags
 */
function printWords(p: Printer, offset: number, last: number, end: number): number {
  const fields = new Fields(p, offset, last + WORD, end);
  const context: Context = { present: 0, flags: 0 };
  let bits = 0;
  let vendor = false;
  let skipped = 0;
  for (let at = offset + At.PRESENT; at <= last; at += WORD) {
    context.present = p.le32(at);
    if (vendor) {
      if (!fields.reach(1, skipped)) break;
      fields.pass(skipped);
      skipped = 0;
    } else if (!printWord(p, fields, context, bits)) break;
    const turn = context.present & (Word.RADIOTAP | Word.VENDOR);
    if (turn === 0) bits += 32;
    else if (turn === Word.RADIOTAP) {
      bits = 0;
      vendor = false;
      skipped = 0;
    } else if (turn === Word.VENDOR) {
      bits = 0;
      vendor = true;
      skipped = vendorLength(p, fields) ?? skipped;
    }
  }
  return context.flags;
}

/** The bytes that a vendor's fields take; null after a cut one is marked. */
function vendorLength(p: Printer, fields: Fields): number | null {
  fields.pass(Math.min(VENDOR.IDENTIFIER, fields.left));
  if (fields.reach(VENDOR.LENGTH, VENDOR.LENGTH)) return p.le16(fields.skip(VENDOR.LENGTH));
  p.truncated();
  return null;
}

/**
 * Prints the fields of one word.
 * @param first what the word's first bit counts
 * @returns false when the next field's place is unknown
 */
function printWord(p: Printer, fields: Fields, context: Context, first: number): boolean {
  for (let bit = 0; bit < NAMESPACE; bit++) {
    if (!has(context, bit)) continue;
    const known = FIELDS[first + bit];
    if (known === undefined) {
      p.text(`[bit ${first + bit}] `);
      return false;
    }
    if (!fields.reach(known.align, known.size)) {
      p.truncated();
      return false;
    }
    known.print(p, fields.skip(known.size), context);
  }
  return true;
}

function printFlags(p: Printer, offset: number, context: Context): void {
  context.flags = p.u8(offset);
  const words = ['cfp ', 'short preamble ', 'wep ', 'fragmented ', '', '', 'bad-fcs '];
  words.forEach((word, bit) => {
    if (((context.flags >> bit) & 1) !== 0) p.text(word);
  });
}

function printRate(p: Printer, offset: number): void {
  const rate = p.u8(offset);
  // FreeBSD puts the number of a scheme here; others could only mean 64 to 71.5 Mbit/s, which is rarer.
  if (rate >= 0x80 && rate <= 0x8f) p.text(`MCS ${rate & 0x7f} `);
  else p.text(`${(rate / 2).toFixed(1)} Mb/s `);
}

const Channel = {
  TURBO: 0x10,
  CCK: 0x20,
  OFDM: 0x40,
  GHZ2: 0x80,
  GHZ5: 0x100,
  DYNAMIC: 0x400,
  GFSK: 0x800,
  HALF: 0x4000,
  QUARTER: 0x8000,
  HT20: 0x10000,
  HT40_ABOVE: 0x20000,
  HT40_BELOW: 0x40000,
} as const;

function printChannel(p: Printer, frequency: number, flags: number, context: Context): void {
  const all = (...bits: number[]): boolean => bits.every((bit) => (flags & bit) !== 0);
  p.text(`${frequency} MHz`);
  // With a scheme of 802.11n the channel is one of it whatever its flags say.
  if (has(context, MCS)) p.text(' 11n');
  else {
    const part = all(Channel.HALF) ? '/10Mhz' : all(Channel.QUARTER) ? '/5Mhz' : '';
    if (all(Channel.GHZ2, Channel.GFSK)) p.text(' FHSS');
    if (all(Channel.GHZ5, Channel.OFDM)) p.text(` 11a${part}`);
    if (all(Channel.GHZ2, Channel.OFDM) || all(Channel.GHZ2, Channel.DYNAMIC)) p.text(` 11g${part}`);
    else if (all(Channel.GHZ2, Channel.CCK)) p.text(' 11b');
    if (all(Channel.TURBO)) p.text(' Turbo');
  }
  if (all(Channel.HT20)) p.text(' ht/20');
  else if (all(Channel.HT40_BELOW)) p.text(' ht/40-');
  else if (all(Channel.HT40_ABOVE)) p.text(' ht/40+');
  p.char(32);
}

// What messages of every version of OpenFlow are printed with: a cursor over a message's body, words of flags, data.

import { completes, OVERRUN } from '../../endings.js';
import { hexAndAscii } from '../../hexdump.js';
import { bitsOf, counted, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';
import { OUI_NAMES } from '../../tables/oui.js';

/** Experimenters that the ONF numbers, besides those by their OUI. */
const EXPERIMENTERS: { readonly [number: number]: string } = {
  1330529792: 'ONF Extensions',
  4278190081: 'Budapest University of Technology and Economics',
  4278190082: 'NoviFlow',
  4278190083: 'L3+ Extensions, Vendor Neutral',
  4278190084: 'L4-L7 Extensions',
  4278190085: 'Wireless and Mobility Extensions',
  4278190086: 'Forwarding Abstractions Extensions',
  4278190087: 'Optical Transport Extensions',
  4278190088: 'Network Benchmarking Lab, NCTU',
  4278190089: 'Mobile Packet Core Extensions',
  4278190090: 'MPLS-TP OpenFlow Extensions for SPTN',
};
const EXPERIMENTER_BITS = 0xff000000;

/** What a switch does with fragments. */
export const FRAGMENTS = counted(0, 'FRAG_NORMAL|FRAG_DROP|FRAG_REASM');

/** The name of a vendor, which is an OUI or a number by the ONF. */
export function vendorName(vendor: number): string {
  if ((vendor & EXPERIMENTER_BITS) === 0) return OUI_NAMES[vendor] ?? 'unknown';
  return EXPERIMENTERS[vendor] ?? 'unknown';
}

/** A message's body, or a structure in it, read from its front. */
export class Body extends Span {
  /** Goes over bytes that may be the last, and must have been captured. */
  pad(count: number): void {
    this.p.need(this.at, count);
    this.pass(count);
  }

  /** A structure inside, `length` bytes from here. */
  part(length: number): Body {
    return new Body(this.p, this.at, length);
  }

  /** Demands that the rest was captured. */
  rest(): void {
    this.p.need(this.at, this.left);
  }

  /** ` [name value < limit]` and the end of the structure, when the value is below the limit. */
  least(name: string, value: number, limit: number): void {
    if (value < limit) this.wrong(name, value, '<', limit);
  }

  most(name: string, value: number, limit: number): void {
    if (value > limit) this.wrong(name, value, '>', limit);
  }

  exactly(name: string, value: number, limit: number): void {
    if (value !== limit) this.wrong(name, value, '!=', limit);
  }

  private wrong(name: string, value: number, sign: string, limit: number): never {
    this.p.text(` [${name} ${value} ${sign} ${limit}]`);
    throw OVERRUN;
  }

  /** Ethernet address. */
  mac(): void {
    this.p.mac(this.at);
    this.pass(6);
  }

  ipv4(): void {
    this.p.ipv4(this.at);
    this.pass(4);
  }

  /** ` word 'text'` of a field of `length` bytes. */
  quoted(word: string, length: number): void {
    this.p.text(`${word} '`);
    this.p.safeUntilNul(this.at, length);
    this.p.char(39);
    this.pass(length);
  }
}

/** A printer of a message's body or of a part of it. */
export type Part = (b: Body) => void;

/** A part that may break the rules: the rest of it is then skipped. */
export function checked(print: Part): Part {
  return (b) => {
    if (completes(() => print(b))) return;
    b.p.invalid();
    b.rest();
  };
}

/** A type of message: its name, its length or the least one, and what prints it. */
export interface MessageType {
  readonly name: string;
  readonly length?: number;
  readonly least?: number;
  readonly print?: Part;
}

/** Flags by their names from the lowest bit on, as `ONE|TWO||EIGHT`. */
export function flags(names: string): Bits {
  const each = names.split('|').map((name, bit) => [1 << bit, name] as const);
  return each.filter(([, name]) => name !== '');
}

/** A word and the flags after it, in hexadecimal and by name, with a mark when there are more than are `assigned`. */
export function bitmap(p: Printer, word: string, value: number, names: Bits, assigned?: number): void {
  const known = assigned ?? names.reduce((all, [bit]) => all | bit, 0);
  p.text(`${word}${(value & known) === 0 ? '' : ` (${bitsOf(names, value, '')})`}`);
  if ((value & ~known) !== 0) p.text(' (bogus)');
}

/** Data that has no structure: with -vv a dump. */
export const data: Part = (b) => {
  if (b.left === 0) return;
  b.p.text(`\n\t data (${b.left} octets)`);
  if (b.p.options.verbose >= 2) hexAndAscii(b.p, '\n\t  ', b.at, b.left);
  b.rest();
};

/** An error, by the words of its version: its type, its code and data. */
export function errorOf(errors: Words, codes: readonly Words[]): Part {
  return (b) => {
    const type = b.u16();
    b.p.text(`\n\t type ${wordOf(errors, type, 'invalid (0x%04x)')}`);
    b.p.text(`, code ${wordOf(codes[type] ?? {}, b.u16(), 'invalid (0x%04x)')}`);
    data(b);
  };
}

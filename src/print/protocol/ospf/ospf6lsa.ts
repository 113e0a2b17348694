// Link state advertisements of OSPF version 3. Source: RFC 5340, 5187 (graceful restart), 5329 (traffic engineering).

import { completes } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { bitsOf, counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import { prefixText } from '../../prefix.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';
import { Span } from '../../span.js';
import { engineeringTlvs } from './engineering.js';
import { graceTlvs } from './opaque.js';

/** Bytes of an advertisement's header. */
export const LSA6_HEADER = 20;
const Lsa6Field = { AGE: 0, TYPE: 2, ID: 4, ROUTER: 8, SEQUENCE: 12, LENGTH: 18 } as const;

/** Types with the scope that they have: others are shown as bytes. */
const Type = {
  ROUTER: 0x2001,
  NETWORK: 0x2002,
  INTER_AREA_PREFIX: 0x2003,
  EXTERNAL: 0x4005,
  LINK: 0x0008,
  INTRA_AREA_PREFIX: 0x2009,
  ENGINEERING: 0x000a,
  GRACE: 0x000b,
} as const;
const TYPES = counted(
  1,
  'Router|Network|Inter-Area Prefix|Inter-Area Router|External|Deprecated|NSSA|Link|Intra-Area Prefix|' +
    'Intra-Area TE|Grace|Router Information|Inter-AS-TE|Layer 1 VPN',
);
const TYPE_MASK = 0x1fff;
const SCOPE_MASK = 0x6000;
const SCOPES: Words = { 0: 'Link Local', 0x2000: 'Area Local', 0x4000: 'Domain Wide' };
const TRANSITIVE = 0x8000;

export const OSPF6_OPTIONS: Bits = [
  [0x001, 'V6'],
  [0x002, 'External'],
  [0x004, 'Deprecated'],
  [0x008, 'NSSA'],
  [0x010, 'Router'],
  [0x020, 'Demand Circuit'],
  [0x100, 'AFs Support'],
  [0x200, 'LLS'],
  [0x400, 'Authentication Trailer'],
];
const ROUTER_FLAGS: Bits = [
  [0x01, 'ABR'],
  [0x02, 'External'],
  [0x04, 'Virtual-Link Endpoint'],
  [0x08, 'Deprecated'],
  [0x10, 'NSSA Translator'],
];
const ROUTER_LINK = 16;
const LINKS: Words = {
  1: 'Neighbor Router-ID',
  2: 'Neighbor Network-ID',
  4: 'Virtual Link: Neighbor Router-ID',
};
const FORWARDING = 0x02000000;
const TAG = 0x01000000;
const EXTERNAL_FLAGS: Bits = [
  [0x80000000, 'External Type 2'],
  [FORWARDING, 'Forwarding'],
  [TAG, 'Tag'],
];
const PREFIX_HEADER = 4;
const PREFIX_OPTIONS: Bits = [
  [0x01, 'No Unicast'],
  [0x02, 'Local address'],
  [0x04, 'Deprecated'],
  [0x08, 'Propagate'],
  [0x10, 'Down'],
  [0x20, 'N-bit'],
];

/** The kind, scope and identifier of an advertisement. */
export function lsa6Type(p: Printer, type: number, id: number): void {
  const kind = type & TYPE_MASK;
  p.text(
    `\n\t    ${wordOf(TYPES, kind, 'Unknown')} LSA (${kind}), ${wordOf(SCOPES, type & SCOPE_MASK, 'Unknown')} Scope` +
      `${(type & TRANSITIVE) === 0 ? '' : ', transitive'}, LSA-ID ${ipv4Text(p, id)}`,
  );
}

/** An advertisement's header, in a packet that ends at `end`. */
export function lsa6Header(p: Printer, offset: number, end: number): void {
  if (offset + LSA6_HEADER > end) throw TRUNCATED;
  const length = p.u16(offset + Lsa6Field.LENGTH);
  if (length < LSA6_HEADER) {
    p.text(`\n\t\t  Bogus length ${length} < header (${LSA6_HEADER})`);
    throw TRUNCATED;
  }
  p.text(
    `\n\t  Advertising Router ${ipv4Text(p, offset + Lsa6Field.ROUTER)}` +
      `, seq 0x${hex(p.u32(offset + Lsa6Field.SEQUENCE), 8)}, age ${p.u16(offset + Lsa6Field.AGE)}s` +
      `, length ${length - LSA6_HEADER}`,
  );
  lsa6Type(p, p.u16(offset + Lsa6Field.TYPE), offset + Lsa6Field.ID);
}

/** Prints an advertisement in a packet that ends at `end`. @returns where the next one is */
export function lsa6(p: Printer, offset: number, end: number): number {
  lsa6Header(p, offset, end);
  const length = p.u16(offset + Lsa6Field.LENGTH);
  if (length < LSA6_HEADER || offset + length > end) throw TRUNCATED;
  const body = new Span(p, offset + LSA6_HEADER, length - LSA6_HEADER);
  // What a body lacks ends the packet as a cut does.
  if (!completes(() => lsa6Body(p, p.u16(offset + Lsa6Field.TYPE), body))) throw TRUNCATED;
  return offset + length;
}

function lsa6Body(p: Printer, type: number, body: Span): void {
  switch (type) {
    case Type.ROUTER:
      routerLinks(p, body);
      break;
    case Type.NETWORK:
      options(p, p.u32(body.skip(4)));
      p.text('\n\t      Connected Routers:');
      while (body.left !== 0) p.text(`\n\t\t${ipv4Text(p, body.skip(4))}`);
      break;
    case Type.INTER_AREA_PREFIX:
      p.text(`, metric ${p.u32(body.skip(4)) & 0xffffff}`);
      while (body.left !== 0) prefix(p, body);
      break;
    case Type.EXTERNAL:
      external(p, body);
      break;
    case Type.LINK:
      link(p, body);
      break;
    case Type.INTRA_AREA_PREFIX:
      intraAreaPrefix(p, body);
      break;
    case Type.GRACE:
      if (!graceTlvs(p, body.at, body.left)) throw TRUNCATED;
      break;
    case Type.ENGINEERING:
      if (!engineeringTlvs(p, body.at, body.left)) throw TRUNCATED;
      break;
    default:
      printUnknownData(p, '\n\t      ', body.at, body.left);
  }
}

function options(p: Printer, word: number): void {
  p.text(`\n\t      Options [${bitsOf(OSPF6_OPTIONS, word, 'none')}]`);
}

function routerLinks(p: Printer, body: Span): void {
  const at = body.skip(4);
  options(p, p.u32(at));
  p.text(`, RLA-Flags [${bitsOf(ROUTER_FLAGS, p.u8(at), 'none')}]`);
  while (body.left !== 0) {
    const one = body.skip(ROUTER_LINK);
    p.need(one, ROUTER_LINK);
    const type = p.u8(one);
    const word = LINKS[type];
    if (word === undefined) {
      p.text(`\n\t      Unknown Router Links Type 0x${hex(type, 2)}`);
      return;
    }
    p.text(
      `\n\t      ${word} ${ipv4Text(p, one + 12)}\n\t      Neighbor Interface-ID ${ipv4Text(p, one + 8)}` +
        `, Interface ${ipv4Text(p, one + 4)}, metric ${p.u16(one + 2)}`,
    );
  }
}

/** A prefix, with as many words of 32 bits as its length needs. @returns where it was */
function prefix(p: Printer, body: Span): number {
  const at = body.skip(PREFIX_HEADER);
  p.need(at, PREFIX_HEADER);
  const length = p.u8(at);
  const size = Math.ceil(length / 32) * 4;
  if (size > 16) {
    p.text(` bogus prefixlen /${length}`);
    throw TRUNCATED;
  }
  p.text(`\n\t\t${prefixText(p, body.skip(size), size, 16)}/${length}`);
  const flags = p.u8(at + 1);
  if (flags !== 0) p.text(`, Options [${bitsOf(PREFIX_OPTIONS, flags, 'none')}]`);
  p.text(`, metric ${p.u16(at + 2)}`);
  return at;
}

function external(p: Printer, body: Span): void {
  const word = p.u32(body.skip(4));
  p.text(`\n\t     Flags [${bitsOf(EXTERNAL_FLAGS, word, 'none')}]`);
  p.text(` metric ${word & 0xffffff}`);
  const at = prefix(p, body);
  if ((word & FORWARDING) !== 0) p.text(` forward ${ipv6Text(p, body.skip(16))}`);
  if ((word & TAG) !== 0) p.text(` tag ${ipv4Text(p, body.skip(4))}`);
  // The type of the advertisement that the last field refers to: its upper half alone is looked at.
  if (p.u8(at + 2) !== 0) p.text(` RefLSID: ${ipv4Text(p, body.skip(4))}`);
}

function link(p: Printer, body: Span): void {
  const at = body.skip(4);
  options(p, p.u32(at));
  const address = body.skip(20);
  const prefixes = p.u32(address + 16);
  p.text(`\n\t      Priority ${p.u8(at)}, Link-local address ${ipv6Text(p, address)}, Prefixes ${prefixes}:`);
  for (let i = 0; i < prefixes; i++) prefix(p, body);
}

function intraAreaPrefix(p: Printer, body: Span): void {
  // Four bytes and two are asked for where twelve are read: what is missing shows in the prefixes' lengths.
  const { at } = body;
  body.skip(4);
  p.need(at + 8, 4);
  lsa6Type(p, p.u16(at + 2), at + 4);
  body.skip(2);
  const prefixes = p.u16(at);
  p.text(`\n\t      Prefixes ${prefixes}:`);
  body.at = at + 12;
  for (let i = 0; i < prefixes; i++) prefix(p, body);
}

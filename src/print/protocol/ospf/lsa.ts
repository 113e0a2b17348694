// Link state advertisements of OSPF version 2. Source: RFC 2328, 1584 (multicast), 3101 (NSSA), 5250 (opaque),
// 4915 (topologies in the place of types of service).

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, ipv4Text, wordOf } from '../../inline.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';
import { engineeringTlvs } from './engineering.js';
import { graceTlvs, informationTlvs } from './opaque.js';

/** Bytes of an advertisement's header. */
export const LSA_HEADER = 20;
const Field = {
  AGE: 0,
  OPTIONS: 2,
  TYPE: 3,
  ID: 4,
  ROUTER: 8,
  SEQUENCE: 12,
  LENGTH: 18,
} as const;
const Type = {
  ROUTER: 1,
  NETWORK: 2,
  SUMMARY: 3,
  ASBR_SUMMARY: 4,
  EXTERNAL: 5,
  GROUP: 6,
  NSSA: 7,
  OPAQUE_LINK: 9,
  OPAQUE_DOMAIN: 11,
} as const;
export const LSA_TYPES: Words = {
  1: 'Router',
  2: 'Network',
  3: 'Summary',
  4: 'ASBR Summary',
  5: 'External',
  6: 'Multicast Group',
  7: 'NSSA',
  9: 'Link Local Opaque',
  10: 'Area Local Opaque',
  11: 'Domain Wide Opaque',
};
export const OSPF_OPTIONS: Bits = [
  [0x01, 'MultiTopology'],
  [0x02, 'External'],
  [0x04, 'Multicast'],
  [0x08, 'NSSA'],
  [0x10, 'LLS'],
  [0x20, 'Demand Circuit'],
  [0x40, 'Opaque'],
  [0x80, 'Up/Down'],
];
const Opaque = { ENGINEERING: 1, GRACE: 3, INFORMATION: 4 } as const;
const OPAQUES: Words = { 1: 'Traffic Engineering', 3: 'Graceful restart', 4: 'Router Information' };
const ROUTER_FLAGS: Bits = [
  [0x01, 'ABR'],
  [0x02, 'ASBR'],
  [0x04, 'Virtual'],
  [0x08, 'Wildcard'],
  [0x10, 'Nt'],
];
/** Kinds of a router's links: what its identifier and its data are. */
const LINKS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['Neighbor Router-ID', 'Interface Address'],
  2: ['Neighbor Network-ID', 'Interface Address'],
  3: ['Stub Network', 'Mask'],
  4: ['Virtual Link: Neighbor Router-ID', 'Interface Address'],
};
const ROUTER_LINK = 12;
const METRIC = 4;
const EXTERNAL_ROUTE = 12;
const GROUP_VERTEX = 8;
const TOPOLOGIES: Words = { 0: 'default', 1: 'multicast', 2: 'management' };
const VERTICES: Words = { 1: 'Router Router-ID', 2: 'Network Designated Router' };
const INFINITE = 0xffffff;

/** Whether an advertisement's identifier is a type and a number: those of opaque ones. */
export function isOpaque(type: number): boolean {
  return type >= Type.OPAQUE_LINK && type <= Type.OPAQUE_DOMAIN;
}

/** `Traffic Engineering LSA (1)` and the number of an opaque identifier, each behind its word. */
export function opaqueText(p: Printer, offset: number, type: string, id: string): string {
  const kind = p.u8(offset);
  return `, ${type} ${wordOf(OPAQUES, kind, 'unknown')} LSA (${kind}), ${id} ${p.u24(offset + 1)}`;
}

/**
 * Prints an advertisement's header.
 * @returns the advertisement's length, -1 when it is less than the header's
 */
export function lsaHeader(p: Printer, offset: number): number {
  const length = p.u16(offset + Field.LENGTH);
  if (length < LSA_HEADER) {
    p.text(`\n\t    Bogus length ${length} < header (${LSA_HEADER})`);
    return -1;
  }
  p.text(
    `\n\t  Advertising Router ${ipv4Text(p, offset + Field.ROUTER)}, seq 0x${hex(p.u32(offset + Field.SEQUENCE), 8)}` +
      `, age ${p.u16(offset + Field.AGE)}s, length ${length - LSA_HEADER}`,
  );
  const type = p.u8(offset + Field.TYPE);
  const id = offset + Field.ID;
  p.text(
    `\n\t    ${wordOf(LSA_TYPES, type, 'unknown')} LSA (${type})` +
      (isOpaque(type) ? opaqueText(p, id, 'Opaque-Type', 'Opaque-ID') : `, LSA-ID: ${ipv4Text(p, id)}`),
  );
  p.text(`\n\t    Options: [${bitsOf(OSPF_OPTIONS, p.u8(offset + Field.OPTIONS), 'none')}]`);
  return length;
}

/**
 * Prints an advertisement.
 * @returns where the next one is
 */
export function lsa(p: Printer, offset: number): number {
  const length = lsaHeader(p, offset);
  if (length < 0) throw TRUNCATED;
  const at = offset + LSA_HEADER;
  const end = offset + length;
  if (body(p, p.u8(offset + Field.TYPE), offset, at, end) && p.options.verbose > 1) {
    printUnknownData(p, '\n\t    ', at, end - at);
  }
  return end;
}

/** @returns false when it is wrong: then -vv does not dump it */
function body(p: Printer, type: number, offset: number, at: number, end: number): boolean {
  switch (type) {
    case Type.ROUTER:
      return routerLinks(p, at);
    case Type.NETWORK:
      p.text(`\n\t    Mask ${ipv4Text(p, at)}\n\t    Connected Routers:`);
      for (at += 4; at < end; at += 4) p.text(`\n\t      ${ipv4Text(p, at)}`);
      return true;
    case Type.SUMMARY:
      p.text(`\n\t    Mask ${ipv4Text(p, at)}`);
      summary(p, at + 4, end);
      return true;
    case Type.ASBR_SUMMARY:
      summary(p, at + 4, end);
      return true;
    case Type.EXTERNAL:
    case Type.NSSA:
      external(p, at, end);
      return true;
    case Type.GROUP:
      for (; at < end; at += GROUP_VERTEX) vertex(p, at);
      return true;
    default:
      return !isOpaque(type) || opaque(p, p.u8(offset + Field.ID), at, end - at);
  }
}

function topology(id: number): string {
  return `\n\t\ttopology ${wordOf(TOPOLOGIES, id, 'Unknown')} (${id})`;
}

/** @returns false when a link is of an unknown kind, whose size is not known then */
function routerLinks(p: Printer, at: number): boolean {
  p.text(`\n\t    Router LSA Options: [${bitsOf(ROUTER_FLAGS, p.u8(at), 'none')}]`);
  const count = p.u16(at + 2);
  at += 4;
  p.need(at, ROUTER_LINK);
  for (let i = 0; i < count; i++) {
    p.need(at, ROUTER_LINK);
    const type = p.u8(at + 8);
    const words = LINKS[type];
    if (words === undefined) {
      p.text(`\n\t      Unknown Router Link Type (${type})`);
      return false;
    }
    p.text(`\n\t      ${words[0]}: ${ipv4Text(p, at)}, ${words[1]}: ${ipv4Text(p, at + 4)}`);
    const metrics = p.u8(at + 9) + 1;
    at += 8;
    for (let metric = 0; metric < metrics; metric++, at += METRIC) {
      // Where the others have their topology the first one has the link's kind.
      p.text(`${topology(metric === 0 ? 0 : p.u8(at))}, metric ${p.u16(at + 2)}`);
    }
  }
  return true;
}

function summary(p: Printer, at: number, end: number): void {
  p.need(at, METRIC);
  for (; at < end; at += METRIC) {
    const metric = p.u32(at);
    p.text(`${topology((metric >>> 24) & 0x7f)} metric ${metric & 0xffffff}`);
  }
}

function external(p: Printer, at: number, end: number): void {
  p.text(`\n\t    Mask ${ipv4Text(p, at)}`);
  at += 4;
  p.need(at, METRIC);
  for (; at < end; at += EXTERNAL_ROUTE) {
    const word = p.u32(at);
    const metric = word & 0xffffff;
    p.text(`${topology((word >>> 24) & 0x7f)}, type ${word >>> 31 === 0 ? 1 : 2}, metric`);
    p.text(metric === INFINITE ? ' infinite' : ` ${metric}`);
    if (p.u32(at + 4) !== 0) p.text(`, forward ${ipv4Text(p, at + 4)}`);
    if (p.u32(at + 8) !== 0) p.text(`, tag ${ipv4Text(p, at + 8)}`);
  }
}

function vertex(p: Printer, at: number): void {
  const type = p.u32(at);
  const word = VERTICES[type];
  p.text(
    word === undefined ? `\n\t    unknown VertexType (${type})` : `\n\t    ${word} ${ipv4Text(p, at + 4)}`,
  );
}

/** @returns false when it is wrong */
function opaque(p: Printer, type: number, at: number, length: number): boolean {
  switch (type) {
    case Opaque.INFORMATION:
      return informationTlvs(p, at, length);
    case Opaque.GRACE:
      return graceTlvs(p, at, length);
    case Opaque.ENGINEERING:
      return engineeringTlvs(p, at, length);
    default:
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', at, length);
      return true;
  }
}

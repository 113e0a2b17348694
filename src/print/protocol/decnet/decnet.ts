// DECnet Phase IV: routing. Source: DECnet Digital Network Architecture, Phase IV, Routing Layer, AA-X435A-TK.

import { dumpAlways } from '../../hexdump.js';
import type { Printer } from '../../printer.js';
import { printNsp } from './nsp.js';

/** A length in front of every packet. */
const PREFIX = 2;
const SHORT_HEADER = 6;
const LONG_HEADER = 21;
const Flag = {
  CONTROL: 0x01,
  RETURN: 0x08,
  RETURNING: 0x10,
  INTRA: 0x20,
  FUTURE: 0x40,
  PADDED: 0x80,
} as const;
const KIND = 7;
const SHORT = 2;
const LONG = 6;
const VISITS = 0x3f;

/** Control messages: their names, least lengths and printers. The addresses of Ethernet end with those of nodes. */
const CONTROLS: Readonly<
  Record<
    number,
    readonly [name: string, size: number, print: (p: Printer, at: number, length: number) => void]
  >
> = {
  1: ['init', 12, initialization],
  3: ['verification', 4, (p, at) => simple(p, at, 'fcnval')],
  5: ['test', 4, (p, at) => simple(p, at, 'data')],
  7: ['lev-1-routing', 4, (p, at, length) => routes(p, at, length, 'ids')],
  9: ['lev-2-routing', 4, (p, at, length) => routes(p, at, length, 'areas')],
  11: ['router-hello', 18, routerHello],
  13: ['endnode-hello', 32, endnodeHello],
};
const NODE_TYPES = ['reserved-ntype? ', 'l2rout ', 'l1rout ', 'endnode '];
/** Counts of routes above are wrong. */
const MOST_ROUTES = 1024;

/** A DECnet packet. */
export function printDecnet(p: Printer, offset: number, length: number): void {
  p.protocol = 'decnet';
  if (!packet(p, offset, length)) p.invalid();
}

/** Area and node. */
function node(p: Printer, at: number): string {
  const address = p.le16(at);
  return `${address >> 10}.${address & 0x3ff}`;
}

function wrongLength(p: Printer, name: string, value: number, limit: number, above = false): boolean {
  if (above ? value <= limit : value >= limit) return false;
  p.text(` (${name} ${value} ${above ? '>' : '<'} ${limit})`);
  return true;
}

/** @returns false when it is wrong */
function packet(p: Printer, offset: number, length: number): boolean {
  if (wrongLength(p, 'length', length, SHORT_HEADER)) return false;
  const size = p.le16(offset);
  if (wrongLength(p, 'pktlen', size, SHORT_HEADER)) return false;
  if (wrongLength(p, 'pktlen', size, length, true)) return false;
  let left = size;
  let at = offset + PREFIX;
  let flags = p.u8(at);
  if ((flags & Flag.PADDED) !== 0) {
    const padding = flags & ~Flag.PADDED;
    if (p.options.verbose > 0) p.text(`[pad:${padding}] `);
    if (wrongLength(p, 'length', left, padding + 2)) return false;
    p.need(at, padding);
    at += padding;
    left -= padding;
    flags = p.u8(at);
  }
  const captured = Math.min(left, p.available(at - PREFIX));
  if ((flags & Flag.FUTURE) !== 0) {
    p.text('future-version-decnet');
    dumpAlways(p, at - PREFIX, captured);
    return true;
  }
  if ((flags & Flag.CONTROL) !== 0) return control(p, at, left, captured);
  const kind = flags & KIND;
  if (kind !== LONG && kind !== SHORT) {
    p.text('unknown message flags under mask');
    dumpAlways(p, at - PREFIX, captured);
    return true;
  }
  const header = kind === LONG ? LONG_HEADER : SHORT_HEADER;
  if (kind === LONG && wrongLength(p, 'length', left, LONG_HEADER)) return false;
  p.need(at, header);
  const long = kind === LONG;
  const hops = long ? p.u8(at + 18) : (p.u8(at + 5) & VISITS) + 1;
  p.text(`${node(p, at + (long ? 15 : 3))} > ${node(p, at + (long ? 7 : 1))} ${size} `);
  if (p.options.verbose > 0) {
    if ((flags & Flag.RETURN) !== 0) p.text('RQR ');
    if ((flags & Flag.RETURNING) !== 0) p.text('RTS ');
    if ((flags & Flag.INTRA) !== 0) p.text('IE ');
    p.text(`${hops} hops `);
  }
  return printNsp(p, at + header, (left - header) >>> 0);
}

function control(p: Printer, at: number, length: number, captured: number): boolean {
  const known = CONTROLS[p.u8(at) & 15];
  if (known === undefined) {
    p.text('unknown control message');
    dumpAlways(p, at, captured);
    return true;
  }
  const [name, size, print] = known;
  p.text(`${name} `);
  if (length < size) return false;
  p.need(at, size);
  print(p, at, length);
  return true;
}

/** What a node is, and what it wants. */
function nodeType(p: Printer, info: number, flags: readonly (readonly [number, string])[]): void {
  p.text(NODE_TYPES[info & 3]!);
  for (const [bit, word] of flags) if ((info & bit) !== 0) p.text(word);
}

function versions(p: Printer, at: number): string {
  return `vers ${p.u8(at)} eco ${p.u8(at + 1)} ueco ${p.u8(at + 2)}`;
}

function initialization(p: Printer, at: number): void {
  nodeType(p, p.u8(at + 3), [
    [0x04, 'verif '],
    [0x08, 'blo '],
  ]);
  p.text(`src ${node(p, at + 1)}blksize ${p.le16(at + 4)} ${versions(p, at + 6)} hello ${p.le16(at + 9)}`);
}

/** A node and a value of one byte, in octal digits. */
function simple(p: Printer, at: number, name: string): void {
  p.text(`src ${node(p, at + 1)} ${name} ${p.u8(at + 3).toString(8)}`);
}

/** Costs and hops of ranges of nodes or areas; a checksum is behind the last. */
function routes(p: Printer, at: number, length: number, name: string): void {
  p.text(`src ${node(p, at + 1)} `);
  at += 4;
  for (let left = length - 4; left > 6; left -= 6, at += 6) {
    p.need(at, 6);
    const count = p.le16(at);
    if (count > MOST_ROUTES) return;
    const first = p.le16(at + 2);
    const info = p.le16(at + 4);
    p.text(`{${name} ${first}-${first + count} cost ${info & 0x1ff} hops ${(info >> 10) & 31}} `);
  }
}

const HELLO_FLAGS = [
  [0x04, 'verif '],
  [0x20, 'nomcast '],
  [0x40, 'blo '],
] as const;

function routerHello(p: Printer, at: number): void {
  nodeType(p, p.u8(at + 10), HELLO_FLAGS);
  p.text(
    `${versions(p, at + 1)} src ${node(p, at + 8)} blksize ${p.le16(at + 11)}` +
      ` pri ${p.u8(at + 13)} hello ${p.le16(at + 15)}`,
  );
}

function endnodeHello(p: Printer, at: number): void {
  nodeType(p, p.u8(at + 10), HELLO_FLAGS);
  p.text(
    `${versions(p, at + 1)} src ${node(p, at + 8)} blksize ${p.le16(at + 11)}` +
      ` rtr ${node(p, at + 26)} hello ${p.le16(at + 28)} data ${p.u8(at + 31).toString(8)}`,
  );
}

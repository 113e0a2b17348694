// Open Shortest Path First, version 3. Source: RFC 5340, 5613 (link-local signaling), 7166 (authentication trailer).

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, ipv4Text, wordOf } from '../../inline.js';
import { type Bits, type Printer, TRUNCATED } from '../../printer.js';
import { designatedRouters, OSPF_TYPES, Type } from './ospf.js';
import { LSA6_HEADER, lsa6, lsa6Header, lsa6Type, OSPF6_OPTIONS } from './ospf6lsa.js';

const Field = { VERSION: 0, TYPE: 1, LENGTH: 2, ROUTER: 4, AREA: 8, INSTANCE: 14, BODY: 16 } as const;
const VERSION = 3;
const Hello = {
  INTERFACE: 0,
  PRIORITY: 4,
  OPTIONS: 4,
  INTERVAL: 8,
  DEAD: 10,
  DR: 12,
  BDR: 16,
  NEIGHBORS: 20,
} as const;
const Database = { OPTIONS: 0, MTU: 4, FLAGS: 7, SEQUENCE: 8, HEADERS: 12 } as const;
const Request = { TYPE: 2, ID: 4, ROUTER: 8 } as const;
const REQUEST = 12;
const DATABASE_FLAGS: Bits = [
  [0x04, 'Init'],
  [0x02, 'More'],
  [0x01, 'Master'],
  [0x10, 'IPv6 MTU'],
];
const LLS_OPTION = 0x200;
const LLS_HEADER = 4;
const AUTHENTICATION_HEADER = 16;

/** Prints an OSPF packet over IPv6. */
export function printOspf6(p: Printer, offset: number, length: number): void {
  p.protocol = 'ospf3';
  const type = p.u8(offset + Field.TYPE);
  const version = p.u8(offset + Field.VERSION);
  p.text(`OSPFv${version}, ${wordOf(OSPF_TYPES, type, 'unknown packet type (%u)')}, length ${length}`);
  if (OSPF_TYPES[type] === undefined || p.options.verbose === 0) return;
  const claimed = p.u16(offset + Field.LENGTH);
  if (claimed > length) {
    p.text(` [len ${claimed}]`);
    return;
  }
  p.text(`\n\tRouter-ID ${ipv4Text(p, offset + Field.ROUTER)}`);
  const area = offset + Field.AREA;
  p.text(p.u32(area) === 0 ? ', Backbone Area' : `, Area ${ipv4Text(p, area)}`);
  const instance = p.u8(offset + Field.INSTANCE);
  if (instance !== 0) p.text(`, Instance ${instance}`);
  if (version !== VERSION) return;
  body(p, type, offset + Field.BODY, offset + claimed);
  trailer(p, type, offset + Field.BODY, offset + claimed, length - claimed);
}

function body(p: Printer, type: number, at: number, end: number): void {
  // Lists are for -vv.
  const lists = p.options.verbose > 1;
  switch (type) {
    case Type.HELLO:
      hello(p, at);
      if (!lists) break;
      p.text('\n\t  Neighbor List:');
      for (at += Hello.NEIGHBORS; at < end; at += 4) p.text(`\n\t    ${ipv4Text(p, at)}`);
      break;
    case Type.DATABASE:
      p.text(`\n\tOptions [${bitsOf(OSPF6_OPTIONS, p.u32(at + Database.OPTIONS), 'none')}]`);
      p.text(`, DD Flags [${bitsOf(DATABASE_FLAGS, p.u8(at + Database.FLAGS), 'none')}]`);
      p.text(`, MTU ${p.u16(at + Database.MTU)}, DD-Sequence 0x${hex(p.u32(at + Database.SEQUENCE), 8)}`);
      if (lists) headers(p, at + Database.HEADERS, end);
      break;
    case Type.REQUEST:
      for (; lists && at < end; at += REQUEST) {
        p.need(at, REQUEST);
        p.text(`\n\t  Advertising Router ${ipv4Text(p, at + Request.ROUTER)}`);
        lsa6Type(p, p.u16(at + Request.TYPE), at + Request.ID);
      }
      break;
    case Type.UPDATE: {
      if (!lists) break;
      const count = p.u32(at);
      at += 4;
      for (let i = 0; i < count && at < end; i++) at = lsa6(p, at, end);
      break;
    }
    case Type.ACKNOWLEDGEMENT:
      if (lists) headers(p, at, end);
      break;
  }
}

function hello(p: Printer, at: number): void {
  p.text(`\n\tOptions [${bitsOf(OSPF6_OPTIONS, p.u32(at + Hello.OPTIONS), 'none')}]`);
  p.text(
    `\n\t  Hello Timer ${p.u16(at + Hello.INTERVAL)}s, Dead Timer ${p.u16(at + Hello.DEAD)}s` +
      `, Interface-ID ${ipv4Text(p, at + Hello.INTERFACE)}, Priority ${p.u8(at + Hello.PRIORITY)}`,
  );
  designatedRouters(p, at + Hello.DR, at + Hello.BDR);
}

function headers(p: Printer, at: number, end: number): void {
  for (; at < end; at += LSA6_HEADER) lsa6Header(p, at, end);
}

/** Link-local signaling, where the options say so, and authentication behind the packet. */
function trailer(p: Printer, type: number, body: number, at: number, length: number): void {
  let signaling = 0;
  if (type === Type.HELLO) signaling = p.u32(body + Hello.OPTIONS);
  else if (type === Type.DATABASE) signaling = p.u32(body + Database.OPTIONS);
  if ((signaling & LLS_OPTION) !== 0 && length !== 0) {
    const used = linkLocalSignaling(p, at, length);
    at += used;
    length -= used;
  }
  if (length !== 0) authentication(p, at, length);
}

/** @returns bytes of it */
function linkLocalSignaling(p: Printer, at: number, length: number): number {
  if (length < LLS_HEADER) throw TRUNCATED;
  p.text(`\n\tLLS Checksum 0x${hex(p.u16(at), 4)}`);
  const size = p.u16(at + 2);
  p.text(`, Data Length ${size}`);
  if (size < LLS_HEADER || size > length) throw TRUNCATED;
  p.need(at, size);
  return size;
}

function authentication(p: Printer, at: number, length: number): void {
  if (length < AUTHENTICATION_HEADER) throw TRUNCATED;
  p.text(`\n\tAuthentication Type ${wordOf({ 1: 'HMAC' }, p.u16(at), 'unknown (0x%04x)')}`);
  const size = p.u16(at + 2);
  p.text(`, Length ${size}`);
  if (size < AUTHENTICATION_HEADER || size > length) throw TRUNCATED;
  p.text(`, SAID ${p.u16(at + 6)}`);
  p.text(`, CSN 0x${hex(p.u32(at + 8), 8)}`);
  p.text(`:${hex(p.u32(at + 12), 8)}`);
  p.need(at, size);
  if (p.options.verbose > 1) {
    printUnknownData(p, '\n\tAuthentication Data ', at + AUTHENTICATION_HEADER, size - AUTHENTICATION_HEADER);
  }
}

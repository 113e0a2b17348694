// Open Shortest Path First, version 2. Source: RFC 2328, 5613 (link-local signaling), 4811 and 4812 (its options).

import { bitsOf, hex, ipv4Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { isOpaque, LSA_HEADER, LSA_TYPES, lsa, lsaHeader, OSPF_OPTIONS, opaqueText } from './lsa.js';

const Field = {
  VERSION: 0,
  TYPE: 1,
  LENGTH: 2,
  ROUTER: 4,
  AREA: 8,
  AUTHENTICATION_TYPE: 14,
  AUTHENTICATION: 16,
  BODY: 24,
} as const;
const Hello = {
  MASK: 0,
  INTERVAL: 4,
  OPTIONS: 6,
  PRIORITY: 7,
  DEAD: 8,
  DR: 12,
  BDR: 16,
  NEIGHBORS: 20,
} as const;
const Database = { MTU: 0, OPTIONS: 2, FLAGS: 3, SEQUENCE: 4, HEADERS: 8 } as const;
const REQUEST = 12;

export const Type = { HELLO: 1, DATABASE: 2, REQUEST: 3, UPDATE: 4, ACKNOWLEDGEMENT: 5 } as const;
/** Names of the packet types, in both versions. */
export const OSPF_TYPES: Words = {
  1: 'Hello',
  2: 'Database Description',
  3: 'LS-Request',
  4: 'LS-Update',
  5: 'LS-Ack',
};
const DATABASE_FLAGS: Bits = [
  [0x04, 'Init'],
  [0x02, 'More'],
  [0x01, 'Master'],
  [0x08, 'OOBResync'],
];

const Authentication = { NONE: 0, SIMPLE: 1, MD5: 2 } as const;
const AUTHENTICATIONS: Words = { 0: 'none', 1: 'simple', 2: 'MD5' };
const PASSWORD = 8;
/** The digest behind the packet, which its length does not count. */
const MD5_DIGEST = 16;

const LLS_OPTION = 0x10;
const Lls = { EXTENDED_OPTIONS: 1, MD5: 2 } as const;
const LLS_TLVS: Words = { 1: 'Extended Options', 2: 'MD5 Authentication' };
/** Lengths of the known values: others are said to be wrong, and these taken. */
const LLS_LENGTHS: Readonly<Record<number, number>> = { [Lls.EXTENDED_OPTIONS]: 4, [Lls.MD5]: 20 };
const EXTENDED_OPTIONS: Bits = [
  [1, 'LSDB resync'],
  [2, 'Restart'],
];

/** Prints an OSPF packet over IPv4. */
export function printOspf(p: Printer, offset: number, length: number): void {
  p.protocol = 'ospf2';
  if (p.u16(offset + Field.AUTHENTICATION_TYPE) === Authentication.MD5) {
    p.pushSnapEnd(p.snapEnd - MD5_DIGEST);
    packet(p, offset, (length - MD5_DIGEST) >>> 0);
    p.pop();
  } else packet(p, offset, length);
}

function packet(p: Printer, offset: number, length: number): void {
  const type = p.u8(offset + Field.TYPE);
  const version = p.u8(offset + Field.VERSION);
  p.text(`OSPFv${version}, ${wordOf(OSPF_TYPES, type, 'unknown LS-type %u')}, length ${length}`);
  if (OSPF_TYPES[type] === undefined || p.options.verbose === 0) return;
  const claimed = p.u16(offset + Field.LENGTH);
  if (length !== claimed) p.text(` [len ${claimed}]`);
  p.text(`\n\tRouter-ID ${ipv4Text(p, offset + Field.ROUTER)}`);
  const area = offset + Field.AREA;
  p.text(p.u32(area) === 0 ? ', Backbone Area' : `, Area ${ipv4Text(p, area)}`);
  if (!authentication(p, offset)) return;
  if (version !== 2) {
    p.text(` ospf [version ${version}]`);
    return;
  }
  body(p, type, offset + Field.BODY, offset + Math.min(length, claimed));
  if (length > claimed) linkLocalSignaling(p, type, offset, claimed, length);
}

/** @returns false when it is of an unknown type, behind which nothing is read */
function authentication(p: Printer, offset: number): boolean {
  const data = offset + Field.AUTHENTICATION;
  p.need(data, PASSWORD);
  const type = p.u16(offset + Field.AUTHENTICATION_TYPE);
  p.text(`, Authentication Type: ${wordOf(AUTHENTICATIONS, type, 'unknown')} (${type})`);
  switch (type) {
    case Authentication.NONE:
      return true;
    case Authentication.SIMPLE:
      p.text('\n\tSimple text password: ');
      p.safeUntilNul(data, PASSWORD);
      return true;
    case Authentication.MD5:
      p.text(
        `\n\tKey-ID: ${p.u8(data + 2)}, Auth-Length: ${p.u8(data + 3)}` +
          `, Crypto Sequence Number: 0x${hex(p.u32(data + 4), 8)}`,
      );
      return true;
    default:
      return false;
  }
}

function body(p: Printer, type: number, at: number, end: number): void {
  switch (type) {
    case Type.HELLO:
      hello(p, at, end);
      break;
    case Type.DATABASE:
      database(p, at, end);
      break;
    case Type.REQUEST:
      for (; at < end; at += REQUEST) request(p, at);
      break;
    case Type.UPDATE: {
      const count = p.u32(at);
      p.text(`, ${count} LSA${count === 1 ? '' : 's'}`);
      at += 4;
      for (let i = 1; i <= count; i++) {
        p.text(`\n\t  LSA #${i}`);
        at = lsa(p, at);
      }
      break;
    }
    case Type.ACKNOWLEDGEMENT:
      for (; at < end; at += LSA_HEADER) lsaHeader(p, at);
      break;
  }
}

function hello(p: Printer, at: number, end: number): void {
  p.text(`\n\tOptions [${bitsOf(OSPF_OPTIONS, p.u8(at + Hello.OPTIONS), 'none')}]`);
  p.text(
    `\n\t  Hello Timer ${p.u16(at + Hello.INTERVAL)}s, Dead Timer ${p.u32(at + Hello.DEAD)}s` +
      `, Mask ${ipv4Text(p, at + Hello.MASK)}, Priority ${p.u8(at + Hello.PRIORITY)}`,
  );
  designatedRouters(p, at + Hello.DR, at + Hello.BDR);
  at += Hello.NEIGHBORS;
  if (at < end) p.text('\n\t  Neighbor List:');
  for (; at < end; at += 4) p.text(`\n\t    ${ipv4Text(p, at)}`);
}

/** The designated router and its backup, those that there are. */
export function designatedRouters(p: Printer, router: number, backup: number): void {
  if (p.u32(router) !== 0) p.text(`\n\t  Designated Router ${ipv4Text(p, router)}`);
  if (p.u32(backup) !== 0) p.text(`, Backup Designated Router ${ipv4Text(p, backup)}`);
}

function database(p: Printer, at: number, end: number): void {
  p.text(`\n\tOptions [${bitsOf(OSPF_OPTIONS, p.u8(at + Database.OPTIONS), 'none')}]`);
  p.text(`, DD Flags [${bitsOf(DATABASE_FLAGS, p.u8(at + Database.FLAGS), 'none')}]`);
  const mtu = p.u16(at + Database.MTU);
  if (mtu !== 0) p.text(`, MTU: ${mtu}`);
  p.text(`, Sequence: 0x${hex(p.u32(at + Database.SEQUENCE), 8)}`);
  for (at += Database.HEADERS; at < end; at += LSA_HEADER) if (lsaHeader(p, at) < 0) break;
}

function request(p: Printer, at: number): void {
  p.need(at, REQUEST);
  const type = p.u32(at);
  p.text(
    `\n\t  Advertising Router: ${ipv4Text(p, at + 8)}, ${wordOf(LSA_TYPES, type, 'unknown')} LSA (${type})` +
      (isOpaque(type)
        ? opaqueText(p, at + 4, 'Opaque-Type:', 'Opaque-ID:')
        : `, LSA-ID: ${ipv4Text(p, at + 4)}`),
  );
}

/** The block of data behind a packet whose options say so, and behind its digest. */
function linkLocalSignaling(p: Printer, type: number, offset: number, claimed: number, length: number): void {
  const at = offset + Field.BODY;
  if (type !== Type.HELLO && type !== Type.DATABASE) return;
  const options = p.u8(at + (type === Type.HELLO ? Hello.OPTIONS : Database.OPTIONS));
  if ((options & LLS_OPTION) === 0) return;
  let start = claimed;
  if (p.u16(offset + Field.AUTHENTICATION_TYPE) === Authentication.MD5) {
    start += p.u8(offset + Field.AUTHENTICATION + 3);
  }
  if (start >= length) {
    p.text('\n\t[LLS truncated]');
    return;
  }
  const block = offset + start;
  p.text(`\n\t  LLS: checksum: 0x${hex(p.u16(block), 4)}`);
  p.text(`, length: ${p.u16(block + 2)}`);
  for (let tlv = block + 4; tlv < offset + length; ) tlv += linkLocalTlv(p, tlv);
}

/** @returns its length with its header */
function linkLocalTlv(p: Printer, at: number): number {
  const type = p.u16(at);
  p.text(`\n\t    ${wordOf(LLS_TLVS, type, 'Unknown TLV')} (${type})`);
  let length = p.u16(at + 2);
  p.text(`, length: ${length}`);
  const wanted = LLS_LENGTHS[type];
  if (wanted !== undefined && wanted !== length) {
    p.text(` [should be ${wanted}]`);
    length = wanted;
  }
  if (type === Lls.EXTENDED_OPTIONS) {
    const options = p.u32(at + 4);
    p.text(`\n\t      Options: 0x${hex(options, 8)} [${bitsOf(EXTENDED_OPTIONS, options, '?')}]`);
  } else if (type === Lls.MD5) p.text(`\n\t      Sequence number: 0x${hex(p.u32(at + 4), 8)}`);
  return 4 + length;
}

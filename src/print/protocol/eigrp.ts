// Enhanced Interior Gateway Routing Protocol. Source: RFC 7868; rhyshaden.com for AppleTalk's routes.

import { printUnknownData } from '../hexdump.js';
import { bitsOf, hex, ipv4Text, wordOf } from '../inline.js';
import { prefixText } from '../prefix.js';
import type { Bits, Printer, Words } from '../printer.js';

const VERSION = 2;
const HEADER = 20;
const Field = {
  VERSION: 0,
  OPCODE: 1,
  CHECKSUM: 2,
  FLAGS: 4,
  SEQUENCE: 8,
  ACK: 12,
  ROUTER: 16,
  AS: 18,
} as const;
const OPCODES: Words = { 1: 'Update', 3: 'Query', 4: 'Reply', 5: 'Hello', 6: 'IPX SAP', 7: 'Probe' };
const FLAGS: Bits = [
  [0x01, 'Init'],
  [0x02, 'Conditionally Received'],
  [0x04, 'Restart'],
  [0x08, 'End-of-Table'],
];

const TLV_HEADER = 4;
const TLVS: Words = {
  1: 'General Parameters',
  2: 'Authentication',
  3: 'Sequence',
  4: 'Software Version',
  5: 'Next Multicast Sequence',
  258: 'IP Internal routes',
  259: 'IP External routes',
  514: 'AppleTalk Internal routes',
  515: 'AppleTalk External routes',
  516: 'AppleTalk Cable setup',
  770: 'IPX Internal routes',
  771: 'IPX External routes',
};
/** The least length of a value and what prints it. */
type Value = readonly [least: number, print: (p: Printer, at: number) => void];
const VALUES: Readonly<Record<number, Value>> = {
  1: [8, parameters],
  4: [4, softwareVersion],
  258: [22, ipInternal],
  259: [42, ipExternal],
  514: [24, appleTalkInternal],
  515: [40, appleTalkExternal],
  516: [8, cableSetup],
};
const PROTOCOLS: Words = {
  1: 'IGRP',
  2: 'EIGRP',
  3: 'Static',
  4: 'RIP',
  5: 'Hello',
  6: 'OSPF',
  7: 'IS-IS',
  8: 'EGP',
  9: 'BGP',
  10: 'IDRP',
  11: 'Connected',
};

/** Prints an EIGRP packet. */
export function printEigrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'eigrp';
  p.need(offset, HEADER);
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(`EIGRP version ${version} packet not supported`);
    return;
  }
  const opcode = p.u8(offset + Field.OPCODE);
  if (p.options.verbose === 0 || length < HEADER) {
    p.text(`EIGRP ${wordOf(OPCODES, opcode, 'unknown (%u)')}, length: ${length}`);
    if (p.options.verbose > 0) p.text(` (too short, < ${HEADER})`);
    return;
  }
  let left = length - HEADER;
  p.text(
    `\n\tEIGRP v${version}, opcode: ${wordOf(OPCODES, opcode, 'unknown, type: %u')} (${opcode})` +
      `, chksum: 0x${hex(p.u16(offset + Field.CHECKSUM), 4)}` +
      `, Flags: [${bitsOf(FLAGS, p.u32(offset + Field.FLAGS), 'none')}]` +
      `\n\tseq: 0x${hex(p.u32(offset + Field.SEQUENCE), 8)}, ack: 0x${hex(p.u32(offset + Field.ACK), 8)}` +
      `, VRID: ${p.u16(offset + Field.ROUTER)}, AS: ${p.u16(offset + Field.AS)}, length: ${left}`,
  );
  let at = offset + HEADER;
  while (left > 0) {
    p.need(at, TLV_HEADER);
    const size = p.u16(at + 2);
    if (size < TLV_HEADER || size > left) {
      printUnknownData(p, '\n\t    ', at + TLV_HEADER, left);
      return;
    }
    tlv(p, at, size);
    at += size;
    left -= size;
  }
}

function tlv(p: Printer, at: number, size: number): void {
  const type = p.u16(at);
  p.text(`\n\t  ${wordOf(TLVS, type, 'Unknown')} TLV (0x${hex(type, 4)}), length: ${size}`);
  p.need(at, size);
  const { verbose } = p.options;
  const value = VALUES[type];
  const start = at + TLV_HEADER;
  const length = size - TLV_HEADER;
  if (value === undefined) {
    if (verbose <= 1) printUnknownData(p, '\n\t    ', start, length);
  } else if (length < value[0]) p.text(` (too short, < ${TLV_HEADER + value[0]})`);
  else value[1](p, start);
  if (verbose > 1) printUnknownData(p, '\n\t    ', start, length);
}

function parameters(p: Printer, at: number): void {
  const weights = [0, 1, 2, 3, 4].map((i) => `k${i + 1} ${p.u8(at + i)}`);
  p.text(`\n\t    holdtime: ${p.u16(at + 6)}s, ${weights.join(', ')}`);
}

function softwareVersion(p: Printer, at: number): void {
  p.text(`\n\t    IOS version: ${p.u8(at)}.${p.u8(at + 1)}, EIGRP version ${p.u8(at + 2)}.${p.u8(at + 3)}`);
}

function metrics(p: Printer, at: number): void {
  p.text(
    `\n\t      delay ${Math.floor(p.u32(at) / 100)} ms, bandwidth ${p.u32(at + 4)} Kbps, mtu ${p.u24(at + 8)}` +
      `, hop ${p.u8(at + 11)}, reliability ${p.u8(at + 12)}, load ${p.u8(at + 13)}`,
  );
}

/** @returns false when the prefix is too long to be one */
function ipPrefix(p: Printer, at: number, nextHop: number): boolean {
  const bits = p.u8(at);
  if (bits > 32) {
    p.text(`\n\t    illegal prefix length ${bits}`);
    return false;
  }
  p.text(
    `\n\t    IPv4 prefix: ${prefixText(p, at + 1, Math.ceil(bits / 8), 4).padStart(15)}/${bits}, nexthop: `,
  );
  p.text(p.u32(nextHop) === 0 ? 'self' : ipv4Text(p, nextHop));
  return true;
}

/** Where a route from another protocol comes from. */
function origin(p: Printer, router: string, as: number, protocol: number, metric: number): void {
  p.text(
    `\n\t      origin-router ${router}, origin-as ${p.u32(as)}` +
      `, origin-proto ${wordOf(PROTOCOLS, p.u8(protocol), 'unknown')}, flags [0x${hex(p.u8(protocol + 1), 2)}]` +
      `, tag 0x${hex(p.u32(as + 4), 8)}, metric ${metric}`,
  );
}

function ipInternal(p: Printer, at: number): void {
  if (ipPrefix(p, at + 20, at)) metrics(p, at + 4);
}

function ipExternal(p: Printer, at: number): void {
  if (!ipPrefix(p, at + 40, at)) return;
  origin(p, ipv4Text(p, at + 4), at + 8, at + 22, p.u32(at + 16));
  metrics(p, at + 24);
}

function cableRange(p: Printer, at: number, nextHop: number): void {
  p.text(`\n\t     Cable-Range: ${p.u16(at)}-${p.u16(at + 2)}, nexthop: `);
  p.text(p.u32(nextHop) === 0 ? 'self' : `${p.u16(nextHop)}.${p.u16(nextHop + 2)}`);
}

function appleTalkInternal(p: Printer, at: number): void {
  cableRange(p, at + 20, at);
  metrics(p, at + 4);
}

function appleTalkExternal(p: Printer, at: number): void {
  cableRange(p, at + 36, at);
  origin(p, String(p.u32(at + 4)), at + 8, at + 16, p.u16(at + 18));
  metrics(p, at + 20);
}

function cableSetup(p: Printer, at: number): void {
  p.text(`\n\t    Cable-range: ${p.u16(at)}-${p.u16(at + 2)}, Router-ID ${p.u32(at + 4)}`);
}

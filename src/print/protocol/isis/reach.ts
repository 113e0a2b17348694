// IS-IS reachability of systems, and links' traffic engineering. Source: RFC 5305, 5307, 4124, 6329, 8667.

import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, hex, ipv4Text, wordOf } from '../../inline.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';
import {
  BANDWIDTH_MODELS,
  LINK_PROTECTIONS,
  LSP_ENCODINGS,
  megabits,
  SWITCHING_CAPABILITIES,
  Switching,
  TIME_DIVISION_INDICATIONS,
} from '../../tables/gmpls.js';
import { idText, NODE_ID, SYSTEM_ID } from '../osi/osi.js';

const METRIC = 3;
const INDENT = '\n\t      ';
const SUB_INDENT = `${INDENT}  `;
const PRIORITIES = 8;
const Sub = {
  GROUP: 3,
  LINK: 4,
  REMOTE_LINK: 5,
  INTERFACE: 6,
  NEIGHBOR: 8,
  MAXIMUM: 9,
  RESERVABLE: 10,
  UNRESERVED: 11,
  CONSTRAINTS_OLD: 12,
  METRIC: 18,
  ATTRIBUTE: 19,
  PROTECTION: 20,
  SWITCHING: 21,
  CONSTRAINTS: 22,
  SPB_METRIC: 29,
  LAN_SEGMENT: 32,
} as const;
const SUB_TLVS: Words = {
  3: 'Administrative groups',
  4: 'Link Local/Remote Identifier',
  5: 'Link Remote Identifier',
  6: 'IPv4 interface address',
  8: 'IPv4 neighbor address',
  9: 'Maximum link bandwidth',
  10: 'Reservable link bandwidth',
  11: 'Unreserved bandwidth',
  12: 'Bandwidth Constraints (old)',
  18: 'Traffic Engineering Metric',
  19: 'Link Attribute',
  20: 'Link Protection Type',
  21: 'Interface Switching Capability',
  22: 'Bandwidth Constraints',
  29: 'SPB Metric',
  32: 'LAN Adjacency Segment Identifier',
  250: 'Reserved for cisco specific extensions',
  251: 'Reserved for cisco specific extensions',
  252: 'Reserved for cisco specific extensions',
  253: 'Reserved for cisco specific extensions',
  254: 'Reserved for cisco specific extensions',
  255: 'Reserved for future expansion',
};
const ATTRIBUTES: Bits = [
  [1, 'Local Protection Available'],
  [2, 'Link excluded from local protection path'],
  [4, 'Local maintenance required'],
];
const SEGMENT_VALUE = 0x20;
const SEGMENT_LOCAL = 0x10;
const SEGMENT_FLAGS: Bits = [
  [0x80, 'Address family IPv6'],
  [0x40, 'Backup'],
  [SEGMENT_VALUE, 'Value'],
  [SEGMENT_LOCAL, 'Local significance'],
  [0x08, 'Set of adjacencies'],
  [0x04, 'Persistent'],
];

/** The four metrics of old, those that are supported. */
export function metricBlock(p: Printer, at: number): void {
  const metric = (value: number): string =>
    `${value & 0x3f}, ${(value & 0x40) === 0 ? 'Internal' : 'External'}`;
  p.text(`, Default Metric: ${metric(p.u8(at))}`);
  ['Delay', 'Expense', 'Error'].forEach((word, i) => {
    const value = p.u8(at + 1 + i);
    if ((value & 0x80) === 0) p.text(`\n\t\t  ${word} Metric: ${metric(value)}`);
  });
}

/** Neighbors with what is known of the links to them. @param metrics whether they have a metric; else it is 0 */
export function reach(p: Printer, at: number, length: number, metrics: boolean): void {
  while (length !== 0) {
    const used = neighbor(p, at, length, metrics);
    if (below(p, 'remaining tlv length', length, used)) {
      p.invalid();
      return;
    }
    at += used;
    length -= used;
  }
}

/** @returns bytes of it */
function neighbor(p: Printer, at: number, length: number, metrics: boolean): number {
  const start = at;
  const take = (count: number): number => {
    p.need(at, count);
    if (length < count) throw TRUNCATED;
    at += count;
    length -= count;
    return at - count;
  };
  p.text(`${INDENT}IS Neighbor: ${idText(p, take(NODE_ID), NODE_ID)}`);
  if (metrics) p.text(`, Metric: ${p.u24(take(METRIC))}`);
  const size = p.u8(take(1));
  p.text(`, ${size === 0 ? 'no ' : ''}sub-TLVs present`);
  if (size === 0) return at - start;
  p.text(` (${size})`);
  return at - start + subTlvs(p, at, size, length);
}

/**
 * @param size of all of them by their own field
 * @param left bytes of the whole field, by tcpdump's count: it does not take off what some values consist of
 * @returns bytes of them
 */
function subTlvs(p: Printer, at: number, size: number, left: number): number {
  const start = at;
  while (size !== 0) {
    p.need(at, 2);
    if (left < 2) {
      p.text(`${SUB_INDENT}Remaining data in TLV shorter than a subTLV header`);
      return at - start + left;
    }
    if (size < 2) {
      p.text(`${SUB_INDENT}Remaining data in subTLVs shorter than a subTLV header`);
      return at - start + size;
    }
    const type = p.u8(at);
    const length = p.u8(at + 1);
    at += 2;
    left -= 2;
    size -= 2;
    p.text(`${SUB_INDENT}${wordOf(SUB_TLVS, type, 'unknown')} subTLV #${type}, length: ${length}`);
    if (size < length) {
      p.text(' (remaining data in subTLVs shorter than the current subTLV)');
      return at - start + size;
    }
    if (left < length) {
      p.text(' (> remaining tlv length)');
      return at - start + left;
    }
    p.need(at, length);
    left -= length - value(p, type, at, length);
    at += length;
    size -= length;
  }
  return at - start;
}

/** @returns bytes that are not taken off what is left of the field */
function value(p: Printer, type: number, at: number, length: number): number {
  switch (type) {
    case Sub.GROUP:
    case Sub.LINK:
    case Sub.REMOTE_LINK:
      if (length >= 4) p.text(`, 0x${hex(p.u32(at), 8)}`);
      if (length === 8) p.text(`, 0x${hex(p.u32(at + 4), 8)}`);
      return 0;
    case Sub.INTERFACE:
    case Sub.NEIGHBOR:
      if (length >= 4) p.text(`, ${ipv4Text(p, at)}`);
      return 0;
    case Sub.MAXIMUM:
    case Sub.RESERVABLE:
      if (length >= 4) p.text(`, ${megabits(p, at)}`);
      return 0;
    case Sub.UNRESERVED:
      if (length < 4 * PRIORITIES) return 0;
      return bandwidths(p, at, PRIORITIES, `${SUB_INDENT}  TE-Class `);
    case Sub.CONSTRAINTS:
    case Sub.CONSTRAINTS_OLD: {
      if (length === 0) return 0;
      const model = p.u8(at);
      p.text(
        `${SUB_INDENT}Bandwidth Constraints Model ID: ${wordOf(BANDWIDTH_MODELS, model, 'unknown')} (${model})`,
      );
      return 1 + bandwidths(p, at + 1, (length - 1) >> 2, `${SUB_INDENT}  Bandwidth constraint CT`);
    }
    case Sub.METRIC:
      if (length >= 3) p.text(`, ${p.u24(at)}`);
      return 0;
    case Sub.ATTRIBUTE:
      if (length === 2) p.text(`, [ ${bitsOf(ATTRIBUTES, p.u16(at), 'Unknown')} ] (0x${hex(p.u16(at), 4)})`);
      return 0;
    case Sub.PROTECTION:
      if (length >= 2) p.text(`, ${bitsOf(LINK_PROTECTIONS, p.u8(at), 'none')}, Priority ${p.u8(at + 1)}`);
      return 0;
    case Sub.SPB_METRIC:
      if (length < 6) return 0;
      p.text(`, LM: ${p.u24(at)}, P: ${p.u8(at + 3)}, P-ID: ${p.u16(at + 4)}`);
      return 4;
    case Sub.SWITCHING:
      return length < 4 + 4 * PRIORITIES ? 0 : switching(p, at, length);
    case Sub.LAN_SEGMENT:
      return length < 8 ? 0 : segment(p, at, length);
    default:
      printUnknownData(p, '\n\t\t    ', at, length);
      return 0;
  }
}

/** @returns bytes of them */
function bandwidths(p: Printer, at: number, count: number, indent: string): number {
  for (let i = 0; i < count; i++) p.text(`${indent}${i}: ${megabits(p, at + 4 * i)}`);
  return 4 * count;
}

/** @returns bytes that every capability has */
function switching(p: Printer, at: number, length: number): number {
  const capability = p.u8(at);
  p.text(
    `${SUB_INDENT}  Interface Switching Capability:${wordOf(SWITCHING_CAPABILITIES, capability, 'Unknown')}` +
      `, LSP Encoding: ${wordOf(LSP_ENCODINGS, p.u8(at + 1), 'Unknown')}${SUB_INDENT}  Max LSP Bandwidth:`,
  );
  const common = 4 + bandwidths(p, at + 4, PRIORITIES, `${SUB_INDENT}    priority level `);
  at += common;
  const left = length - common;
  const least = `${SUB_INDENT}  Min LSP Bandwidth: `;
  if (capability >= Switching.PACKET_1 && capability <= Switching.PACKET_4) {
    if (left >= 6) p.text(`${least}${megabits(p, at)}${SUB_INDENT}  Interface MTU: ${p.u16(at + 4)}`);
  } else if (capability === Switching.TIME_DIVISION) {
    if (left >= 8) {
      const indication = wordOf(TIME_DIVISION_INDICATIONS, p.u8(at + 4), 'Unknown (%u)');
      p.text(`${least}${megabits(p, at)}${SUB_INDENT}  Indication ${indication}`);
    }
  } else if (left !== 0) printUnknownData(p, '\n\t\t    ', at, left);
  return common;
}

/** A segment to a neighbor in a LAN. @returns bytes of its flags and weight */
function segment(p: Printer, at: number, length: number): number {
  const flags = p.u8(at);
  p.text(`${SUB_INDENT}  Flags: [${bitsOf(SEGMENT_FLAGS, flags, 'none')}]`);
  p.text(`${SUB_INDENT}  Weight: ${p.u8(at + 1)}`);
  if (length - 2 >= SYSTEM_ID) p.text(`${SUB_INDENT}  Neighbor System-ID: ${idText(p, at + 2, SYSTEM_ID)}`);
  const id = at + 2 + SYSTEM_ID;
  const label = (flags & SEGMENT_VALUE) !== 0;
  if (label !== ((flags & SEGMENT_LOCAL) !== 0)) p.invalid();
  else p.text(`${SUB_INDENT}  ${label ? `Label: ${p.u24(id)}` : `Index: ${p.u32(id)}`}`);
  return 2;
}

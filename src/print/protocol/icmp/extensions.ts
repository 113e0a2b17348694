// What ICMP messages carry behind the quoted packet, and extended echo, which ICMPv6 shares.
// Source: RFC 4884 (multi-part messages), RFC 4950 (MPLS), RFC 5837 (interface information), RFC 8335 (extended echo).

import { checksum } from '../../checksum.js';
import { printUnknownData } from '../../hexdump.js';
import { hex } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

/** Where the extension begins: an ICMP header and 128 bytes of the quoted packet. */
const START = 136;
const VERSION = 2;
const OBJECT_HEADER = 4;

const CLASSES: Words = {
  1: 'MPLS Stack Entry Object',
  2: 'Interface Information Object',
  3: 'Interface Identification Object',
};
const ROLES: readonly string[] = [
  'Incoming IP Interface',
  'Sub-IP Component of Incoming IP Interface',
  'Outgoing IP Interface',
  'IP Next hop',
];
const CODES: Words = {
  0: 'No error',
  1: 'Malformed Query',
  2: 'No Such Interface',
  3: 'No Such Table Entry',
  4: 'Multiple Interfaces Satisfy Query',
};
const STATES: Words = {
  0: 'Reserved',
  1: 'Incomplete',
  2: 'Reachable',
  3: 'Stale',
  4: 'Delay',
  5: 'Probe',
  6: 'Failed',
};

/** The extension of an error message of `length` bytes, if there is one. `offset`: the ICMP header. */
export function multiPart(p: Printer, offset: number, length: number): void {
  if (length <= START) return;
  const start = offset + START;
  p.need(offset, START + 5);
  const rest = length - START;
  // Not every sender sets the length of the quoted packet: then only a right checksum tells an extension.
  if (p.u8(offset + 5) === 0 && p.has(start, rest) && checksum(p, start, rest) !== 0) return;
  const version = p.u8(start) >> 4;
  p.text(`\n\tICMP Multi-Part extension v${version}`);
  if (version !== VERSION) {
    p.text(' packet not supported');
    return;
  }
  if (p.has(start, rest)) printSum(p, start, rest);
  let at = start + 4;
  let left = rest - 4;
  while (left > OBJECT_HEADER) {
    const size = object(p, at);
    if (size < 0 || left < size) return;
    left -= size;
    at += size;
  }
}

/** `, checksum 0x… (correct), length N` of an extension structure. */
function printSum(p: Printer, offset: number, length: number): void {
  const right = checksum(p, offset, length) === 0;
  p.text(`, checksum 0x${hex(p.u16(offset + 2), 4)} (${right ? '' : 'in'}correct), length ${length}`);
}

/** One object. @returns its length, -1 when nothing can follow it */
function object(p: Printer, offset: number): number {
  const length = p.u16(offset);
  const kind = p.u8(offset + 2);
  const type = p.u8(offset + 3);
  p.text(`\n\t  ${CLASSES[kind] ?? 'unknown'} (${kind}), Class-Type: ${type}, length ${length}`);
  if (kind === 0 || length < OBJECT_HEADER) return -1;
  const at = offset + OBJECT_HEADER;
  const left = length - OBJECT_HEADER;
  if (kind === 1 && type === 1) stackEntry(p, at, left);
  else if (kind === 2) return interfaceInformation(p, at, left, type) ? length : -1;
  else if (kind === 3) return interfaceIdentification(p, at, left, type) ? length : -1;
  else printUnknownData(p, '\n\t    ', at, left);
  return length;
}

function stackEntry(p: Printer, at: number, left: number): void {
  p.need(at, 4);
  if (left < 4) return;
  const entry = p.u32(at);
  p.text(`\n\t    label ${entry >>> 12}, tc ${(entry >>> 9) & 7}`);
  if ((entry & 0x100) !== 0) p.text(', [S]');
  p.text(`, ttl ${entry & 0xff}`);
}

/** Bits of the class type say which parts follow. @returns false when the object cannot be understood */
function interfaceInformation(p: Printer, at: number, left: number, type: number): boolean {
  p.text(`\n\t    Interface Role: ${ROLES[type >> 6]!}`);
  if ((type & 8) !== 0) {
    p.need(at, 4);
    if (left < 4) return true;
    p.text(`\n\t    Interface Index: ${p.u32(at)}`);
    at += 4;
    left -= 4;
  }
  if ((type & 4) !== 0) {
    p.text('\n\t    IP Address sub-object: ');
    p.need(at, 4);
    if (left < 4) return true;
    const family = p.u16(at);
    at += 4;
    left -= 4;
    const size = family === 1 ? 4 : family === 2 ? 16 : 0;
    if (size === 0) {
      p.text('Unknown Address Family Identifier');
      return false;
    }
    p.need(at, size);
    if (left < size) return true;
    if (family === 1) p.ipv4(at);
    else p.ipv6(at);
    at += size;
    left -= size;
  }
  if ((type & 2) !== 0) {
    p.need(at, 1);
    if (left < 1) return true;
    const size = p.u8(at);
    p.text('\n\t    Interface Name');
    if (size < 1) return invalidName(p, `${size}`);
    p.need(at, size);
    if (left < size) return true;
    if (size % 4 !== 0) return invalidName(p, `${size} != N x 4`);
    if (size > 64) return invalidName(p, `${size} > 64`);
    p.text(`, length ${size}: `);
    p.safeUntilNul(at + 1, size - 1);
    at += size;
    left -= size;
  }
  if ((type & 1) !== 0) {
    p.need(at, 4);
    if (left < 4) return true;
    p.text(`\n\t    MTU: ${p.u32(at)}`);
  }
  return true;
}

function invalidName(p: Printer, why: string): true {
  p.text(` [length ${why}]`);
  p.invalid();
  return true;
}

/** What names the interface that is asked about. @returns false when the object cannot be understood */
function interfaceIdentification(p: Printer, at: number, left: number, type: number): boolean {
  switch (type) {
    case 1:
      p.text(`\n\t    Interface Name, length ${left}: `);
      p.safeUntilNul(at, left);
      return true;
    case 2:
      p.need(at, 4);
      if (left >= 4) p.text(`\n\t    Interface Index: ${p.u32(at)}`);
      return true;
    case 3: {
      p.text('\n\t    IP Address sub-object: ');
      p.need(at, 4);
      if (left < 4) return true;
      const family = p.u16(at);
      const size = p.u8(at + 2);
      p.need(at + 4, size);
      if (left - 4 < size) return true;
      const right = family === 1 ? 4 : family === 2 ? 16 : 0;
      if (right === 0) {
        p.text('Unknown Address Family Identifier');
        return false;
      }
      if (size !== right) p.text(`[length ${size} != ${right}] `);
      if (family === 1) p.ipv4(at + 4);
      else p.ipv6(at + 4);
      return true;
    }
    default:
      printUnknownData(p, '\n\t    ', at, left);
      return true;
  }
}

/** An extended echo request's one object. `flags`: the header's last byte, `offset`: what follows the header. */
export function extendedRequest(p: Printer, flags: number, offset: number): void {
  p.text(`\n\t${(flags & 1) !== 0 ? 'Local' : 'Remote'} Interface`);
  if (p.u8(offset) >> 4 !== VERSION) {
    p.invalid();
    return;
  }
  // The checksum covers the extension's header and its one object.
  const length = p.u16(offset + 4) + 4;
  if (p.has(offset, length)) printSum(p, offset, length);
  object(p, offset + 4);
}

/** What an extended echo reply says of the interface asked about. */
export function extendedReply(p: Printer, flags: number, code: number): void {
  const state = flags >> 5;
  p.text(`\n\tCode ${code} (${CODES[code] ?? 'Unknown'}), State ${state} (${STATES[state] ?? 'Unknown'})`);
  p.text(`, active ${(flags >> 2) & 1} ipv4 ${(flags >> 1) & 1} ipv6 ${flags & 1}`);
}

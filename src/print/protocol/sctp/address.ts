// SCTP's address configuration: ASCONF and ASCONF-ACK chunks. Source: RFC 5061; causes: RFC 9260.

import { below, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import type { SctpPacket } from './packet.js';

const IPV4 = 5;
const IPV6 = 6;
const ERROR = 0xc003;
const SUCCESS = 0xc005;
const PARAMETERS: Words = {
  0xc004: 'SET PRIM ADDR',
  0xc006: 'Adaptation Layer Indication',
  0x8008: 'Supported Extensions',
  0xc001: 'ADD ADDR',
  0xc002: 'DEL ADDR',
  [ERROR]: 'ERR',
  [SUCCESS]: 'SUCCESS',
};
const CAUSES: Words = {
  1: 'Invalid Stream Identifier',
  2: 'Missing Mandatory Parameter',
  3: 'Stale Cookie Error',
  4: 'Out of Resource',
  5: 'Unresolvable Address',
  6: 'Unrecognized Chunk Type',
  7: 'Invalid Mandatory Parameter',
  8: 'Unrecognized Parameters',
  9: 'No User Data',
  10: 'Cookie Received While Shutting Down',
  11: 'Restart of an Association with New Addresses',
  12: 'User Initiated Abort',
  13: 'Protocol Violation',
};
/** A word of four bytes and an address parameter. */
const WITH_IPV4 = 12;
const WITH_IPV6 = 24;
/** Type, length and correlation of a parameter. */
const HEADER = 8;

export function addressConfiguration(p: Printer, at: number, length: number): boolean {
  const end = at + length;
  if (below(p, 'chunk length', length, WITH_IPV4)) return false;
  p.text(`[SEQ: ${p.u32(at)}, `);
  const type = p.u16(at + 4);
  const size = type === IPV4 ? WITH_IPV4 : type === IPV6 ? WITH_IPV6 : 4 + p.u16(at + 6);
  if (below(p, 'chunk length', length, size)) return false;
  p.text(addressText(p, at + 4));
  at += size;
  while (at < end) {
    if (below(p, 'chunk length', end - at, 4)) return false;
    const parameter = p.u16(at + 2);
    if (below(p, 'parameter length', parameter, 2)) return false;
    if (below(p, 'chunk length', end - at, parameter)) return false;
    p.text(`[${wordOf(PARAMETERS, p.u16(at), '#%d')}`);
    if (p.options.verbose < 2) p.char(93);
    else {
      p.text(`: C-ID: ${p.u32(at + 4)}, `);
      const family = p.u16(at + 8);
      const least = family === IPV4 ? WITH_IPV4 : family === IPV6 ? WITH_IPV6 : 0;
      if (below(p, 'param length', parameter, least)) return false;
      p.text(addressText(p, at + 8));
    }
    at += parameter;
  }
  return true;
}

/** The address of an address parameter. */
function addressText(p: Printer, at: number): string {
  const type = p.u16(at);
  if (type === IPV4) return `ADDR: ${ipv4Text(p, at + 4)}] `;
  if (type === IPV6) return `ADDR: ${ipv6Text(p, at + 4)}] `;
  return 'ADDR: bogus address type]';
}

export function addressConfigurationAck(
  p: Printer,
  at: number,
  length: number,
  _flags: number,
  packet: SctpPacket,
): boolean {
  const end = at + length;
  if (below(p, 'chunk length', length, 4)) return false;
  p.text(`[SEQ: ${p.u32(at)}] `);
  at += 4;
  while (at < end) {
    if (below(p, 'chunk length', end - at, HEADER)) return false;
    const size = p.u16(at + 2);
    if (below(p, 'parameter length', size, HEADER) || below(p, 'chunk length', end - at, size)) return false;
    const type = p.u16(at);
    p.text(`[${wordOf(PARAMETERS, type, '#%d')}`);
    if (p.options.verbose < 2) p.text('] ');
    else if (type === ERROR) {
      p.text(`: C-ID: ${p.u32(at + 4)} `);
      if (!causes(p, at + HEADER, size - HEADER)) return false;
      p.text('] ');
    } else if (type === SUCCESS) {
      p.text(`: C-ID: ${p.u32(at + 4)} `);
      // What a success has inside counts twice: as its own and as what follows it.
      packet.left = (packet.left - (size - HEADER)) >>> 0;
      at += HEADER;
      continue;
    } else p.text('Unknown parameter] ');
    at += size;
  }
  return true;
}

/** The causes in an error, behind a header of their own. */
function causes(p: Printer, at: number, length: number): boolean {
  if (length === 0) return true;
  if (below(p, 'chunk length', length, 4) || below(p, 'param length', length, p.u16(at + 2))) return false;
  at += 4;
  length -= 4;
  while (length !== 0) {
    if (below(p, 'param length', length, 4)) return false;
    const size = p.u16(at + 2);
    if (size > length) {
      p.text(` [cause length ${size} > ${length}]`);
      return false;
    }
    if (below(p, 'cause length', size, 4)) return false;
    p.text(`${wordOf(CAUSES, p.u16(at), '#%d')}, `);
    at += size;
    length -= size;
  }
  return true;
}

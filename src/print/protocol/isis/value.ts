// IS-IS: the values of fields that are simple. Source: ISO 10589, RFC 1195, 5303 (adjacencies), 5306 (restart), 3358
// (checksum), 6232 (purges), 8202 (instances).

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, counted, hex, ipv4Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { OUI_NAMES } from '../../tables/oui.js';
import { idText, LSP_ID, NODE_ID, nsapText, printOsiChecksum, protocolList, SYSTEM_ID } from '../osi/osi.js';
import { metricBlock } from './reach.js';

/** The packet that the fields are of. */
export interface IsisPacket {
  readonly offset: number;
  /** Its length: what layers below say, or less by its own field. */
  readonly length: number;
}

const METRICS = 4;
const LSP_ENTRY = 16;

/** Things of one size, as long as a whole one is left. */
export function each(at: number, length: number, size: number, print: (at: number) => void): void {
  for (; length >= size; at += size, length -= size) print(at);
}

/** Area addresses, each behind its length. */
export function areas(p: Printer, at: number, length: number): void {
  while (length > 0) {
    const size = p.u8(at);
    if (length - 1 < size) return;
    p.text(`\n\t      Area address (length: ${size}): ${nsapText(p, at + 1, size)}`);
    at += 1 + size;
    length -= 1 + size;
  }
}

/** Neighboring systems, and whether the link to them is virtual. */
export function neighbors(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  const words: Words = { 0: 'IsNotVirtual', 1: 'IsVirtual' };
  p.text(`\n\t      ${wordOf(words, p.u8(at), 'bogus virtual flag 0x%02x')}`);
  neighborList(p, 'IS', at + 1, length - 1, NODE_ID);
}

/** Neighbors by identifiers of `size` bytes behind their metrics. */
export function neighborList(p: Printer, kind: string, at: number, length: number, size: number): void {
  each(at, length, METRICS + size, (one) => {
    p.need(one, METRICS + size);
    p.text(`\n\t      ${kind} Neighbor: ${idText(p, one + METRICS, size)}`);
    metricBlock(p, one);
  });
}

/** Prefixes of addresses that are reached at the same metrics. */
export function prefixNeighbors(p: Printer, at: number, length: number): void {
  if (length < METRICS) return;
  p.need(at, METRICS);
  p.text('\n\t      Metric Block');
  metricBlock(p, at);
  at += METRICS;
  length -= METRICS;
  while (length > 0) {
    // In half bytes.
    const size = p.u8(at);
    if (size < 2) {
      p.text(`\n\t\tAddress: prefix length ${size} < 2`);
      return;
    }
    const whole = size >> 1;
    if (length - 1 < whole) return;
    p.text(`\n\t\tAddress: ${nsapText(p, at + 1, whole)}/${size * 4}`);
    at += 1 + whole;
    length -= 1 + whole;
  }
}

/** The instance of a process, and its topologies. */
export function instance(p: Printer, at: number, length: number): void {
  if (length < 4) return;
  const count = (length - 2) >> 1;
  p.text(`\n\t      Instance ID: ${p.u16(at)}, ITIDs(${count})${count === 0 ? '' : ':'} `);
  for (let i = 0; i < count; i++) {
    p.dec(p.u16(at + 2 + 2 * i));
    if (i < count - 1) p.text(', ');
  }
}

/** Link state packets that a system has. */
export function lspEntries(p: Printer, at: number, length: number): void {
  each(at, length, LSP_ENTRY, (one) => {
    p.text(`\n\t      lsp-id: ${idText(p, one + 2, LSP_ID)}`);
    p.text(`, seq: 0x${hex(p.u32(one + 10), 8)}`);
    p.text(`, lifetime: ${String(p.u16(one)).padStart(5)}s`);
    p.text(`, chksum: 0x${hex(p.u16(one + 14), 4)}`);
  });
}

/** The checksum of packets that have none in their headers. */
export function checksum(p: Printer, at: number, length: number, packet: IsisPacket): void {
  if (length < 2) return;
  const value = p.u16(at);
  p.text(`\n\t      checksum: 0x${hex(value, 4)} `);
  printOsiChecksum(p, packet.offset, value, at - packet.offset, packet.length);
}

/** Who purged a link state packet, and who told so. */
export function purge(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  const systems = p.u8(at);
  if (systems === 0) {
    p.text(' No system IDs supplied');
    return;
  }
  at++;
  if (length - 1 < SYSTEM_ID) return;
  p.text(`\n\t      Purge Originator System-ID: ${idText(p, at, SYSTEM_ID)}`);
  if (systems === 1 || length - 1 < 2 * SYSTEM_ID) return;
  at += SYSTEM_ID;
  p.need(at, 2 * SYSTEM_ID + 1);
  p.text(`\n\t      Received from System-ID: ${idText(p, at, SYSTEM_ID)}`);
}

/** Network layer protocols. */
export function protocols(p: Printer, at: number, length: number): void {
  p.text('\n\t      NLPID(s): ');
  protocolList(p, at, length);
}

/** What is for routing between domains. */
export function interDomain(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  const type = p.u8(at);
  const words = counted(0, 'Reserved|Routing-Domain Specific|AS Number Tag');
  p.text(`\n\t      Inter-Domain Information Type: ${wordOf(words, type, 'Unknown (0x%02x)')}`);
  if (type !== 2) printUnknownData(p, '\n\t      ', at + 1, length - 1);
  else if (length - 1 >= 2) p.text(`AS Number: ${p.u16(at + 1)}`);
}

/** The name of a router. */
export function hostname(p: Printer, at: number, length: number): void {
  p.text('\n\t      Hostname: ');
  p.safeUntilNul(at, length);
}

/** Links that share a risk with that to a neighbor. */
export function sharedRisk(p: Printer, at: number, length: number): void {
  if (length < NODE_ID) return;
  p.text(`\n\t      IS Neighbor: ${idText(p, at, NODE_ID)}`);
  at += NODE_ID;
  length -= NODE_ID;
  if (length < 1) return;
  p.text(`, Flags: [${(p.u8(at) & 1) === 0 ? 'unnumbered' : 'numbered'}]`);
  at++;
  length--;
  for (const word of ['interface', 'neighbor']) {
    if (length < 4) return;
    p.text(`\n\t      IPv4 ${word} address: ${ipv4Text(p, at)}`);
    at += 4;
    length -= 4;
  }
  each(at, length, 4, (one) => p.text(`\n\t      Link-ID: 0x${hex(p.u32(one), 8)}`));
}

const RESTART_FLAGS: Bits = [
  [1, 'Restart Request'],
  [2, 'Restart Acknowledgement'],
  [4, 'Suppress adjacency advertisement'],
];

/** A restart, and how long neighbors still wait. */
export function restart(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  p.text(`\n\t      Flags [${bitsOf(RESTART_FLAGS, p.u8(at), 'none')}]`);
  if (length < 3) return;
  p.text(`, Remaining holding time ${p.u16(at + 1)}s`);
  if (length === 3 + SYSTEM_ID) p.text(`, for ${idText(p, at + 3, SYSTEM_ID)}`);
}

const ADJACENCIES = counted(0, 'Up|Initializing|Down');

/** The state of an adjacency, and identifiers of its ends. */
export function adjacency(p: Printer, at: number, length: number): void {
  if (length >= 1) {
    p.text(`\n\t      Adjacency State: ${wordOf(ADJACENCIES, p.u8(at), 'unknown')} (${p.u8(at)})`);
    length--;
  }
  // A field that is not there leaves its length to the next one, which has its place all the same.
  if (length > 4) {
    p.text(`\n\t      Extended Local circuit-ID: 0x${hex(p.u32(at + 1), 8)}`);
    length -= 4;
  }
  if (length >= SYSTEM_ID) {
    p.text(`\n\t      Neighbor System-ID: ${idText(p, at + 5, SYSTEM_ID)}`);
    length -= SYSTEM_ID;
  }
  if (length >= 4) p.text(`\n\t      Neighbor Extended Local circuit-ID: 0x${hex(p.u32(at + 11), 8)}`);
}

/** What a vendor has for itself. */
export function vendor(p: Printer, at: number, length: number): void {
  if (length < 3) return;
  const id = p.u24(at);
  p.text(`\n\t      Vendor: ${wordOf(OUI_NAMES, id, 'Unknown')} (${id})`);
  if (length > 3) printUnknownData(p, '\n\t\t', at + 3, length - 3);
}

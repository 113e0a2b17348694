// IS-IS: what type-length-value fields have in common, and those that are simple. Source: ISO 10589, RFC 1195, 5304,
// 5310 (authentication), 5303 (adjacencies), 5306 (restart), 3358 (checksum), 6232 (purges), 7981 (capabilities).

import { printUnknownData } from '../hexdump.js';
import { bitsOf, counted, hex, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import { OUI_NAMES } from '../oui.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../printer.js';
import { authentication } from './isisauth.js';
import { routerCapability } from './isiscapability.js';
import { extendedIpReach, ipReach } from './isisipreach.js';
import { metricBlock, reach } from './isisreach.js';
import { portCapability, spbCapability, topologies, topology } from './isistopology.js';
import { idText, LSP_ID, NODE_ID, nsapText, printOsiChecksum, protocolList, SYSTEM_ID } from './osi.js';

/** The packet that the fields are of. */
export interface IsisPacket {
  readonly offset: number;
  /** Its length: what layers below say, or less by its own field. */
  readonly length: number;
}

/** What a value's printer returns when nothing behind it is read. */
export const STOP = 'stop';

/** Prints a value. */
type TlvPrinter = (p: Printer, at: number, length: number, packet: IsisPacket) => unknown;

const HEADER = 2;
const METRICS = 4;
const LSP_ENTRY = 16;

const TLVS: Readonly<Record<number, readonly [name: string, print?: TlvPrinter]>> = {
  1: ['Area address(es)', areas],
  2: ['IS Reachability', neighbors],
  3: ['ES Neighbor(s)', (p, at, length) => neighborList(p, 'ES', at, length, SYSTEM_ID)],
  4: [
    'Partition DIS',
    (p, at, length) => each(at, length, SYSTEM_ID, (one) => p.text(`\n\t      ${idText(p, one, SYSTEM_ID)}`)),
  ],
  5: ['Prefix Neighbors', prefixNeighbors],
  6: [
    'IS Neighbor(s)',
    (p, at, length) =>
      each(at, length, SYSTEM_ID, (one) => p.text(`\n\t      SNPA: ${idText(p, one, SYSTEM_ID)}`)),
  ],
  7: ['Instance Identifier', instance],
  8: ['Padding', () => {}],
  9: ['LSP entries', lspEntries],
  10: ['Authentication', authentication],
  12: ['Checksum', checksum],
  13: ['Purge Originator Identifier', purge],
  14: ['LSP Buffersize', (p, at, length) => length >= 2 && p.text(`\n\t      LSP Buffersize: ${p.u16(at)}`)],
  22: ['Extended IS Reachability', (p, at, length) => reach(p, at, length, true)],
  24: ['IS Alias ID', (p, at, length) => reach(p, at, length, false)],
  42: ['DECnet Phase IV'],
  66: ['Lucent Proprietary'],
  128: ['IPv4 Internal Reachability', ipReach],
  129: ['Protocols supported', protocols],
  130: ['IPv4 External Reachability', ipReach],
  131: ['Inter-Domain Information Type', interDomain],
  132: [
    'IPv4 Interface address(es)',
    (p, at, length) =>
      each(at, length, 4, (one) => p.text(`\n\t      IPv4 interface address: ${ipv4Text(p, one)}`)),
  ],
  133: ['IPv4 authentication (deprecated)'],
  134: [
    'Traffic Engineering Router ID',
    (p, at, length) => length >= 4 && p.text(`\n\t      Traffic Engineering Router ID: ${ipv4Text(p, at)}`),
  ],
  135: ['Extended IPv4 Reachability', (p, at, length) => extendedIpReach(p, at, length, 4)],
  137: ['Hostname', hostname],
  138: ['Shared Risk Link Group', sharedRisk],
  143: ['Multi-Topology-Aware Port Capability', portCapability],
  144: ['Multi-Topology Capability', spbCapability],
  176: ['Nortel Proprietary'],
  177: ['Nortel Proprietary'],
  211: ['Restart Signaling', restart],
  222: [
    'Multi Topology IS Reachability',
    (p, at, length) => ofTopology(p, at, length, (one, left) => reach(p, one, left, true)),
  ],
  229: ['Multi Topology', topologies],
  232: [
    'IPv6 Interface address(es)',
    (p, at, length) =>
      each(at, length, 16, (one) => p.text(`\n\t      IPv6 interface address: ${ipv6Text(p, one)}`)),
  ],
  235: [
    'Multi-Topology IPv4 Reachability',
    (p, at, length) => ofTopology(p, at, length, (one, left) => extendedIpReach(p, one, left, 4)),
  ],
  236: ['IPv6 reachability', (p, at, length) => extendedIpReach(p, at, length, 16)],
  237: [
    'Multi-Topology IP6 Reachability',
    (p, at, length) => ofTopology(p, at, length, (one, left) => extendedIpReach(p, one, left, 16)),
  ],
  240: ['Point-to-point Adjacency State', adjacency],
  241: [
    'Hello PDU Sequence Number',
    (p, at, length) => length >= 4 && p.text(`\n\t      Sequence number: ${p.u32(at)}`),
  ],
  242: ['IS-IS Router Capability', routerCapability],
  250: ['Vendor Private', vendor],
};

/** Prints the fields from `at` to the packet's end. */
export function isisTlvs(p: Printer, packet: IsisPacket, at: number): void {
  const { verbose } = p.options;
  const end = packet.offset + packet.length;
  while (at < end) {
    p.need(at, HEADER);
    if (end - at < HEADER) throw TRUNCATED;
    const type = p.u8(at);
    const length = p.u8(at + 1);
    at += HEADER;
    const [name, print] = TLVS[type] ?? ['unknown'];
    p.text(`\n\t    ${name} TLV #${type}, length: ${length}`);
    if (end - at < length) throw TRUNCATED;
    if (print === undefined) {
      if (verbose <= 1) printUnknownData(p, '\n\t\t', at, length);
    } else if (print(p, at, length, packet) === STOP) return;
    if (verbose > 1) printUnknownData(p, '\n\t      ', at, length);
    at += length;
  }
}

/** Things of one size, as long as a whole one is left. */
function each(at: number, length: number, size: number, print: (at: number) => void): void {
  for (; length >= size; at += size, length -= size) print(at);
}

function ofTopology(
  p: Printer,
  at: number,
  length: number,
  print: (at: number, length: number) => void,
): void {
  topology(p, at, length);
  print(at + 2, length - 2);
}

function areas(p: Printer, at: number, length: number): void {
  while (length > 0) {
    const size = p.u8(at);
    if (length - 1 < size) return;
    p.text(`\n\t      Area address (length: ${size}): ${nsapText(p, at + 1, size)}`);
    at += 1 + size;
    length -= 1 + size;
  }
}

function neighbors(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  const words: Words = { 0: 'IsNotVirtual', 1: 'IsVirtual' };
  p.text(`\n\t      ${wordOf(words, p.u8(at), 'bogus virtual flag 0x%02x')}`);
  neighborList(p, 'IS', at + 1, length - 1, NODE_ID);
}

/** Neighbors by identifiers of `size` bytes behind their metrics. */
function neighborList(p: Printer, kind: string, at: number, length: number, size: number): void {
  each(at, length, METRICS + size, (one) => {
    p.need(one, METRICS + size);
    p.text(`\n\t      ${kind} Neighbor: ${idText(p, one + METRICS, size)}`);
    metricBlock(p, one);
  });
}

function prefixNeighbors(p: Printer, at: number, length: number): void {
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

function instance(p: Printer, at: number, length: number): void {
  if (length < 4) return;
  const count = (length - 2) >> 1;
  p.text(`\n\t      Instance ID: ${p.u16(at)}, ITIDs(${count})${count === 0 ? '' : ':'} `);
  for (let i = 0; i < count; i++) {
    p.dec(p.u16(at + 2 + 2 * i));
    if (i < count - 1) p.text(', ');
  }
}

function lspEntries(p: Printer, at: number, length: number): void {
  each(at, length, LSP_ENTRY, (one) => {
    p.text(`\n\t      lsp-id: ${idText(p, one + 2, LSP_ID)}`);
    p.text(`, seq: 0x${hex(p.u32(one + 10), 8)}`);
    p.text(`, lifetime: ${String(p.u16(one)).padStart(5)}s`);
    p.text(`, chksum: 0x${hex(p.u16(one + 14), 4)}`);
  });
}

function checksum(p: Printer, at: number, length: number, packet: IsisPacket): void {
  if (length < 2) return;
  const value = p.u16(at);
  p.text(`\n\t      checksum: 0x${hex(value, 4)} `);
  printOsiChecksum(p, packet.offset, value, at - packet.offset, packet.length);
}

function purge(p: Printer, at: number, length: number): void {
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

function protocols(p: Printer, at: number, length: number): void {
  p.text('\n\t      NLPID(s): ');
  protocolList(p, at, length);
}

function interDomain(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  const type = p.u8(at);
  const words = counted(0, 'Reserved|Routing-Domain Specific|AS Number Tag');
  p.text(`\n\t      Inter-Domain Information Type: ${wordOf(words, type, 'Unknown (0x%02x)')}`);
  if (type !== 2) printUnknownData(p, '\n\t      ', at + 1, length - 1);
  else if (length - 1 >= 2) p.text(`AS Number: ${p.u16(at + 1)}`);
}

function hostname(p: Printer, at: number, length: number): void {
  p.text('\n\t      Hostname: ');
  p.safeUntilNul(at, length);
}

function sharedRisk(p: Printer, at: number, length: number): void {
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

function restart(p: Printer, at: number, length: number): void {
  if (length < 1) return;
  p.text(`\n\t      Flags [${bitsOf(RESTART_FLAGS, p.u8(at), 'none')}]`);
  if (length < 3) return;
  p.text(`, Remaining holding time ${p.u16(at + 1)}s`);
  if (length === 3 + SYSTEM_ID) p.text(`, for ${idText(p, at + 3, SYSTEM_ID)}`);
}

const ADJACENCIES = counted(0, 'Up|Initializing|Down');

function adjacency(p: Printer, at: number, length: number): void {
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

function vendor(p: Printer, at: number, length: number): void {
  if (length < 3) return;
  const id = p.u24(at);
  p.text(`\n\t      Vendor: ${wordOf(OUI_NAMES, id, 'Unknown')} (${id})`);
  if (length > 3) printUnknownData(p, '\n\t\t', at + 3, length - 3);
}

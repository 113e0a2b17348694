// IS-IS: fields of type, length and value. Source: ISO 10589, RFC 1195 and those of each field.

import { completes } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { ipv4Text, ipv6Text } from '../../inline.js';
import { type Printer, TRUNCATED } from '../../printer.js';
import { idText, SYSTEM_ID } from '../osi/osi.js';
import { authentication } from './auth.js';
import { routerCapability } from './capability.js';
import { extendedIpReach, ipReach } from './ipreach.js';
import { reach } from './reach.js';
import { portCapability, spbCapability, topologies, topology } from './topology.js';
import {
  adjacency,
  areas,
  checksum,
  each,
  hostname,
  type IsisPacket,
  instance,
  interDomain,
  lspEntries,
  neighborList,
  neighbors,
  prefixNeighbors,
  protocols,
  purge,
  restart,
  sharedRisk,
  vendor,
} from './value.js';

/** Prints a value; OVERRUN when nothing of the packet is read behind it. */
type TlvPrinter = (p: Printer, at: number, length: number, packet: IsisPacket) => unknown;

const HEADER = 2;

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
    } else {
      const value = at;
      if (!completes(() => print(p, value, length, packet))) return;
    }
    if (verbose > 1) printUnknownData(p, '\n\t      ', at, length);
    at += length;
  }
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

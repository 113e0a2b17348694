// Ethernet: addresses, VLAN tags, and the dispatch by EtherType. Source: IEEE 802.3, 802.1Q; RFC 9542.

import { ARROW, COLON, COMMA, LENGTH } from '../constants.js';
import { dumpUnknown } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';
import { printIp } from '../protocol/ip/ip.js';
import { printIp6 } from '../protocol/ip/ip6.js';
import { printers } from '../table.js';
import { Constants } from '../writer.js';

const HEADER = 14;
const ADDRESSES = 12;
/** The greatest length a type field may have instead of a type. */
export const MAX_LENGTH_FIELD = 1500;
const MACSEC = 0x88e5;
const JUMBO = 0x8870;
const ARISTA = 0xd28b;

/** Types with names (tcpdump's ethertype_values). */
export const ETHERTYPES: Words = {
  254: 'GRE-OSI',
  512: 'PUP',
  1280: 'Sprite',
  1536: 'NS',
  1799: 'GeoNet (old)',
  2048: 'IPv4',
  2054: 'ARP',
  4096: 'Trail',
  4369: 'CALM FAST',
  24577: 'MOP DL',
  24578: 'MOP RC',
  24579: 'DN',
  24580: 'LAT',
  24583: 'SCA',
  25944: 'TEB',
  32821: 'Reverse ARP',
  32824: 'Lanbridge',
  32828: 'DEC DNS',
  32830: 'DEC DTS',
  32859: 'VEXP',
  32860: 'VPROD',
  32923: 'Appletalk',
  33011: 'Appletalk ARP',
  33024: '802.1Q',
  33079: 'IPX',
  34525: 'IPv6',
  34824: 'MPCP',
  34825: 'Slow Protocols',
  34827: 'PPP',
  34887: 'MPLS unicast',
  34888: 'MPLS multicast',
  34915: 'PPPoE D',
  34916: 'PPPoE S',
  34927: 'MS NLB heartbeat',
  34928: 'Jumbo',
  34958: 'EAPOL',
  34969: 'Realtek protocols',
  34978: 'AoE',
  34984: '802.1Q-QinQ',
  35018: 'TIPC',
  35020: 'LLDP',
  35045: '802.1AE MACsec',
  35063: 'PTP',
  35074: 'CFM',
  35130: 'IEEE1905.1',
  35143: 'GeoNet',
  35151: 'NSH',
  36864: 'Loopback',
  37120: '802.1Q-9100',
  37376: '802.1Q-9200',
  43981: 'CFM (old)',
  53899: 'Arista Vendor Specific Protocol',
  65278: 'OSI',
};

/** A VLAN tag follows. */
function isTag(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200;
}

/** LINKTYPE_ETHERNET. */
export function printEthernet(p: Printer, offset: number, length: number): void {
  p.protocol = 'ether';
  p.linkHeaderLength = HEADER;
  p.linkHeaderLength = ethernetFrame(p, offset, length);
}

function addresses(p: Printer, offset: number): void {
  p.mac(offset + 6);
  p.put(ARROW);
  p.mac(offset);
}

/** `ethertype IPv4 (0x0800)`, or with -q the name alone. */
export function typeName(p: Printer, type: number): void {
  if (p.options.quiet) {
    p.text(ETHERTYPES[type] ?? 'Unknown Ethertype (0x');
    if (ETHERTYPES[type] === undefined) {
      p.hex0(type, 4);
      p.char(41);
    }
    return;
  }
  p.put(NAMED_TYPES.of(type));
}

const NAMED_TYPES = new Constants(
  (type) => `ethertype ${ETHERTYPES[type] ?? 'Unknown'} (0x${type.toString(16).padStart(4, '0')})`,
);

/** What a switch puts between the addresses and the type. */
export interface SwitchTag {
  readonly size: number;
  readonly print: (p: Printer, offset: number) => void;
}

/**
 * An Ethernet frame, of a link or inside a tunnel.
 * @param length bytes on the wire
 * @param tag the tag of a switch; `p.protocol` is then the caller's
 * @param before what an encapsulation shows in front of the frame
 * @returns bytes of header: addresses, tags and type
 */
export function ethernetFrame(
  p: Printer,
  offset: number,
  length: number,
  tag: SwitchTag | null = null,
  before = '',
): number {
  if (tag === null) p.protocol = 'ether';
  const header = HEADER + (tag?.size ?? 0);
  const captured = p.available(offset);
  if (length < captured) {
    p.text(`[length ${length} < caplen ${captured}]`);
    p.invalid();
    return length;
  }
  if (captured < header) {
    p.truncated();
    return captured;
  }
  p.text(before);
  if (p.options.linkHeader) {
    addresses(p, offset);
    p.put(COMMA);
  }
  tag?.print(p, offset + ADDRESSES);
  return typed(p, offset, offset + header - 2, length);
}

/**
 * The rest of a frame from its first type or length field on.
 * @returns bytes of header
 */
function typed(p: Printer, offset: number, at: number, length: number): number {
  const linkHeader = p.options.linkHeader;
  const end = offset + length;
  for (;;) {
    let type = p.u16(at);
    let said = false;
    at += 2;
    if (type === MACSEC) {
      if (linkHeader) {
        typeName(p, type);
        printLength(p, length);
        said = true;
      }
      return printMacsecFrame(p, offset, at, end - at, length, said);
    }
    while (isTag(type)) {
      if (!p.has(at, 4)) {
        p.protocol = 'vlan';
        p.truncated();
        return p.snapEnd - offset;
      }
      if (linkHeader) {
        typeName(p, type);
        if (said) p.text(', ');
        else printLength(p, length);
        said = true;
        const tag = p.u16(at);
        p.text(`vlan ${tag & 0xfff}, p ${tag >> 13}${(tag & 0x1000) !== 0 ? ', DEI' : ''}, `);
      }
      type = p.u16(at + 2);
      at += 4;
    }
    if (type !== ARISTA) return at - offset + printTyped(p, offset, at, end - at, type, length, said);
    const used = aristaHeader(p, offset, at, length);
    if (used < 0) return at - offset;
    at += used;
  }
}

/** @returns bytes of Arista's header in front of the frame's own type, -1 when nothing behind it can be told */
function aristaHeader(p: Printer, offset: number, at: number, length: number): number {
  if (!p.has(at, 2)) {
    p.text('[|arista]');
    return -1;
  }
  typeName(p, ARISTA);
  printLength(p, length);
  const used = printers.arista(p, at);
  if (used >= 0) return used;
  if (!p.options.linkHeader) {
    addresses(p, offset);
    p.text(', ');
    typeName(p, ARISTA);
    printLength(p, length);
  }
  dumpUnknown(p, at, p.available(at));
  return -1;
}

/** `, length 60: ` */
export function printLength(p: Printer, length: number): void {
  p.put(LENGTH);
  p.dec(length);
  p.put(COLON);
}

/** What follows a secure tag, when it is not encrypted; `at` is behind the type. */
function printMacsecFrame(
  p: Printer,
  offset: number,
  at: number,
  rest: number,
  whole: number,
  said: boolean,
): number {
  const secured = printers.macsec(p, at, rest, offset);
  if (secured === null) return at + p.available(at) - offset;
  if (secured.encrypted) {
    dumpUnknown(p, secured.offset, p.available(secured.offset));
    return secured.offset - offset;
  }
  // The check value behind the payload is not the payload's.
  p.pushSnapEnd(Math.min(p.snapEnd, secured.end));
  at = secured.offset;
  let type = p.u16(at);
  at += 2;
  while (isTag(type)) {
    if (!p.has(at, 4)) {
      p.protocol = 'vlan';
      p.truncated();
      p.pop();
      return at - offset;
    }
    if (p.options.linkHeader) {
      typeName(p, type);
      const tag = p.u16(at);
      p.text(`, vlan ${tag & 0xfff}, p ${tag >> 13}${(tag & 0x1000) !== 0 ? ', DEI' : ''}, `);
    }
    type = p.u16(at + 2);
    at += 4;
  }
  at += printTyped(p, offset, at, secured.offset + secured.length - at, type, whole, said);
  p.pop();
  return at - offset;
}

/** What follows the last type or length field. @returns bytes of its LLC header, 0 without one */
function printTyped(
  p: Printer,
  frame: number,
  at: number,
  length: number,
  type: number,
  whole: number,
  said: boolean,
): number {
  const linkHeader = p.options.linkHeader;
  if (type <= MAX_LENGTH_FIELD) {
    // What the length field does not claim is padding.
    if (type < length) length = type;
    p.pushSnapEnd(at + length);
    if (linkHeader) {
      p.text('802.3');
      if (!said) printLength(p, length);
    }
    const used = logicalLink(p, at, length, frame + 6, frame);
    p.pop();
    return used;
  }
  if (type === JUMBO) {
    if (linkHeader) {
      typeName(p, type);
      if (said) p.text(', ');
      else printLength(p, whole);
    }
    return logicalLink(p, at, length, frame + 6, frame);
  }
  if (linkHeader) {
    typeName(p, type);
    if (said) p.text(', ');
    else printLength(p, whole);
  }
  if (printEthertype(p, type, at, length, frame + 6, frame)) return 0;
  if (!linkHeader) {
    addresses(p, frame);
    p.text(', ');
    typeName(p, type);
    printLength(p, whole);
  }
  dumpUnknown(p, at, p.available(at));
  return 0;
}

/**
 * Prints LLC; what it has no printer for is dumped.
 * @param source where the frame's addresses are, -1: it has none
 * @returns bytes of header
 */
export function logicalLink(p: Printer, at: number, length: number, source = -1, destination = -1): number {
  const used = printers.llc(p, at, length, source, destination);
  if (used < 0) dumpUnknown(p, at, p.available(at));
  return Math.abs(used);
}

/**
 * What an EtherType says follows (ethertype_print).
 * @returns false when there is no printer for it
 */
export function printEthertype(
  p: Printer,
  type: number,
  offset: number,
  length: number,
  source = -1,
  destination = -1,
): boolean {
  switch (type) {
    case 0x0800:
      printIp(p, offset, length);
      return true;
    case 0x86dd:
      printIp6(p, offset, length);
      return true;
    case 0x0806:
    case 0x8035:
      printers.arp(p, offset, length);
      return true;
    case 0x8863:
    case 0x8864:
      printers.pppoe(p, offset, length);
      return true;
    case 0x8847:
    case 0x8848:
      printers.mpls(p, offset, length);
      return true;
    case 0x888e:
      printers.eapol(p, offset, length);
      return true;
    case 0x8809:
      printers.slow(p, offset, length);
      return true;
    case 0x88cc:
      printers.lldp(p, offset, length);
      return true;
    case 0x88f7:
      printers.ptp(p, offset, length);
      return true;
    case 0x8902:
    case 0xabcd:
      printers.cfm(p, offset, length);
      return true;
    case 0x6003:
      printers.decnet(p, offset, length);
      return true;
    case 0x809b:
      if (p.options.verbose > 0) p.text('et1 ');
      printers.appleTalk(p, offset, length);
      return true;
    case 0x80f3:
      printers.aarp(p, offset, length);
      return true;
    case 0x88ca:
      printers.tipc(p, offset);
      return true;
    case 0x88a2:
      printers.aoe(p, offset, length);
      return true;
    case 0x1111:
      printers.calmFast(p, offset, length, source);
      return true;
    case 0x0707:
    case 0x8947:
      printers.geonet(p, offset, length);
      return true;
    case 0x8808:
      printers.mpcp(p, offset, length);
      return true;
    case 0x886f:
      printers.msNlb(p, offset);
      return true;
    case 0x8899:
      printers.realtek(p, offset, length, source, destination);
      return true;
    case 0x9000:
      printers.loopback(p, offset, length);
      return true;
    case 0xfefe:
      if (length === 0 || p.available(offset) === 0) {
        p.protocol = 'isoclns';
        p.truncated();
      } else printers.isoclns(p, offset + 1, length - 1);
      return true;
    case 0x8137:
      p.text('(NOV-ETHII) ');
      printers.ipx(p, offset, length);
      return true;
    case 0x894f:
      printers.nsh(p, offset, length);
      return true;
    case 0x880b:
      if (length > 0) {
        p.text(': ');
        printers.ppp(p, offset, length);
      }
      return true;
    default:
      return false;
  }
}

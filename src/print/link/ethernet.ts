// Ethernet: addresses, VLAN tags, and the dispatch by EtherType. Source: IEEE 802.3, 802.1Q; RFC 9542.

import { dumpUnknown } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';
import { printIp } from '../protocol/ip.js';
import { printIp6 } from '../protocol/ip6.js';
import { printers } from '../table.js';

const ADDRESSES = 12;
const HEADER = 14;
const MAX_LENGTH_FIELD = 1500;

export const ETHERTYPES: Words = {
  512: 'PUP',
  2048: 'IPv4',
  2054: 'ARP',
  2056: 'FRF.15',
  4096: 'Trailer',
  24577: 'MOP DL',
  24578: 'MOP RC',
  24579: 'DECnet',
  24580: 'LAT',
  24583: 'SCA',
  32821: 'Reverse ARP',
  32823: 'IPX',
  32828: 'VEXP',
  32829: 'VPROD',
  32923: 'Appletalk',
  33011: 'Appletalk ARP',
  33024: '802.1Q',
  33079: 'IPX',
  34525: 'IPv6',
  34667: 'TCP Compression',
  34824: 'Slow Protocols',
  34825: 'Slow Protocols',
  34827: 'PPP',
  34828: 'GSMP',
  34887: 'MPLS unicast',
  34888: 'MPLS multicast',
  34915: 'PPPoE D',
  34916: 'PPPoE S',
  34958: 'EAPOL',
  34969: 'RRCP',
  34978: 'AOE',
  34984: '802.1Q-QinQ',
  34997: 'Profinet',
  35017: 'NCSI',
  35020: 'LLDP',
  35045: 'MACsec',
  35063: 'PTP',
  35074: 'CFM',
  35151: 'NSH',
  36864: 'Loopback',
  37120: '802.1Q-9100',
  37376: '802.1Q-9200',
  25944: 'Transparent Ethernet bridging',
  25945: 'RAW',
  32864: 'JUMBO',
};

const TAGS = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);

/** LINKTYPE_ETHERNET. */
export function printEthernet(p: Printer, offset: number, length: number): void {
  p.protocol = 'ether';
  p.linkHeaderLength = HEADER;
  p.linkHeaderLength = ethernetFrame(p, offset, length);
}

function addresses(p: Printer, offset: number): void {
  p.mac(offset + 6);
  p.text(' > ');
  p.mac(offset);
}

/** `ethertype IPv4 (0x0800)`, or with -q the name alone. */
function typeName(p: Printer, type: number): void {
  if (p.options.quiet) {
    p.text(ETHERTYPES[type] ?? 'Unknown Ethertype (0x');
    if (ETHERTYPES[type] === undefined) {
      p.hex0(type, 4);
      p.char(41);
    }
    return;
  }
  p.text('ethertype ');
  p.text(ETHERTYPES[type] ?? 'Unknown');
  p.text(' (0x');
  p.hex0(type, 4);
  p.char(41);
}

/**
 * An Ethernet frame, of a link or inside a tunnel.
 * @param length bytes on the wire
 * @returns bytes of header: addresses, tags and type
 */
export function ethernetFrame(p: Printer, offset: number, length: number): number {
  if (length < HEADER || !p.has(offset, HEADER)) {
    p.truncated();
    return length;
  }
  const linkHeader = p.options.linkHeader;
  const whole = length;
  let at = offset + ADDRESSES;
  length -= HEADER;
  let type = p.u16(at);
  at += 2;
  if (linkHeader) {
    addresses(p, offset);
    if (type > MAX_LENGTH_FIELD) {
      p.text(', ');
      typeName(p, type);
      p.text(', length ');
    } else {
      p.text(p.options.quiet ? ', 802.3, length ' : ', 802.3, length ');
    }
    p.dec(whole);
    p.text(': ');
  }
  while (TAGS.has(type)) {
    if (length < 4 || !p.has(at, 4)) {
      p.protocol = 'vlan';
      p.truncated();
      return at - offset;
    }
    if (linkHeader) {
      const tci = p.u16(at);
      p.text('vlan ');
      p.dec(tci & 0xfff);
      p.text(', p ');
      p.dec(tci >> 13);
      if ((tci & 0x1000) !== 0) p.text(', DEI');
      p.text(', ');
    }
    type = p.u16(at + 2);
    at += 4;
    length -= 4;
    if (linkHeader && type > MAX_LENGTH_FIELD) {
      typeName(p, type);
      p.text(', ');
    }
  }
  const header = at - offset;
  if (type <= MAX_LENGTH_FIELD) {
    // The rest of a frame that says its length is padding.
    if (length > type) {
      p.pushSnapEnd(at + type);
      length = type;
      printers.llc(p, at, length);
      p.pop();
    } else {
      printers.llc(p, at, length);
    }
    return header;
  }
  if (!printEthertype(p, type, at, length)) {
    if (!linkHeader) {
      addresses(p, offset);
      p.text(', ');
      typeName(p, type);
      p.text(', length ');
      p.dec(whole);
      p.text(': ');
    }
    dumpUnknown(p, at, p.available(at));
  }
  return header;
}

/**
 * What an EtherType says follows (ethertype_print).
 * @returns false when there is no printer for it
 */
export function printEthertype(p: Printer, type: number, offset: number, length: number): boolean {
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
      printers.eap(p, offset, length);
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
    case 0x894f:
      printers.nsh(p, offset, length);
      return true;
    case 0x880b:
      if (length === 0) return false;
      p.text(': ');
      printers.ppp(p, offset, length);
      return true;
    default:
      return false;
  }
}

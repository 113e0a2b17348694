// Where a frame's IP packet begins, and where its headers end.

import { LinkType } from './linktype.js';
import type { Packet } from './packet.js';

const ETHERNET_HEADER = 14;
const SLL_HEADER = 16;
const SLL2_HEADER = 20;
const VLAN_TAG = 4;
/** Tags deep a frame may be. */
const MAXIMUM_TAGS = 4;

const EtherType = { IPV4: 0x0800, IPV6: 0x86dd, VLAN: 0x8100, QINQ: 0x88a8, QINQ_OLD: 0x9100 } as const;
const PppProtocol = { IPV4: 0x0021, IPV6: 0x0057 } as const;

/**
 * @returns how many bytes precede the packet's IP header, -1 when it holds no IP packet or is cut off before it
 */
export function ipOffset(packet: Packet): number {
  const { buffer: b, offset, capturedLength } = packet;
  const length = linkHeaderLength(packet);
  if (length < 0 || length >= capturedLength) return -1;
  const version = b[offset + length]! >> 4;
  return version === 4 || version === 6 ? length : -1;
}

function linkHeaderLength(packet: Packet): number {
  const { buffer: b, offset, capturedLength } = packet;
  switch (packet.linkType) {
    case 12:
    case 14:
    case LinkType.RAW:
    case LinkType.IPV4:
    case LinkType.IPV6:
      return 0;
    // The address family's number differs from system to system; the version below tells.
    case LinkType.NULL:
    case LinkType.LOOP:
      return 4;
    case LinkType.ETHERNET:
      return tagged(b, offset, capturedLength, ETHERNET_HEADER);
    case LinkType.LINUX_SLL:
      return tagged(b, offset, capturedLength, SLL_HEADER);
    case LinkType.LINUX_SLL2:
      return isIp(capturedLength < 2 ? 0 : u16(b, offset)) ? SLL2_HEADER : -1;
    case LinkType.C_HDLC:
      return isIp(capturedLength < 4 ? 0 : u16(b, offset + 2)) ? 4 : -1;
    case LinkType.PPP:
    case LinkType.PPP_HDLC:
      return ppp(b, offset, capturedLength, 0);
    case LinkType.PPP_WITH_DIR:
      return ppp(b, offset, capturedLength, 1);
    case LinkType.PPP_ETHER:
      return ppp(b, offset, capturedLength, 6);
    default:
      return -1;
  }
}

/** The Ethernet type is the header's last field; tags may come between it and the packet. */
function tagged(b: Uint8Array, offset: number, available: number, header: number): number {
  for (let tags = 0; tags <= MAXIMUM_TAGS && header <= available; tags++, header += VLAN_TAG) {
    const type = u16(b, offset + header - 2);
    if (isIp(type)) return header;
    if (type !== EtherType.VLAN && type !== EtherType.QINQ && type !== EtherType.QINQ_OLD) return -1;
  }
  return -1;
}

function ppp(b: Uint8Array, offset: number, available: number, at: number): number {
  if (at + 4 > available) return -1;
  // Address and control may be left out, and the protocol's first byte when it is 0 (RFC 1661).
  if (b[offset + at] === 0xff && b[offset + at + 1] === 0x03) at += 2;
  if ((b[offset + at]! & 1) !== 0) return pppIp(b[offset + at]!) ? at + 1 : -1;
  return at + 2 <= available && pppIp(u16(b, offset + at)) ? at + 2 : -1;
}

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const FRAGMENT_HEADER = 8;
const IpProtocol = {
  HOP_BY_HOP: 0,
  ICMP: 1,
  TCP: 6,
  UDP: 17,
  ROUTING: 43,
  FRAGMENT: 44,
  AH: 51,
  ICMP6: 58,
  OPTIONS: 60,
} as const;
/** Bytes of the headers that have a fixed length; the rest of a TCP header is its options. */
const TRANSPORT: Readonly<Record<number, number>> = {
  [IpProtocol.ICMP]: 8,
  [IpProtocol.TCP]: 20,
  [IpProtocol.UDP]: 8,
  [IpProtocol.ICMP6]: 8,
};
/** Extension headers deep a packet may be. */
const MAXIMUM_EXTENSIONS = 8;

/**
 * @returns how many of the captured bytes are headers of link, IP and transport; all of them when it is no IP packet
 */
export function headersLength(packet: Packet): number {
  const { buffer: b, offset, capturedLength } = packet;
  const ip = ipOffset(packet);
  if (ip < 0) return capturedLength;
  let at = ip;
  let protocol = -1;
  const has = (bytes: number): boolean => at + bytes <= capturedLength;
  if (b[offset + ip]! >> 4 === 4) {
    if (!has(IPV4_HEADER)) return capturedLength;
    if ((u16(b, offset + at + 6) & 0x1fff) === 0) protocol = b[offset + at + 9]!;
    at += Math.max((b[offset + at]! & 15) * 4, IPV4_HEADER);
  } else {
    if (!has(IPV6_HEADER)) return capturedLength;
    protocol = b[offset + at + 6]!;
    at += IPV6_HEADER;
    for (let i = 0; i < MAXIMUM_EXTENSIONS && has(FRAGMENT_HEADER); i++) {
      const size = extensionLength(protocol, b[offset + at + 1]!);
      if (size === 0) break;
      const later = protocol === IpProtocol.FRAGMENT && u16(b, offset + at + 2) >> 3 !== 0;
      protocol = later ? -1 : b[offset + at]!;
      at += size;
    }
  }
  const transport = TRANSPORT[protocol] ?? 0;
  if (protocol === IpProtocol.TCP && has(transport))
    at += Math.max((b[offset + at + 12]! >> 4) * 4, transport);
  else at += transport;
  return Math.min(at, capturedLength);
}

/**
 * Source: RFC 8200 4, RFC 4302.
 * @param units its length field
 * @returns bytes of an extension header, 0 when the protocol is none
 */
function extensionLength(protocol: number, units: number): number {
  switch (protocol) {
    case IpProtocol.HOP_BY_HOP:
    case IpProtocol.ROUTING:
    case IpProtocol.OPTIONS:
      return (units + 1) * 8;
    case IpProtocol.AH:
      return (units + 2) * 4;
    case IpProtocol.FRAGMENT:
      return FRAGMENT_HEADER;
    default:
      return 0;
  }
}

function isIp(type: number): boolean {
  return type === EtherType.IPV4 || type === EtherType.IPV6;
}

function pppIp(protocol: number): boolean {
  return protocol === PppProtocol.IPV4 || protocol === PppProtocol.IPV6;
}

function u16(b: Uint8Array, at: number): number {
  return (b[at]! << 8) | b[at + 1]!;
}

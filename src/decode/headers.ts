// A packet's headers: link, IP, transport, and where the payload begins. One object is filled anew for each packet; nothing is
// allocated. What is cut off or broken is not there: an offset of -1, a number of 0 or -1 as said at each field.

import type { Packet } from '../packet/index.js';
import { Link, u16, u32 } from './link.js';
import { EtherType, IpProtocol } from './numbers.js';
import { readTunnel } from './tunnel.js';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const EXTENSION = 8;
const TCP_HEADER = 20;
const UDP_HEADER = 8;
/** Up to its flags. */
const TCP_FLAGS_END = 14;
/** Bytes of the transport headers that have a fixed length; the rest of a TCP header is its options. */
const TRANSPORT: Readonly<Record<number, number>> = {
  [IpProtocol.ICMP]: 8,
  [IpProtocol.TCP]: TCP_HEADER,
  [IpProtocol.UDP]: UDP_HEADER,
  [IpProtocol.ICMP6]: 8,
  [IpProtocol.UDPLITE]: UDP_HEADER,
};
/** Extension headers deep a packet may be: more is an attack, not a packet. */
const MAXIMUM_EXTENSIONS = 6;
const MAXIMUM_TUNNELS = 4;

/** Offsets are absolute in the packet's buffer. */
export class Headers {
  link = new Link();
  buffer: Uint8Array = new Uint8Array(0);
  /** End of what was captured. */
  end = 0;
  private carried = new Link();
  /** Tunnels that were entered. */
  depth = 0;

  /** 4, 6, or 0: not IP, or cut off before its header's end. */
  version = 0;
  /** Offset of the IP header, -1: none. Set also when the header itself is cut off or broken. */
  ip = -1;
  /** End of the IP packet as its length says, beyond `end` when it is cut off. */
  ipEnd = -1;
  trafficClass = 0;
  ttl = 0;
  /** Offsets of the addresses, of 4 or 16 bytes. */
  source = -1;
  destination = -1;
  /** Protocol above IP and its extension headers and AH, -1: not IP. */
  protocol = -1;
  fragmented = false;
  /** A fragment that is not the first: it has no transport header. */
  laterFragment = false;
  /** Identification of a fragmented packet. */
  identification = 0;

  /** Offset of the transport header, -1: none, or nothing of it was captured. */
  transport = -1;
  /** Of TCP, UDP, UDP-Lite, SCTP and DCCP; -1: none. */
  sourcePort = -1;
  destinationPort = -1;
  /** TCP's; 0 for others. */
  tcpFlags = 0;
  sequence = 0;
  acknowledgement = 0;
  window = 0;
  /** ICMP and ICMPv6: type and code; -1 for others. */
  icmpType = -1;
  icmpCode = -1;
  /** Identifier of an ICMP echo request or reply, -1: none. */
  echo = -1;

  /** End of link, IP and transport headers as they say themselves, perhaps beyond `end`; -1: not IP. */
  headersEnd = -1;
  /** Offset of what the transport header (or IP, where no transport is known) carries, -1: none. */
  payload = -1;
  /** Its end, of what was captured. */
  payloadEnd = -1;
  /** Its length on the wire, as IP's (or UDP's) length says. */
  payloadLength = 0;

  /**
   * Reads a packet's headers.
   * @returns whether it is an IP packet
   */
  read(packet: Packet): boolean {
    const { buffer, offset, capturedLength } = packet;
    this.buffer = buffer;
    this.end = offset + capturedLength;
    this.depth = 0;
    this.link.read(buffer, offset, this.end, packet.linkType);
    return this.network();
  }

  /** How many of the captured bytes of the packet read last are headers of link, IP and transport; all when it is not IP. */
  headersLength(packet: Packet): number {
    const { headersEnd, end } = this;
    return headersEnd < 0 ? packet.capturedLength : Math.min(headersEnd, end) - packet.offset;
  }

  /**
   * Goes on to the packet that this one carries: IP in IP, GRE, VXLAN, Geneve, GTP, Teredo, L2TP, MPLS and GRE in UDP.
   * @returns whether there is one, of IP; if not, the headers stay those of the outer packet
   */
  enter(): boolean {
    if (this.depth >= MAXIMUM_TUNNELS) return false;
    const { buffer } = this;
    const carried = this.carried;
    readTunnel(this, carried);
    const at = carried.network;
    if (at < 0) return false;
    const six = carried.etherType === EtherType.IPV6;
    if (!six && carried.etherType !== EtherType.IPV4) return false;
    if (at + (six ? IPV6_HEADER : IPV4_HEADER) > this.end || buffer[at]! >> 4 !== (six ? 6 : 4)) return false;
    this.carried = this.link;
    this.link = carried;
    this.depth++;
    return this.network();
  }

  /** What the link layer led to. */
  private network(): boolean {
    this.clear();
    const { etherType, network } = this.link;
    if (etherType === EtherType.IPV4) this.ipv4(network);
    else if (etherType === EtherType.IPV6) this.ipv6(network);
    return this.version !== 0;
  }

  private clear(): void {
    this.version = 0;
    this.ip = -1;
    this.ipEnd = -1;
    this.trafficClass = 0;
    this.ttl = 0;
    this.source = -1;
    this.destination = -1;
    this.protocol = -1;
    this.fragmented = false;
    this.laterFragment = false;
    this.identification = 0;
    this.transport = -1;
    this.sourcePort = -1;
    this.destinationPort = -1;
    this.tcpFlags = 0;
    this.sequence = 0;
    this.acknowledgement = 0;
    this.window = 0;
    this.icmpType = -1;
    this.icmpCode = -1;
    this.echo = -1;
    this.headersEnd = -1;
    this.payload = -1;
    this.payloadEnd = -1;
    this.payloadLength = 0;
  }

  /** Source: RFC 791. */
  private ipv4(at: number): void {
    const b = this.buffer;
    if (at >= this.end || b[at]! >> 4 !== 4) return;
    this.ip = at;
    const header = (b[at]! & 15) * 4;
    if (at + IPV4_HEADER > this.end || header < IPV4_HEADER) return;
    this.version = 4;
    this.trafficClass = b[at + 1]!;
    this.ttl = b[at + 8]!;
    this.source = at + 12;
    this.destination = at + 16;
    this.protocol = b[at + 9]!;
    // Segments too large for the field carry 0: they go on to the end of the frame.
    const length = u16(b, at + 2);
    this.ipEnd = length === 0 ? this.end : at + length;
    const fragment = u16(b, at + 6);
    this.fragmented = (fragment & 0x3fff) !== 0;
    this.laterFragment = (fragment & 0x1fff) !== 0;
    this.identification = u16(b, at + 4);
    at += header;
    if (this.protocol === IpProtocol.AH && !this.laterFragment) at = this.extensions(IpProtocol.AH, at, true);
    this.above(at);
  }

  /** Source: RFC 8200. */
  private ipv6(at: number): void {
    const b = this.buffer;
    if (at >= this.end || b[at]! >> 4 !== 6) return;
    this.ip = at;
    if (at + IPV6_HEADER > this.end) return;
    this.version = 6;
    this.trafficClass = ((b[at]! & 15) << 4) | (b[at + 1]! >> 4);
    this.ttl = b[at + 7]!;
    this.source = at + 8;
    this.destination = at + 24;
    const length = u16(b, at + 4);
    this.ipEnd = length === 0 ? this.end : at + IPV6_HEADER + length;
    this.above(this.extensions(b[at + 6]!, at + IPV6_HEADER, false));
  }

  /**
   * Walks extension headers and AH.
   * @param onlyAh below IPv4 there are no others
   * @returns where what comes after them begins
   */
  private extensions(next: number, at: number, onlyAh: boolean): number {
    const b = this.buffer;
    for (let i = 0; i < MAXIMUM_EXTENSIONS && at + EXTENSION <= this.end; i++) {
      const size = extensionLength(next, b[at + 1]!);
      if (size === 0 || (onlyAh && next !== IpProtocol.AH)) break;
      if (next === IpProtocol.FRAGMENT) {
        this.fragmented = true;
        this.laterFragment = u16(b, at + 2) >> 3 !== 0;
        this.identification = u32(b, at + 4);
      }
      next = b[at]!;
      at += size;
      if (this.laterFragment) break;
    }
    this.protocol = next;
    return at;
  }

  /** What IP carries, from `at` on. */
  private above(at: number): void {
    const end = Math.min(this.end, this.ipEnd);
    this.headersEnd = at + (this.laterFragment ? 0 : (TRANSPORT[this.protocol] ?? 0));
    if (at > end) return;
    this.payload = at;
    this.payloadEnd = end;
    this.payloadLength = this.ipEnd - at;
    if (this.laterFragment || at >= end) return;
    this.transport = at;
    switch (this.protocol) {
      case IpProtocol.TCP:
        this.ports(at, end);
        if (at + TCP_FLAGS_END <= end) this.tcp(at, end);
        break;
      case IpProtocol.UDP:
      case IpProtocol.UDPLITE:
        this.ports(at, end);
        this.udp(at, end);
        break;
      case IpProtocol.SCTP:
      case IpProtocol.DCCP:
        this.ports(at, end);
        break;
      case IpProtocol.ICMP:
        if (this.version === 4) this.icmp(at, end, 8, 0);
        break;
      case IpProtocol.ICMP6:
        if (this.version === 6) this.icmp(at, end, 128, 129);
        break;
    }
  }

  private ports(at: number, end: number): void {
    if (at + 4 > end) return;
    this.sourcePort = u16(this.buffer, at);
    this.destinationPort = u16(this.buffer, at + 2);
  }

  /** Source: RFC 9293 3.1. */
  private tcp(at: number, end: number): void {
    const b = this.buffer;
    this.sequence = u32(b, at + 4);
    this.acknowledgement = u32(b, at + 8);
    this.tcpFlags = b[at + 13]!;
    if (at + 16 <= end) this.window = u16(b, at + 14);
    this.carries(at + Math.max((b[at + 12]! >> 4) * 4, TCP_HEADER), this.ipEnd);
  }

  /** Source: RFC 768; UDP-Lite's second number is the checksum's coverage (RFC 3828). */
  private udp(at: number, end: number): void {
    if (at + UDP_HEADER > end) return;
    const length = this.protocol === IpProtocol.UDP ? u16(this.buffer, at + 4) : 0;
    const until = length >= UDP_HEADER ? Math.min(this.ipEnd, at + length) : this.ipEnd;
    this.carries(at + UDP_HEADER, until);
  }

  /** Source: RFC 792, RFC 4443. */
  private icmp(at: number, end: number, request: number, reply: number): void {
    const b = this.buffer;
    if (at + 2 > end) return;
    this.icmpType = b[at]!;
    this.icmpCode = b[at + 1]!;
    if (at + 8 > end) return;
    if (this.icmpType === request || this.icmpType === reply) this.echo = u16(b, at + 4);
    this.carries(at + 8, this.ipEnd);
  }

  /** @param until end on the wire */
  private carries(from: number, until: number): void {
    this.headersEnd = from;
    const end = Math.min(this.end, until);
    this.payload = from <= end ? from : -1;
    this.payloadEnd = from <= end ? end : -1;
    this.payloadLength = Math.max(until - from, 0);
  }
}

/**
 * Source: RFC 8200 4, RFC 4302 2.2.
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
      return EXTENSION;
    default:
      return 0;
  }
}

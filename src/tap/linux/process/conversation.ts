// What a packet says of its conversation: addresses, ports, class. For taps that the kernel tells nothing.

import { LinkType, type Packet } from '../../../packet/index.js';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const TCP = 6;
const UDP = 17;
const UDPLITE = 136;

/** Offsets are absolute in the packet's buffer; filled anew for each packet. */
export class Conversation {
  /** 4, 6, or 0: not IP. */
  version = 0;
  protocol = 0;
  trafficClass = 0;
  source = 0;
  destination = 0;
  /** Offset of the ports, or -1: no TCP or UDP header was captured. */
  ports = -1;
  /** TCP flags, 0 for others. */
  tcpFlags = 0;

  /** Reads a packet's headers. */
  read(packet: Packet): void {
    const b = packet.buffer;
    const end = packet.offset + packet.capturedLength;
    let at = packet.offset;
    this.version = 0;
    this.ports = -1;
    this.tcpFlags = 0;
    if (packet.linkType === LinkType.ETHERNET) {
      at += 12;
      let type = 0;
      for (let tags = 0; tags < 3 && at + 2 <= end; tags++) {
        type = (b[at]! << 8) | b[at + 1]!;
        at += 2;
        if (type !== 0x8100 && type !== 0x88a8) break;
        at += 2;
      }
      if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) return;
    }
    if (at >= end) return;
    const version = b[at]! >> 4;
    if (version === 4) this.ipv4(b, at, end);
    else if (version === 6) this.ipv6(b, at, end);
  }

  private ipv4(b: Uint8Array, at: number, end: number): void {
    if (at + 20 > end) return;
    this.version = 4;
    this.protocol = b[at + 9]!;
    this.trafficClass = b[at + 1]!;
    this.source = at + 12;
    this.destination = at + 16;
    const laterFragment = (((b[at + 6]! & 0x1f) << 8) | b[at + 7]!) !== 0;
    if (!laterFragment) this.transport(b, at + (b[at]! & 15) * 4, end);
  }

  private ipv6(b: Uint8Array, at: number, end: number): void {
    if (at + 40 > end) return;
    this.version = 6;
    this.trafficClass = ((b[at]! & 15) << 4) | (b[at + 1]! >> 4);
    this.source = at + 8;
    this.destination = at + 24;
    let next = b[at + 6]!;
    at += 40;
    // Hop-by-hop, routing, fragment and destination options; more than six is an attack, not a packet.
    for (let i = 0; i < 6 && at + 8 <= end; i++) {
      if (next !== 0 && next !== 43 && next !== 44 && next !== 60) break;
      if (next === 44 && ((b[at + 2]! << 8) | (b[at + 3]! & 0xf8)) !== 0) {
        this.protocol = b[at]!;
        return;
      }
      const fragment = next === 44;
      next = b[at]!;
      at += fragment ? 8 : (b[at + 1]! + 1) * 8;
    }
    this.protocol = next;
    this.transport(b, at, end);
  }

  private transport(b: Uint8Array, at: number, end: number): void {
    const { protocol } = this;
    if (protocol !== TCP && protocol !== UDP && protocol !== UDPLITE) return;
    if (at + 4 <= end) this.ports = at;
    if (protocol === TCP && at + 14 <= end) this.tcpFlags = b[at + 13]!;
  }
}

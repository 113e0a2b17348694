// Packets in packets: where what a tunnel carries begins.

import { type Link, u16 } from './link.js';
import { EtherType, IpProtocol, TunnelPort } from './numbers.js';

/** The outer packet's headers. */
export interface Carrier {
  readonly buffer: Uint8Array;
  readonly protocol: number;
  readonly laterFragment: boolean;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly transport: number;
  readonly payload: number;
  readonly payloadEnd: number;
}

const VXLAN_HEADER = 8;
const GENEVE_HEADER = 8;
const GTP_HEADER = 8;
/** A GTP message that carries a user's packet. Source: 3GPP TS 29.281 6.1. */
const GTP_G_PDU = 255;
const MAXIMUM_GTP_EXTENSIONS = 8;

/**
 * Finds the network layer of the packet that another carries.
 * @param to says where it is; its `network` is -1 when the packet is no tunnel's
 */
export function readTunnel(h: Carrier, to: Link): void {
  const { buffer, transport: at, payloadEnd: end } = h;
  to.clear();
  if (at < 0 || h.laterFragment) return;
  switch (h.protocol) {
    case IpProtocol.IPV4:
      to.carried(buffer, EtherType.IPV4, at, end);
      break;
    case IpProtocol.IPV6:
      to.carried(buffer, EtherType.IPV6, at, end);
      break;
    case IpProtocol.MPLS:
      to.carried(buffer, EtherType.MPLS, at, end);
      break;
    // Two bytes of version (RFC 3378).
    case IpProtocol.ETHERIP:
      to.carried(buffer, EtherType.TRANSPARENT_ETHERNET, at + 2, end);
      break;
    case IpProtocol.GRE:
      gre(buffer, at, end, to);
      break;
    case IpProtocol.UDP:
      if (h.payload < 0) break;
      inUdp(h, h.destinationPort, to);
      if (to.network < 0) inUdp(h, h.sourcePort, to);
      break;
  }
}

function inUdp(h: Carrier, port: number, to: Link): void {
  const { buffer, payload: at, payloadEnd: end } = h;
  switch (port) {
    case TunnelPort.VXLAN:
    case TunnelPort.VXLAN_LINUX:
      // The flag says that the network's number is there (RFC 7348 5).
      if (at + VXLAN_HEADER <= end && (buffer[at]! & 0x08) !== 0)
        to.carried(buffer, EtherType.TRANSPARENT_ETHERNET, at + VXLAN_HEADER, end);
      break;
    case TunnelPort.GENEVE:
      geneve(buffer, at, end, to);
      break;
    case TunnelPort.GTP_U:
      gtp(buffer, at, end, to);
      break;
    case TunnelPort.TEREDO:
      teredo(buffer, at, end, to);
      break;
    case TunnelPort.L2TP:
      l2tp(buffer, at, end, to);
      break;
    case TunnelPort.GRE:
      gre(buffer, at, end, to);
      break;
    case TunnelPort.MPLS:
      to.carried(buffer, EtherType.MPLS, at, end);
      break;
  }
}

/** Source: RFC 2784, RFC 2890; version 1 carries PPP (RFC 2637 4.1). */
function gre(b: Uint8Array, at: number, end: number, to: Link): void {
  if (at + 4 > end) return;
  const flags = u16(b, at);
  const version = flags & 7;
  // A routing field (RFC 1701) is nobody's any more.
  if (version > 1 || (flags & 0x4000) !== 0) return;
  let header = 4;
  if ((flags & 0x8000) !== 0) header += 4;
  if ((flags & 0x2000) !== 0) header += 4;
  if ((flags & 0x1000) !== 0) header += 4;
  if (version === 1 && (flags & 0x0080) !== 0) header += 4;
  to.carried(b, u16(b, at + 2), at + header, end);
}

/** Source: RFC 8926 3.4. */
function geneve(b: Uint8Array, at: number, end: number, to: Link): void {
  if (at + GENEVE_HEADER > end || b[at]! >> 6 !== 0) return;
  const options = (b[at]! & 0x3f) * 4;
  to.carried(b, u16(b, at + 2), at + GENEVE_HEADER + options, end);
}

/** Source: 3GPP TS 29.281 5.1. */
function gtp(b: Uint8Array, at: number, end: number, to: Link): void {
  if (at + GTP_HEADER > end || b[at]! >> 4 !== 3 || b[at + 1] !== GTP_G_PDU) return;
  const flags = b[at]! & 7;
  const extended = (flags & 4) !== 0;
  at += GTP_HEADER;
  if (flags !== 0) {
    if (at + 4 > end) return;
    let next = extended ? b[at + 3]! : 0;
    at += 4;
    for (let i = 0; next !== 0; i++) {
      const size = at < end ? b[at]! * 4 : 0;
      if (size === 0 || at + size > end || i === MAXIMUM_GTP_EXTENSIONS) return;
      next = b[at + size - 1]!;
      at += size;
    }
  }
  to.byVersion(b, at, end);
}

/** IPv6, perhaps behind an authentication and an origin (RFC 4380 5.1.1). */
function teredo(b: Uint8Array, at: number, end: number, to: Link): void {
  if (at + 4 <= end && u16(b, at) === 1) at += 4 + b[at + 2]! + b[at + 3]! + 9;
  if (at + 8 <= end && u16(b, at) === 0) at += 8;
  if (at < end && b[at]! >> 4 === 6) to.carried(b, EtherType.IPV6, at, end);
}

/** A data message, version 2, which carries PPP (RFC 2661 3.1). */
function l2tp(b: Uint8Array, at: number, end: number, to: Link): void {
  if (at + 2 > end) return;
  const flags = u16(b, at);
  if ((flags & 0x8000) !== 0 || (flags & 15) !== 2) return;
  let header = 6;
  if ((flags & 0x4000) !== 0) header += 2;
  if ((flags & 0x0800) !== 0) header += 4;
  if ((flags & 0x0200) !== 0) {
    if (at + header + 2 > end) return;
    header += 2 + u16(b, at + header);
  }
  if (at + header >= end) return;
  to.carried(b, EtherType.PPP, at + header, end);
}

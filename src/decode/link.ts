// The way from a packet's first byte to its network layer: link-layer headers, VLAN tags, PPPoE, MPLS, LLC.

import { LinkType, type Packet } from '../packet/index.js';
import { EtherType, PppProtocol } from './numbers.js';
import { ppiLinkType, wifiData } from './wifi.js';

/** VLAN tags deep a frame may be; as many labels an MPLS stack may have. */
const MAXIMUM_TAGS = 4;
const MAXIMUM_LABELS = 16;
/** Up to here the field is a length, not a type (IEEE 802.3). */
const MAXIMUM_LENGTH = 1500;

const ETHERNET_HEADER = 14;
const SLL_HEADER = 16;
const SLL2_HEADER = 20;
const PPPOE_HEADER = 6;
const SNAP = 8;

/** Where a packet's network layer begins; filled anew for each packet. */
export class Link {
  /** What is there: an EtherType, -1 when it is not known or cut off. */
  etherType = -1;
  /** Where it begins, an offset in the buffer; may be the end of what was captured. */
  network = -1;
  /** Outermost VLAN's ID, -1 without a tag. */
  vlan = -1;
  /** Outermost MPLS label, -1 without. */
  label = -1;
  /**
   * Whether the link layer's own header and tags (0x8100, 0x88a8) alone lead there, as a host's IP stack takes it: no LLC,
   * PPP, MPLS or tag 0x9100.
   */
  plain = true;

  /**
   * @param b bytes
   * @param at where the link-layer header begins
   * @param end of what was captured
   * @param linkType LINKTYPE_ number
   */
  read(b: Uint8Array, at: number, end: number, linkType: number): void {
    this.clear();
    switch (linkType) {
      case 12:
      case 14:
      case LinkType.RAW:
      case LinkType.IPV4:
      case LinkType.IPV6:
        this.byVersion(b, at, end);
        break;
      // The address family's number differs from system to system; the version below tells.
      case LinkType.NULL:
      case LinkType.LOOP:
        this.byVersion(b, at + 4, end);
        break;
      case LinkType.ETHERNET:
        this.typed(b, at + ETHERNET_HEADER, end);
        break;
      case LinkType.LINUX_SLL:
        this.typed(b, at + SLL_HEADER, end);
        break;
      case LinkType.LINUX_SLL2:
        if (at + SLL2_HEADER <= end) this.follow(b, u16(b, at), at + SLL2_HEADER, end);
        break;
      case LinkType.C_HDLC:
        this.typed(b, at + 4, end);
        break;
      case LinkType.PPP:
      case LinkType.PPP_HDLC:
        this.ppp(b, at, end);
        break;
      case LinkType.PPP_WITH_DIR:
        this.ppp(b, at + 1, end);
        break;
      case LinkType.PPP_ETHER:
        this.ppp(b, at + PPPOE_HEADER, end);
        break;
      case LinkType.IEEE802_11:
      case LinkType.IEEE802_11_RADIOTAP:
      case LinkType.IEEE802_11_PRISM:
      case LinkType.IEEE802_11_AVS:
        this.wifi(b, at, end, linkType);
        break;
      case LinkType.PPI:
        this.ppi(b, at, end);
        break;
    }
  }

  /**
   * Reads a packet's link layer.
   * @returns how many bytes precede its IP header, -1 when it holds no IP packet or is cut off before it
   */
  ipOffset(packet: Packet): number {
    const { buffer, offset, capturedLength, linkType } = packet;
    const end = offset + capturedLength;
    this.read(buffer, offset, end, linkType);
    const { etherType, network } = this;
    if (network < 0 || network >= end) return -1;
    const version = buffer[network]! >> 4;
    const isIp =
      (etherType === EtherType.IPV4 && version === 4) || (etherType === EtherType.IPV6 && version === 6);
    return isIp ? network - offset : -1;
  }

  /** Forgets the last packet. */
  clear(): void {
    this.etherType = -1;
    this.network = -1;
    this.vlan = -1;
    this.label = -1;
    this.plain = true;
  }

  /** What a tunnel carries, by its EtherType. */
  carried(b: Uint8Array, type: number, at: number, end: number): void {
    this.clear();
    if (type === EtherType.TRANSPARENT_ETHERNET) this.typed(b, at + ETHERNET_HEADER, end);
    else if (type === EtherType.PPP) this.ppp(b, at, end);
    else this.follow(b, type, at, end);
  }

  /** An IP packet, whichever its version says. */
  byVersion(b: Uint8Array, at: number, end: number): void {
    if (at >= end) return;
    const version = b[at]! >> 4;
    this.etherType = version === 4 ? EtherType.IPV4 : version === 6 ? EtherType.IPV6 : -1;
    this.network = at;
  }

  /** PPP's address and control bytes may be left out, and its protocol's first byte when it is 0 (RFC 1661 6.5, 6.6). */
  private ppp(b: Uint8Array, at: number, end: number): void {
    this.plain = false;
    if (at + 2 <= end && b[at] === 0xff && b[at + 1] === 0x03) at += 2;
    if (at + 2 > end) return;
    const short = (b[at]! & 1) !== 0;
    const protocol = short ? b[at]! : u16(b, at);
    at += short ? 1 : 2;
    if (protocol === PppProtocol.IPV4) this.follow(b, EtherType.IPV4, at, end);
    else if (protocol === PppProtocol.IPV6) this.follow(b, EtherType.IPV6, at, end);
    else if (protocol === PppProtocol.MPLS) this.follow(b, EtherType.MPLS, at, end);
  }

  /** A header whose last field is an EtherType. */
  private typed(b: Uint8Array, at: number, end: number): void {
    if (at <= end) this.follow(b, u16(b, at - 2), at, end);
  }

  /** @param at behind the type */
  private follow(b: Uint8Array, type: number, at: number, end: number): void {
    for (let tags = 0; isTag(type); tags++) {
      if (tags === MAXIMUM_TAGS || at + 4 > end) return;
      if (tags === 0) this.vlan = u16(b, at) & 0xfff;
      if (type === EtherType.QINQ_OLD) this.plain = false;
      type = u16(b, at + 2);
      at += 4;
    }
    if (type <= MAXIMUM_LENGTH) this.snap(b, at, end);
    else if (type === EtherType.PPPOE_SESSION) this.ppp(b, at + PPPOE_HEADER, end);
    else if (type === EtherType.MPLS || type === EtherType.MPLS_UPSTREAM) this.mpls(b, at, end);
    else {
      this.etherType = type;
      this.network = at;
    }
  }

  private wifi(b: Uint8Array, at: number, end: number, linkType: number): void {
    this.plain = false;
    const data = wifiData(b, at, end, linkType);
    if (data >= 0) this.snap(b, data, end);
  }

  /** Per-packet information, in front of a packet of any link type. */
  private ppi(b: Uint8Array, at: number, end: number): void {
    const within = ppiLinkType(b, at, end);
    const frame = at + (b[at + 2]! | (b[at + 3]! << 8));
    if (within >= 0 && frame <= end) this.read(b, frame, end, within);
    this.plain = false;
  }

  /** IEEE 802.2 with a SNAP header, whose last field is an EtherType when it names no organisation (RFC 1042). */
  private snap(b: Uint8Array, at: number, end: number): void {
    this.plain = false;
    if (at + SNAP > end || b[at] !== 0xaa || b[at + 1] !== 0xaa || b[at + 2] !== 3) return;
    if (b[at + 3] !== 0 || b[at + 4] !== 0 || b[at + 5] !== 0) return;
    const type = u16(b, at + 6);
    if (type <= MAXIMUM_LENGTH) return;
    this.follow(b, type, at + SNAP, end);
  }

  /** A stack of labels (RFC 3032); what is below says itself which version of IP it is. */
  private mpls(b: Uint8Array, at: number, end: number): void {
    this.plain = false;
    for (let labels = 0; labels < MAXIMUM_LABELS && at + 4 <= end; labels++, at += 4) {
      if (labels === 0) this.label = (b[at]! << 12) | (b[at + 1]! << 4) | (b[at + 2]! >> 4);
      if ((b[at + 2]! & 1) === 0) continue;
      this.byVersion(b, at + 4, end);
      return;
    }
  }
}

function isTag(type: number): boolean {
  return type === EtherType.VLAN || type === EtherType.QINQ || type === EtherType.QINQ_OLD;
}

/** @returns a number of two bytes, in network order */
export function u16(b: Uint8Array, at: number): number {
  return (b[at]! << 8) | b[at + 1]!;
}

/** @returns a number of four bytes, in network order, never negative */
export function u32(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}

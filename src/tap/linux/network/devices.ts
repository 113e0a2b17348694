// The system's interfaces, by rtnetlink. Source: linux/if_link.h, linux/if.h, linux/if_arp.h.

import { LinkType } from '../../../packet/index.js';
import { attributes, type Netlink, type NetlinkMessage, NLM_F } from '../../../system/index.js';

const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
/** RTMGRP_LINK: tell of interfaces that come, go and change. */
export const RTMGRP_LINK = 1;

const IFLA = {
  ADDRESS: 1,
  IFNAME: 3,
  OPERSTATE: 16,
  LINKINFO: 18,
  IFALIAS: 20,
  CARRIER: 33,
  LINK_NETNSID: 37,
} as const;
const IFF = { UP: 0x1, LOOPBACK: 0x8, RUNNING: 0x40 } as const;
const ARPHRD = { ETHER: 1, LOOPBACK: 772 } as const;

/** An interface as the kernel describes it. */
export interface Device {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_ number. */
  readonly hardware: number;
  readonly up: boolean;
  readonly running: boolean;
  readonly loopback: boolean;
  readonly mac: Uint8Array | null;
  readonly alias: string | null;
  /** Kind of a virtual one: veth, tun, bridge… */
  readonly kind: string | null;
  /** ID of the namespace at its other end (veth), or null. */
  readonly peerNamespace: number | null;
}

function text(bytes: Buffer | undefined): string | null {
  if (bytes === undefined) return null;
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** @returns the interface that an RTM_NEWLINK or RTM_DELLINK tells of, or null for other messages */
export function parseDevice(message: NetlinkMessage): Device | null {
  if ((message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) || message.body.length < 16) return null;
  const found = attributes(message.body, 16);
  const flags = message.body.readUInt32LE(8);
  const name = text(found.get(IFLA.IFNAME));
  if (name === null) return null;
  const mac = found.get(IFLA.ADDRESS);
  const info = found.get(IFLA.LINKINFO);
  const peer = found.get(IFLA.LINK_NETNSID);
  return {
    index: message.body.readInt32LE(4),
    name,
    hardware: message.body.readUInt16LE(2),
    up: (flags & IFF.UP) !== 0,
    running: (flags & IFF.RUNNING) !== 0,
    loopback: (flags & IFF.LOOPBACK) !== 0,
    mac: mac?.length === 6 ? new Uint8Array(mac) : null,
    alias: text(found.get(IFLA.IFALIAS)),
    kind: info === undefined ? null : text(attributes(info, 0).get(1)),
    peerNamespace: peer === undefined ? null : peer.readInt32LE(0),
  };
}

/** Every interface of the namespace the socket was opened in. */
export function listDevices(netlink: Netlink): Device[] {
  const devices: Device[] = [];
  for (const message of netlink.request(
    RTM_GETLINK,
    NLM_F.DUMP,
    Buffer.alloc(16),
    'cannot list the interfaces',
  )) {
    const device = parseDevice(message);
    if (device !== null) devices.push(device);
  }
  return devices;
}

/** Whether packets on it begin with an Ethernet header where the hooks see them. */
export function hasEthernetHeader(device: Device): boolean {
  return device.hardware === ARPHRD.ETHER || device.hardware === ARPHRD.LOOPBACK;
}

/** LINKTYPE_ number of an interface's packets where the hooks see them. */
export function linkTypeOf(device: Device): number {
  return hasEthernetHeader(device) ? LinkType.ETHERNET : LinkType.RAW;
}

/** Interface type as RFC 1573 (IANA ifType) numbers it. */
export function interfaceType(device: Device): number {
  switch (device.hardware) {
    case ARPHRD.ETHER:
      return 6;
    case ARPHRD.LOOPBACK:
      return 24;
    case 512: // ARPHRD_PPP
      return 23;
    case 801: // ARPHRD_IEEE80211
    case 802:
    case 803:
      return 71;
    case 768: // ARPHRD_TUNNEL, TUNNEL6, SIT, IPGRE, and tun and WireGuard (ARPHRD_NONE)
    case 769:
    case 776:
    case 778:
    case 65534:
      return 131;
    default:
      return 1;
  }
}

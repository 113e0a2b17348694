// What tunnels carry: the way from a tunnel's header to the printers of other layers.

import { LinkType, linkTypeName, linkTypeOfDlt } from '../../packet/index.js';
import { ETHERTYPES, ethernetFrame } from '../link/ethernet.js';
import { linkPrinter } from '../link/table.js';
import type { Printer, ProtocolPrinter } from '../printer.js';

export { printEthertype as printEtherTypePayload } from '../link/ethernet.js';
export { printIp } from './ip/ip.js';
export { printIp6 } from './ip/ip6.js';

export const EtherType = {
  IP: 0x0800,
  IP6: 0x86dd,
  MPLS: 0x8847,
  MPLS_MULTICAST: 0x8848,
  IPX: 0x8137,
  APPLETALK: 0x809b,
  GRE_ISO: 0x00fe,
  BRIDGED: 0x6558,
  NSH: 0x894f,
  PPP: 0x880b,
} as const;

/** Link types for private use, in a row. */
const USER_LINKS = 16;

/** The printer of a packet in another, by its DLT_ number; null where there is none. */
export function innerLinkPrinter(dlt: number): ProtocolPrinter | null {
  return linkPrinter(linkTypeOfDlt(dlt));
}

/** The name of a packet's link in another, by its DLT_ number. */
export function innerLinkName(dlt: number): string {
  if (dlt >= LinkType.USER0 && dlt < LinkType.USER0 + USER_LINKS) return `USER${dlt - LinkType.USER0}`;
  return linkTypeName(linkTypeOfDlt(dlt)) ?? 'UNKNOWN';
}

export function etherTypeName(type: number): string | undefined {
  return ETHERTYPES[type];
}

/** An Ethernet frame inside a tunnel. */
export function printEthernetPayload(p: Printer, offset: number, length: number): void {
  p.protocol = 'ether';
  ethernetFrame(p, offset, length);
}

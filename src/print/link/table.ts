// Link types in one table: LINKTYPE_ number → printer.

import { LinkType } from '../../packet/index.js';
import type { ProtocolPrinter } from '../printer.js';
import { printers } from '../table.js';
import { printEthernet } from './ethernet.js';
import { printLoop, printNull } from './null.js';
import { printRaw, printRawIpv4, printRawIpv6 } from './raw.js';

/** A link type of Juniper's, all of which have one printer. */
function juniper(linkType: number): [number, ProtocolPrinter] {
  return [linkType, (p, offset, length) => printers.juniper(p, offset, length, linkType)];
}

const TABLE: ReadonlyMap<number, ProtocolPrinter> = new Map<number, ProtocolPrinter>([
  [LinkType.ETHERNET, printEthernet],
  [LinkType.NULL, printNull],
  [LinkType.LOOP, printLoop],
  [LinkType.RAW, printRaw],
  [LinkType.IPV4, printRawIpv4],
  [LinkType.IPV6, printRawIpv6],
  [LinkType.LINUX_SLL, printers.sll],
  [LinkType.LINUX_SLL2, printers.sll2],
  [LinkType.PPP, printers.pppLink],
  [LinkType.PPP_HDLC, printers.pppHdlc],
  [LinkType.PPP_PPPD, printers.pppLink],
  [LinkType.C_HDLC, printers.chdlc],
  [LinkType.HDLC, printers.chdlc],
  // tcpdump can print it on BSD/OS alone, and prints nothing elsewhere.
  [LinkType.PPP_BSDOS, () => {}],
  [LinkType.PPP_ETHER, printers.pppoeLink],
  [LinkType.FRELAY, printers.frameRelayLink],
  [LinkType.MFR, printers.mfrLink],
  juniper(LinkType.JUNIPER_MLPPP),
  juniper(LinkType.JUNIPER_MLFR),
  juniper(LinkType.JUNIPER_ES),
  juniper(LinkType.JUNIPER_GGSN),
  juniper(LinkType.JUNIPER_MFR),
  juniper(LinkType.JUNIPER_ATM2),
  juniper(LinkType.JUNIPER_SERVICES),
  juniper(LinkType.JUNIPER_ATM1),
  juniper(LinkType.JUNIPER_MONITOR),
  juniper(LinkType.JUNIPER_PPPOE),
  juniper(LinkType.JUNIPER_PPPOE_ATM),
  juniper(LinkType.JUNIPER_ETHER),
  juniper(LinkType.JUNIPER_PPP),
  juniper(LinkType.JUNIPER_FRELAY),
  juniper(LinkType.JUNIPER_CHDLC),
  [LinkType.NFLOG, printers.nflog],
  [LinkType.PFLOG, printers.pflogLink],
  [LinkType.ATM_RFC1483, printers.atmLink],
  [LinkType.SUNATM, printers.sunAtmLink],
  [LinkType.ATM_CLIP, printers.atmClipLink],
  [LinkType.USB_LINUX, printers.usbLink],
  [LinkType.USB_LINUX_MMAPPED, printers.usbMappedLink],
  [LinkType.APPLE_IP_OVER_IEEE1394, printers.apple1394Link],
  [LinkType.IP_OVER_FC, printers.fibreChannelLink],
  [LinkType.ENC, printers.encLink],
  [LinkType.SYMANTEC_FIREWALL, printers.symantecLink],
  [LinkType.LTALK, printers.localTalkLink],
  [LinkType.NETANALYZER, printers.netanalyzerLink],
  [LinkType.NETANALYZER_TRANSPARENT, printers.netanalyzerTransparentLink],
  [LinkType.IPNET, printers.ipnetLink],
  [LinkType.ARCNET_BSD, printers.arcnetLink],
  [LinkType.ARCNET_LINUX, printers.arcnetLinuxLink],
  [LinkType.VSOCK, printers.vsock],
  [LinkType.SLIP, printers.slipLink],
  [LinkType.SLIP_BSDOS, printers.slipBsdosLink],
  [LinkType.IEEE802_5, printers.tokenRingLink],
  [LinkType.FDDI, printers.fddiLink],
  [LinkType.IPOIB, printers.ipoibLink],
  [LinkType.BLUETOOTH_HCI_H4_WITH_PHDR, printers.bluetoothLink],
  [LinkType.PKTAP, printers.pktap],
  [LinkType.IEEE802_11, printers.wifiLink],
  [LinkType.IEEE802_11_RADIOTAP, printers.radiotapLink],
  [LinkType.IEEE802_11_PRISM, printers.prismLink],
  [LinkType.IEEE802_11_AVS, printers.avsLink],
  [LinkType.PPI, printers.ppi],
  [LinkType.IEEE802_15_4_WITHFCS, printers.wpanLink],
  [LinkType.IEEE802_15_4_NOFCS, printers.wpanLink],
  [LinkType.IEEE802_15_4_TAP, printers.wpanTapLink],
  [LinkType.DSA_TAG_DSA, printers.dsaLink],
  [LinkType.DSA_TAG_EDSA, printers.edsaLink],
  [LinkType.DSA_TAG_BRCM, printers.broadcomLink],
  [LinkType.DSA_TAG_BRCM_PREPEND, printers.broadcomPrependedLink],
]);

/** @returns the printer of a link type, or null where there is none */
export function linkPrinter(linkType: number): ProtocolPrinter | null {
  return TABLE.get(linkType) ?? null;
}

/** Every link type that has a printer. */
export function printedLinkTypes(): number[] {
  return [...TABLE.keys()];
}

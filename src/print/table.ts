// The table of printers: a line has a printer's file, what that file exports, and what it may leave behind for the text of later
// packets. A file is loaded when the first packet of its kind is printed. Printers reach each other by `printers` alone:
// no file of this room imports one that leads back to it.

import { late } from '../late.js';
import type { Printer, ProtocolPrinter } from './printer.js';

/** What a printer may leave behind for the text of later packets. */
const Leaves = {
  /** Nothing: who follows a packet need not print this of it. */
  NOTHING: 0,
  /** It remembers something itself. */
  STATE: 1,
  /** It prints what it carries by other printers, which leave what they leave: the connections of a packet within. */
  INNER: 2,
} as const;
type Leaves = (typeof Leaves)[keyof typeof Leaves];

/** A file below this folder without `.js`, what it exports, what that leaves. */
type Line = readonly [file: string, name: string, leaves: Leaves];

export const TABLE = {
  // the Internet's core, which the layers below it import: for what leads back to it
  ethernet: ['link/ethernet', 'ethernetFrame', Leaves.INNER],
  ip: ['protocol/ip/ip', 'printIp', Leaves.INNER],
  ip6: ['protocol/ip/ip6', 'printIp6', Leaves.INNER],
  // link layers
  sll: ['link/sll', 'printSll', Leaves.INNER],
  sll2: ['link/sll2', 'printSll2', Leaves.INNER],
  llc: ['link/llc', 'printLlc', Leaves.INNER],
  wifiLink: ['link/wifi/wifi', 'printWifiLink', Leaves.INNER],
  radiotapLink: ['link/wifi/radiotap', 'printRadiotapLink', Leaves.INNER],
  prismLink: ['link/wifi/prism', 'printPrismLink', Leaves.INNER],
  avsLink: ['link/wifi/prism', 'printAvsLink', Leaves.INNER],
  ppi: ['link/ppi', 'printPpi', Leaves.INNER],
  isoclns: ['protocol/osi/isoclns', 'printIsoclns', Leaves.INNER],
  ipx: ['protocol/ipx', 'printIpx', Leaves.STATE],
  loopback: ['protocol/loopback', 'printLoopback', Leaves.NOTHING],
  // control and configuration
  icmp: ['protocol/icmp/icmp', 'printIcmp', Leaves.INNER],
  icmp6: ['protocol/icmp/icmp6', 'printIcmp6', Leaves.NOTHING],
  igmp: ['protocol/igmp', 'printIgmp', Leaves.NOTHING],
  mobility: ['protocol/ip/mobility', 'printMobility', Leaves.NOTHING],
  mobile: ['protocol/ip/mobility', 'printMobile', Leaves.NOTHING],
  arp: ['protocol/arp', 'printArp', Leaves.NOTHING],
  dns: ['protocol/dns/dns', 'printDns', Leaves.NOTHING],
  dnsTcp: ['protocol/dns/dns', 'printDnsTcp', Leaves.NOTHING],
  dhcp: ['protocol/dhcp/dhcp', 'printDhcp', Leaves.NOTHING],
  dhcp6: ['protocol/dhcp/dhcp6', 'printDhcp6', Leaves.NOTHING],
  ntp: ['protocol/ntp', 'printNtp', Leaves.NOTHING],
  tftp: ['protocol/tftp', 'printTftp', Leaves.NOTHING],
  syslog: ['protocol/syslog', 'printSyslog', Leaves.NOTHING],
  radius: ['protocol/radius/radius', 'printRadius', Leaves.NOTHING],
  snmp: ['protocol/snmp/snmp', 'printSnmp', Leaves.NOTHING],
  // routing and bridging
  stp: ['protocol/stp', 'printStp', Leaves.NOTHING],
  lldp: ['protocol/lldp/lldp', 'printLldp', Leaves.NOTHING],
  cdp: ['protocol/cdp', 'printCdp', Leaves.NOTHING],
  slow: ['protocol/slow', 'printSlow', Leaves.NOTHING],
  vtp: ['protocol/vtp', 'printVtp', Leaves.NOTHING],
  udld: ['protocol/udld', 'printUdld', Leaves.NOTHING],
  dtp: ['protocol/dtp', 'printDtp', Leaves.NOTHING],
  ptp: ['protocol/ptp', 'printPtp', Leaves.NOTHING],
  bgp: ['protocol/bgp/bgp', 'printBgp', Leaves.NOTHING],
  rip: ['protocol/rip', 'printRip', Leaves.NOTHING],
  ripng: ['protocol/ripng', 'printRipng', Leaves.NOTHING],
  ospf: ['protocol/ospf/ospf', 'printOspf', Leaves.NOTHING],
  ospf6: ['protocol/ospf/ospf6', 'printOspf6', Leaves.NOTHING],
  pim: ['protocol/pim/pim', 'printPim', Leaves.INNER],
  pim1: ['protocol/pim/pim1', 'printPim1', Leaves.NOTHING],
  autoRp: ['protocol/autorp', 'printAutoRp', Leaves.NOTHING],
  dvmrp: ['protocol/dvmrp', 'printDvmrp', Leaves.NOTHING],
  vrrp: ['protocol/vrrp', 'printVrrp', Leaves.NOTHING],
  carp: ['protocol/vrrp', 'printCarp', Leaves.NOTHING],
  hsrp: ['protocol/vrrp', 'printHsrp', Leaves.NOTHING],
  bfd: ['protocol/bfd', 'printBfd', Leaves.NOTHING],
  ldp: ['protocol/ldp/ldp', 'printLdp', Leaves.NOTHING],
  babel: ['protocol/babel/babel', 'printBabel', Leaves.NOTHING],
  olsr: ['protocol/olsr', 'printOlsr', Leaves.NOTHING],
  ahcp: ['protocol/ahcp', 'printAhcp', Leaves.NOTHING],
  sctp: ['protocol/sctp/sctp', 'printSctp', Leaves.NOTHING],
  m3ua: ['protocol/m3ua', 'printM3ua', Leaves.NOTHING],
  forces: ['protocol/forces/forces', 'printForces', Leaves.NOTHING],
  dccp: ['protocol/dccp/dccp', 'printDccp', Leaves.NOTHING],
  rsvp: ['protocol/rsvp/rsvp', 'printRsvp', Leaves.NOTHING],
  eigrp: ['protocol/eigrp', 'printEigrp', Leaves.NOTHING],
  igrp: ['protocol/igrp', 'printIgrp', Leaves.NOTHING],
  nhrp: ['protocol/nhrp', 'printNhrp', Leaves.NOTHING],
  egp: ['protocol/egp', 'printEgp', Leaves.NOTHING],
  msdp: ['protocol/msdp', 'printMsdp', Leaves.INNER],
  lspPing: ['protocol/lspping/lspping', 'printLspPing', Leaves.NOTHING],
  lmp: ['protocol/lmp/lmp', 'printLmp', Leaves.NOTHING],
  aodv: ['protocol/aodv', 'printAodv', Leaves.NOTHING],
  // tunnels and security
  gre: ['protocol/gre', 'printGre', Leaves.INNER],
  erspan: ['protocol/erspan', 'printErspan', Leaves.INNER],
  vxlan: ['protocol/vxlan', 'printVxlan', Leaves.INNER],
  vxlanGpe: ['protocol/vxlangpe', 'printVxlanGpe', Leaves.INNER],
  geneve: ['protocol/geneve', 'printGeneve', Leaves.INNER],
  nsh: ['protocol/nsh', 'printNsh', Leaves.INNER],
  mpls: ['protocol/mpls', 'printMpls', Leaves.INNER],
  l2tp: ['protocol/l2tp', 'printL2tp', Leaves.INNER],
  pptp: ['protocol/pptp', 'printPptp', Leaves.NOTHING],
  ppp: ['link/ppp/ppp', 'printPpp', Leaves.INNER],
  pppLink: ['link/ppp/ppp', 'printPppLink', Leaves.INNER],
  pppHdlc: ['link/ppp/ppp', 'printPppHdlc', Leaves.INNER],
  chdlc: ['link/chdlc', 'printChdlcLink', Leaves.INNER],
  pppoe: ['link/ppp/pppoe', 'printPppoe', Leaves.INNER],
  pppoeLink: ['link/ppp/pppoe', 'printPppoeLink', Leaves.INNER],
  nflog: ['link/nflog', 'printNflog', Leaves.INNER],
  dsaLink: ['link/switchtag', 'printDsaLink', Leaves.INNER],
  edsaLink: ['link/switchtag', 'printEdsaLink', Leaves.INNER],
  broadcomLink: ['link/switchtag', 'printBroadcomLink', Leaves.INNER],
  broadcomPrependedLink: ['link/switchtag', 'printBroadcomPrependedLink', Leaves.INNER],
  wpanLink: ['link/wpan', 'printWpanLink', Leaves.NOTHING],
  wpanTapLink: ['link/wpan', 'printWpanTapLink', Leaves.NOTHING],
  tokenRingLink: ['link/tokenring', 'printTokenRingLink', Leaves.INNER],
  fddiLink: ['link/fddi', 'printFddiLink', Leaves.INNER],
  ipoibLink: ['link/ipoib', 'printIpoibLink', Leaves.INNER],
  bluetoothLink: ['link/bluetooth', 'printBluetoothLink', Leaves.NOTHING],
  slipLink: ['link/slip', 'printSlipLink', Leaves.STATE],
  slipBsdosLink: ['link/slip', 'printSlipBsdosLink', Leaves.STATE],
  snap: ['link/llc', 'printSnap', Leaves.INNER],
  frameRelayLink: ['link/framerelay', 'printFrameRelayLink', Leaves.INNER],
  mfrLink: ['link/mfr', 'printMfrLink', Leaves.INNER],
  juniper: ['link/juniper/juniper', 'printJuniper', Leaves.INNER],
  q933: ['protocol/q933', 'printQ933', Leaves.NOTHING],
  atmLink: ['link/atm', 'printAtmLink', Leaves.INNER],
  sunAtmLink: ['link/atm', 'printSunAtmLink', Leaves.INNER],
  atmClipLink: ['link/atm', 'printAtmClipLink', Leaves.INNER],
  apple1394Link: ['link/apple1394', 'printApple1394Link', Leaves.INNER],
  arcnetLink: ['link/arcnet', 'printArcnetLink', Leaves.INNER],
  arcnetLinuxLink: ['link/arcnet', 'printArcnetLinuxLink', Leaves.INNER],
  encLink: ['link/enc', 'printEncLink', Leaves.INNER],
  fibreChannelLink: ['link/fibrechannel', 'printFibreChannelLink', Leaves.INNER],
  ipnetLink: ['link/ipnet', 'printIpnetLink', Leaves.INNER],
  netanalyzerLink: ['link/netanalyzer', 'printNetanalyzerLink', Leaves.INNER],
  netanalyzerTransparentLink: ['link/netanalyzer', 'printNetanalyzerTransparentLink', Leaves.INNER],
  symantecLink: ['link/symantec', 'printSymantecLink', Leaves.INNER],
  usbLink: ['link/usb', 'printUsbLink', Leaves.NOTHING],
  usbMappedLink: ['link/usb', 'printUsbMappedLink', Leaves.NOTHING],
  pflogLink: ['link/pflog', 'printPflogLink', Leaves.INNER],
  vsock: ['link/vsock', 'printVsock', Leaves.NOTHING],
  pktap: ['link/pktap', 'printPktap', Leaves.INNER],
  esp: ['protocol/esp/esp', 'printEsp', Leaves.INNER],
  ah: ['protocol/esp/ah', 'printAh', Leaves.NOTHING],
  ipcomp: ['protocol/esp/ipcomp', 'printIpcomp', Leaves.NOTHING],
  isakmp: ['protocol/ike/isakmp', 'printIsakmp', Leaves.STATE],
  isakmpRfc3948: ['protocol/ike/isakmp', 'printIsakmpRfc3948', Leaves.STATE],
  quic: ['protocol/quic', 'printQuic', Leaves.STATE],
  rtp: ['protocol/rtp', 'printRtp', Leaves.NOTHING],
  rtcp: ['protocol/rtp', 'printRtcp', Leaves.NOTHING],
  sflow: ['protocol/sflow', 'printSflow', Leaves.NOTHING],
  eapol: ['protocol/eap', 'printEapol', Leaves.NOTHING],
  eap: ['protocol/eap', 'printEap', Leaves.NOTHING],
  lisp: ['protocol/lisp', 'printLisp', Leaves.NOTHING],
  macsec: ['protocol/macsec', 'printMacsec', Leaves.NOTHING],
  // applications
  http: ['protocol/http', 'printHttp', Leaves.NOTHING],
  rtsp: ['protocol/rtsp', 'printRtsp', Leaves.NOTHING],
  sip: ['protocol/sip', 'printSip', Leaves.NOTHING],
  ftp: ['protocol/ftp', 'printFtp', Leaves.NOTHING],
  smtp: ['protocol/smtp', 'printSmtp', Leaves.NOTHING],
  whois: ['protocol/whois', 'printWhois', Leaves.NOTHING],
  resp: ['protocol/resp', 'printResp', Leaves.NOTHING],
  ssh: ['protocol/ssh', 'printSsh', Leaves.NOTHING],
  telnet: ['protocol/telnet', 'printTelnet', Leaves.NOTHING],
  nfsReply: ['protocol/nfs/nfs', 'printNfsReply', Leaves.STATE],
  nfsRequest: ['protocol/nfs/nfs', 'printNfsRequest', Leaves.STATE],
  rpcReply: ['protocol/nfs/nfs', 'printRpcReply', Leaves.STATE],
  sunRpc: ['protocol/nfs/sunrpc', 'printSunRpc', Leaves.NOTHING],
  kerberos: ['protocol/kerberos', 'printKerberos', Leaves.NOTHING],
  lwres: ['protocol/lwres', 'printLwres', Leaves.NOTHING],
  zephyr: ['protocol/zephyr', 'printZephyr', Leaves.NOTHING],
  zmtp1: ['protocol/zmtp1', 'printZmtp1', Leaves.NOTHING],
  zmtp1Datagram: ['protocol/zmtp1', 'printZmtp1Datagram', Leaves.NOTHING],
  bcmLi: ['protocol/bcmli', 'printBcmLi', Leaves.INNER],
  someip: ['protocol/someip', 'printSomeip', Leaves.NOTHING],
  rx: ['protocol/rx/rx', 'printRx', Leaves.STATE],
  pgm: ['protocol/pgm/pgm', 'printPgm', Leaves.NOTHING],
  vat: ['protocol/vat', 'printVat', Leaves.NOTHING],
  wb: ['protocol/wb', 'printWb', Leaves.NOTHING],
  openflow: ['protocol/openflow/openflow', 'printOpenflow', Leaves.INNER],
  rpkiRtr: ['protocol/rpkirtr', 'printRpkiRtr', Leaves.NOTHING],
  timed: ['protocol/timed', 'printTimed', Leaves.NOTHING],
  lwappControl: ['protocol/lwapp/lwapp', 'printLwappControl', Leaves.NOTHING],
  lwappData: ['protocol/lwapp/lwapp', 'printLwappData', Leaves.NOTHING],
  zep: ['protocol/zep', 'printZep', Leaves.NOTHING],
  vqp: ['protocol/vqp', 'printVqp', Leaves.NOTHING],
  cnfp: ['protocol/netflow', 'printNetflow', Leaves.NOTHING],
  cfm: ['protocol/cfm/cfm', 'printCfm', Leaves.NOTHING],
  aoe: ['protocol/aoe', 'printAoe', Leaves.NOTHING],
  calmFast: ['protocol/calmfast', 'printCalmFast', Leaves.NOTHING],
  msNlb: ['protocol/msnlb', 'printMsNlb', Leaves.NOTHING],
  mpcp: ['protocol/mpcp', 'printMpcp', Leaves.NOTHING],
  realtek: ['protocol/realtek', 'printRealtek', Leaves.NOTHING],
  geonet: ['protocol/geonet', 'printGeonet', Leaves.NOTHING],
  arista: ['protocol/arista', 'printArista', Leaves.NOTHING],
  tipc: ['protocol/tipc', 'printTipc', Leaves.NOTHING],
  hncp: ['protocol/hncp/hncp', 'printHncp', Leaves.NOTHING],
  appleTalk: ['protocol/appletalk/appletalk', 'printAppleTalk', Leaves.NOTHING],
  aarp: ['protocol/appletalk/appletalk', 'printAarp', Leaves.NOTHING],
  localTalkLink: ['protocol/appletalk/appletalk', 'printLocalTalkLink', Leaves.NOTHING],
  localTalk: ['protocol/appletalk/appletalk', 'printLocalTalk', Leaves.NOTHING],
  decnet: ['protocol/decnet/decnet', 'printDecnet', Leaves.NOTHING],
  beep: ['protocol/beep', 'printBeep', Leaves.NOTHING],
  // with --smb alone
  netbiosSession: ['protocol/smb/netbios', 'printNetbiosSession', Leaves.STATE],
  netbiosDatagram: ['protocol/smb/netbios', 'printNetbiosDatagram', Leaves.STATE],
  netbiosName: ['protocol/smb/nameservice', 'printNameService', Leaves.STATE],
  smbTcp: ['protocol/smb/netbios', 'printSmbTcp', Leaves.STATE],
  netbeui: ['protocol/smb/netbeui', 'printNetbeui', Leaves.STATE],
  netbiosIpx: ['protocol/smb/netbeui', 'printNetbiosIpx', Leaves.STATE],
} as const satisfies { readonly [name: string]: Line };

export type PrinterName = keyof typeof TABLE;

/** What a MACsec tag protects. */
export interface Secured {
  /** First byte behind the tag. */
  readonly offset: number;
  /** Bytes of the payload, the check value left out. */
  readonly length: number;
  /** End of the captured payload. */
  readonly end: number;
  readonly encrypted: boolean;
}

/** Printers that take or give something else than the others. */
export interface Special {
  readonly ethernet: (p: Printer, offset: number, length: number, tag?: null, before?: string) => number;
  /** @returns bytes of header, negative when nothing behind it was printed */
  readonly llc: (p: Printer, offset: number, length: number, source?: number, destination?: number) => number;
  /** @returns whether it knew what follows */
  readonly snap: (
    p: Printer,
    offset: number,
    length: number,
    source: number,
    destination: number,
    padding?: number,
  ) => boolean;
  readonly mobility: (p: Printer, offset: number) => void;
  readonly erspan: (p: Printer, offset: number, length: number, sequenced: boolean) => void;
  readonly ppp: (p: Printer, offset: number, length: number) => number;
  readonly pppoe: (p: Printer, offset: number, length: number) => number;
  readonly localTalk: (p: Printer, offset: number, length: number) => number;
  readonly juniper: (p: Printer, offset: number, length: number, linkType: number) => void;
  /** @returns bytes of header, 0 when it was cut */
  readonly ah: (p: Printer, offset: number, length: number) => number;
  /** @param frame where the frame's addresses are */
  readonly macsec: (p: Printer, offset: number, length: number, frame: number) => Secured | null;
  /** @param source where the frame's source address is, negative without one */
  readonly calmFast: (p: Printer, offset: number, length: number, source: number) => void;
  readonly realtek: (p: Printer, offset: number, length: number, source: number, destination: number) => void;
  /** @returns bytes of header, negative when what follows is unknown */
  readonly arista: (p: Printer, offset: number) => number;
  readonly tipc: (p: Printer, offset: number) => void;
  readonly msNlb: (p: Printer, offset: number) => void;
  readonly netbeui: (p: Printer, control: number, offset: number, length: number) => void;
}

type Printers = {
  readonly [name in PrinterName]: name extends keyof Special ? Special[name] : ProtocolPrinter;
};

type AnyPrinter = (...args: readonly unknown[]) => unknown;

/** A printer whose file is loaded when it is first called. */
function loaded([file, name]: Line): AnyPrinter {
  let found: AnyPrinter | null = null;
  return (...args) => {
    found ??= late<Record<string, AnyPrinter>>(`./print/${file}.js`)[name]!;
    return found(...args);
  };
}

/** The printers, by their names in the table. */
export const printers = Object.fromEntries(
  Object.entries(TABLE).map(([name, line]) => [name, loaded(line)]),
) as unknown as Printers;

/** Whether what a printer prints has no bearing on the text of later packets. */
export function isForgetful(name: PrinterName): boolean {
  return TABLE[name][2] === Leaves.NOTHING;
}

// The table of protocols: one line each, loaded when the first packet of its kind is printed.

import { createRequire } from 'node:module';
import type { Printer } from './printer.js';

const load = createRequire(import.meta.url) as <Module>(file: string) => Module;

/** A printer that is loaded when it is first called. */
function late<Arguments extends unknown[], Result>(
  find: () => (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  let found: ((...args: Arguments) => Result) | null = null;
  return (...args) => {
    found ??= find();
    return found(...args);
  };
}

/** A protocol that is told apart but not taken apart: its name and length. */
function named(name: string): (p: Printer, offset: number, length: number) => void {
  return (p, _, length) => {
    p.text(name);
    p.text(', length ');
    p.dec(length);
  };
}

/** One over TCP, where the segment's line says the length already. */
function unnamed(): void {}

export const printers = {
  // link layers
  sll: late(() => load<typeof import('./link/sll.js')>('./link/sll.js').printSll),
  sll2: late(() => load<typeof import('./link/sll2.js')>('./link/sll2.js').printSll2),
  llc: late(() => load<typeof import('./link/llc.js')>('./link/llc.js').printLlc),
  ipx: late(() => load<typeof import('./protocol/ipx.js')>('./protocol/ipx.js').printIpx),
  loopback: late(() => load<typeof import('./protocol/loopback.js')>('./protocol/loopback.js').printLoopback),
  // control and configuration
  icmp: late(() => load<typeof import('./protocol/icmp.js')>('./protocol/icmp.js').printIcmp),
  icmp6: late(() => load<typeof import('./protocol/icmp6.js')>('./protocol/icmp6.js').printIcmp6),
  igmp: late(() => load<typeof import('./protocol/igmp.js')>('./protocol/igmp.js').printIgmp),
  mobility: late(() => load<typeof import('./protocol/mobility.js')>('./protocol/mobility.js').printMobility),
  mobile: late(() => load<typeof import('./protocol/mobility.js')>('./protocol/mobility.js').printMobile),
  arp: late(() => load<typeof import('./protocol/arp.js')>('./protocol/arp.js').printArp),
  dns: late(() => load<typeof import('./protocol/dns.js')>('./protocol/dns.js').printDns),
  dnsTcp: late(() => load<typeof import('./protocol/dns.js')>('./protocol/dns.js').printDnsTcp),
  dhcp: late(() => load<typeof import('./protocol/dhcp.js')>('./protocol/dhcp.js').printDhcp),
  dhcp6: late(() => load<typeof import('./protocol/dhcp6.js')>('./protocol/dhcp6.js').printDhcp6),
  ntp: late(() => load<typeof import('./protocol/ntp.js')>('./protocol/ntp.js').printNtp),
  tftp: late(() => load<typeof import('./protocol/tftp.js')>('./protocol/tftp.js').printTftp),
  syslog: late(() => load<typeof import('./protocol/syslog.js')>('./protocol/syslog.js').printSyslog),
  radius: late(() => load<typeof import('./protocol/radius.js')>('./protocol/radius.js').printRadius),
  snmp: late(() => load<typeof import('./protocol/snmp.js')>('./protocol/snmp.js').printSnmp),
  // routing and bridging
  stp: late(() => load<typeof import('./protocol/stp.js')>('./protocol/stp.js').printStp),
  lldp: late(() => load<typeof import('./protocol/lldp.js')>('./protocol/lldp.js').printLldp),
  cdp: late(() => load<typeof import('./protocol/cdp.js')>('./protocol/cdp.js').printCdp),
  slow: named('Slow Protocols'),
  vtp: named('VTP'),
  udld: named('UDLD'),
  dtp: named('DTP'),
  ptp: named('PTPv2'),
  bgp: late(() => load<typeof import('./protocol/bgp.js')>('./protocol/bgp.js').printBgp),
  rip: named('RIP'),
  ripng: named('RIPNG'),
  ospf: named('OSPF'),
  ospf6: named('OSPF6'),
  pim: late(() => load<typeof import('./protocol/pim.js')>('./protocol/pim.js').printPim),
  pim1: late(() => load<typeof import('./protocol/pim1.js')>('./protocol/pim1.js').printPim1),
  autoRp: late(() => load<typeof import('./protocol/autorp.js')>('./protocol/autorp.js').printAutoRp),
  dvmrp: late(() => load<typeof import('./protocol/dvmrp.js')>('./protocol/dvmrp.js').printDvmrp),
  vrrp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printVrrp),
  carp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printCarp),
  hsrp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printHsrp),
  bfd: late(() => load<typeof import('./protocol/bfd.js')>('./protocol/bfd.js').printBfd),
  ldp: late(() => load<typeof import('./protocol/ldp.js')>('./protocol/ldp.js').printLdp),
  babel: named('BABEL'),
  olsr: late(() => load<typeof import('./protocol/olsr.js')>('./protocol/olsr.js').printOlsr),
  ahcp: named('AHCP'),
  sctp: late(() => load<typeof import('./protocol/sctp.js')>('./protocol/sctp.js').printSctp),
  m3ua: late(() => load<typeof import('./protocol/m3ua.js')>('./protocol/m3ua.js').printM3ua),
  forces: named('ForCES'),
  dccp: named('DCCP'),
  rsvp: late(() => load<typeof import('./protocol/rsvp.js')>('./protocol/rsvp.js').printRsvp),
  eigrp: named('EIGRP'),
  msdp: late(() => load<typeof import('./protocol/msdp.js')>('./protocol/msdp.js').printMsdp),
  lspPing: late(() => load<typeof import('./protocol/lspping.js')>('./protocol/lspping.js').printLspPing),
  lmp: late(() => load<typeof import('./protocol/lmp.js')>('./protocol/lmp.js').printLmp),
  aodv: named('AODV'),
  // tunnels and security
  gre: late(() => load<typeof import('./protocol/gre.js')>('./protocol/gre.js').printGre),
  erspan: late(() => load<typeof import('./protocol/erspan.js')>('./protocol/erspan.js').printErspan),
  vxlan: late(() => load<typeof import('./protocol/vxlan.js')>('./protocol/vxlan.js').printVxlan),
  vxlanGpe: late(() => load<typeof import('./protocol/vxlangpe.js')>('./protocol/vxlangpe.js').printVxlanGpe),
  geneve: late(() => load<typeof import('./protocol/geneve.js')>('./protocol/geneve.js').printGeneve),
  nsh: late(() => load<typeof import('./protocol/nsh.js')>('./protocol/nsh.js').printNsh),
  mpls: late(() => load<typeof import('./protocol/mpls.js')>('./protocol/mpls.js').printMpls),
  l2tp: late(() => load<typeof import('./protocol/l2tp.js')>('./protocol/l2tp.js').printL2tp),
  pptp: late(() => load<typeof import('./protocol/pptp.js')>('./protocol/pptp.js').printPptp),
  ppp: late(() => load<typeof import('./link/ppp.js')>('./link/ppp.js').printPpp),
  pppLink: late(() => load<typeof import('./link/ppp.js')>('./link/ppp.js').printPppLink),
  pppHdlc: late(() => load<typeof import('./link/ppp.js')>('./link/ppp.js').printPppHdlc),
  chdlc: late(() => load<typeof import('./link/chdlc.js')>('./link/chdlc.js').printChdlcLink),
  pppoe: late(() => load<typeof import('./link/pppoe.js')>('./link/pppoe.js').printPppoe),
  pppoeLink: late(() => load<typeof import('./link/pppoe.js')>('./link/pppoe.js').printPppoeLink),
  nflog: late(() => load<typeof import('./link/nflog.js')>('./link/nflog.js').printNflog),
  vsock: late(() => load<typeof import('./link/vsock.js')>('./link/vsock.js').printVsock),
  pktap: late(() => load<typeof import('./link/pktap.js')>('./link/pktap.js').printPktap),
  esp: late(() => load<typeof import('./protocol/esp.js')>('./protocol/esp.js').printEsp),
  ah: late(() => load<typeof import('./protocol/ah.js')>('./protocol/ah.js').printAh),
  ipcomp: late(() => load<typeof import('./protocol/ipcomp.js')>('./protocol/ipcomp.js').printIpcomp),
  isakmp: late(() => load<typeof import('./protocol/isakmp.js')>('./protocol/isakmp.js').printIsakmp),
  isakmpRfc3948: late(
    () => load<typeof import('./protocol/isakmp.js')>('./protocol/isakmp.js').printIsakmpRfc3948,
  ),
  quic: late(() => load<typeof import('./protocol/quic.js')>('./protocol/quic.js').printQuic),
  rtp: late(() => load<typeof import('./protocol/rtp.js')>('./protocol/rtp.js').printRtp),
  rtcp: late(() => load<typeof import('./protocol/rtp.js')>('./protocol/rtp.js').printRtcp),
  sflow: late(() => load<typeof import('./protocol/sflow.js')>('./protocol/sflow.js').printSflow),
  eapol: late(() => load<typeof import('./protocol/eap.js')>('./protocol/eap.js').printEapol),
  eap: late(() => load<typeof import('./protocol/eap.js')>('./protocol/eap.js').printEap),
  lisp: late(() => load<typeof import('./protocol/lisp.js')>('./protocol/lisp.js').printLisp),
  macsec: late(() => load<typeof import('./protocol/macsec.js')>('./protocol/macsec.js').printMacsec),
  // applications
  http: late(() => load<typeof import('./protocol/http.js')>('./protocol/http.js').printHttp),
  rtsp: late(() => load<typeof import('./protocol/rtsp.js')>('./protocol/rtsp.js').printRtsp),
  sip: late(() => load<typeof import('./protocol/sip.js')>('./protocol/sip.js').printSip),
  ftp: late(() => load<typeof import('./protocol/ftp.js')>('./protocol/ftp.js').printFtp),
  smtp: late(() => load<typeof import('./protocol/smtp.js')>('./protocol/smtp.js').printSmtp),
  whois: late(() => load<typeof import('./protocol/whois.js')>('./protocol/whois.js').printWhois),
  resp: late(() => load<typeof import('./protocol/resp.js')>('./protocol/resp.js').printResp),
  ssh: late(() => load<typeof import('./protocol/ssh.js')>('./protocol/ssh.js').printSsh),
  telnet: late(() => load<typeof import('./protocol/telnet.js')>('./protocol/telnet.js').printTelnet),
  nfsReply: named('NFS'),
  nfsRequest: named('NFS'),
  sunRpc: named('SUNRPC'),
  smbTcp: unnamed,
  nbnsUdp137: named('NBT UDP PACKET(137)'),
  nbdgmUdp138: named('NBT UDP PACKET(138)'),
  nbtTcp: unnamed,
  kerberos: late(() => load<typeof import('./protocol/kerberos.js')>('./protocol/kerberos.js').printKerberos),
  lwres: late(() => load<typeof import('./protocol/lwres.js')>('./protocol/lwres.js').printLwres),
  zephyr: late(() => load<typeof import('./protocol/zephyr.js')>('./protocol/zephyr.js').printZephyr),
  zmtp1: unnamed,
  zmtp1Datagram: named('ZMTP1'),
  someip: named('SOMEIP'),
  rx: named('RX'),
  pgm: named('PGM'),
  vat: late(() => load<typeof import('./protocol/vat.js')>('./protocol/vat.js').printVat),
  wb: named('WB'),
  openflow: unnamed,
  rpkiRtr: late(() => load<typeof import('./protocol/rpkirtr.js')>('./protocol/rpkirtr.js').printRpkiRtr),
  timed: late(() => load<typeof import('./protocol/timed.js')>('./protocol/timed.js').printTimed),
  lwappControl: named('LWAPP'),
  lwappData: named('LWAPP'),
  zep: named('ZEP'),
  vqp: late(() => load<typeof import('./protocol/vqp.js')>('./protocol/vqp.js').printVqp),
  cnfp: late(() => load<typeof import('./protocol/netflow.js')>('./protocol/netflow.js').printNetflow),
  beep: unnamed,
};

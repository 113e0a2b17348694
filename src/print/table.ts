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

export const printers = {
  // link layers
  sll: late(() => load<typeof import('./link/sll.js')>('./link/sll.js').printSll),
  sll2: late(() => load<typeof import('./link/sll2.js')>('./link/sll2.js').printSll2),
  llc: late(() => load<typeof import('./link/llc.js')>('./link/llc.js').printLlc),
  wifiLink: late(() => load<typeof import('./link/wifi/wifi.js')>('./link/wifi/wifi.js').printWifiLink),
  radiotapLink: late(
    () => load<typeof import('./link/wifi/radiotap.js')>('./link/wifi/radiotap.js').printRadiotapLink,
  ),
  prismLink: late(() => load<typeof import('./link/wifi/prism.js')>('./link/wifi/prism.js').printPrismLink),
  avsLink: late(() => load<typeof import('./link/wifi/prism.js')>('./link/wifi/prism.js').printAvsLink),
  ppi: late(() => load<typeof import('./link/ppi.js')>('./link/ppi.js').printPpi),
  isoclns: late(
    () => load<typeof import('./protocol/osi/isoclns.js')>('./protocol/osi/isoclns.js').printIsoclns,
  ),
  ipx: late(() => load<typeof import('./protocol/ipx.js')>('./protocol/ipx.js').printIpx),
  loopback: late(() => load<typeof import('./protocol/loopback.js')>('./protocol/loopback.js').printLoopback),
  // control and configuration
  icmp: late(() => load<typeof import('./protocol/icmp/icmp.js')>('./protocol/icmp/icmp.js').printIcmp),
  icmp6: late(() => load<typeof import('./protocol/icmp/icmp6.js')>('./protocol/icmp/icmp6.js').printIcmp6),
  igmp: late(() => load<typeof import('./protocol/igmp.js')>('./protocol/igmp.js').printIgmp),
  mobility: late(
    () => load<typeof import('./protocol/ip/mobility.js')>('./protocol/ip/mobility.js').printMobility,
  ),
  mobile: late(
    () => load<typeof import('./protocol/ip/mobility.js')>('./protocol/ip/mobility.js').printMobile,
  ),
  arp: late(() => load<typeof import('./protocol/arp.js')>('./protocol/arp.js').printArp),
  dns: late(() => load<typeof import('./protocol/dns/dns.js')>('./protocol/dns/dns.js').printDns),
  dnsTcp: late(() => load<typeof import('./protocol/dns/dns.js')>('./protocol/dns/dns.js').printDnsTcp),
  dhcp: late(() => load<typeof import('./protocol/dhcp/dhcp.js')>('./protocol/dhcp/dhcp.js').printDhcp),
  dhcp6: late(() => load<typeof import('./protocol/dhcp/dhcp6.js')>('./protocol/dhcp/dhcp6.js').printDhcp6),
  ntp: late(() => load<typeof import('./protocol/ntp.js')>('./protocol/ntp.js').printNtp),
  tftp: late(() => load<typeof import('./protocol/tftp.js')>('./protocol/tftp.js').printTftp),
  syslog: late(() => load<typeof import('./protocol/syslog.js')>('./protocol/syslog.js').printSyslog),
  radius: late(
    () => load<typeof import('./protocol/radius/radius.js')>('./protocol/radius/radius.js').printRadius,
  ),
  snmp: late(() => load<typeof import('./protocol/snmp/snmp.js')>('./protocol/snmp/snmp.js').printSnmp),
  // routing and bridging
  stp: late(() => load<typeof import('./protocol/stp.js')>('./protocol/stp.js').printStp),
  lldp: late(() => load<typeof import('./protocol/lldp/lldp.js')>('./protocol/lldp/lldp.js').printLldp),
  cdp: late(() => load<typeof import('./protocol/cdp.js')>('./protocol/cdp.js').printCdp),
  slow: late(() => load<typeof import('./protocol/slow.js')>('./protocol/slow.js').printSlow),
  vtp: late(() => load<typeof import('./protocol/vtp.js')>('./protocol/vtp.js').printVtp),
  udld: late(() => load<typeof import('./protocol/udld.js')>('./protocol/udld.js').printUdld),
  dtp: late(() => load<typeof import('./protocol/dtp.js')>('./protocol/dtp.js').printDtp),
  ptp: late(() => load<typeof import('./protocol/ptp.js')>('./protocol/ptp.js').printPtp),
  bgp: late(() => load<typeof import('./protocol/bgp/bgp.js')>('./protocol/bgp/bgp.js').printBgp),
  rip: late(() => load<typeof import('./protocol/rip.js')>('./protocol/rip.js').printRip),
  ripng: late(() => load<typeof import('./protocol/ripng.js')>('./protocol/ripng.js').printRipng),
  ospf: late(() => load<typeof import('./protocol/ospf/ospf.js')>('./protocol/ospf/ospf.js').printOspf),
  ospf6: late(() => load<typeof import('./protocol/ospf/ospf6.js')>('./protocol/ospf/ospf6.js').printOspf6),
  pim: late(() => load<typeof import('./protocol/pim/pim.js')>('./protocol/pim/pim.js').printPim),
  pim1: late(() => load<typeof import('./protocol/pim/pim1.js')>('./protocol/pim/pim1.js').printPim1),
  autoRp: late(() => load<typeof import('./protocol/autorp.js')>('./protocol/autorp.js').printAutoRp),
  dvmrp: late(() => load<typeof import('./protocol/dvmrp.js')>('./protocol/dvmrp.js').printDvmrp),
  vrrp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printVrrp),
  carp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printCarp),
  hsrp: late(() => load<typeof import('./protocol/vrrp.js')>('./protocol/vrrp.js').printHsrp),
  bfd: late(() => load<typeof import('./protocol/bfd.js')>('./protocol/bfd.js').printBfd),
  ldp: late(() => load<typeof import('./protocol/ldp/ldp.js')>('./protocol/ldp/ldp.js').printLdp),
  babel: late(() => load<typeof import('./protocol/babel/babel.js')>('./protocol/babel/babel.js').printBabel),
  olsr: late(() => load<typeof import('./protocol/olsr.js')>('./protocol/olsr.js').printOlsr),
  ahcp: late(() => load<typeof import('./protocol/ahcp.js')>('./protocol/ahcp.js').printAhcp),
  sctp: late(() => load<typeof import('./protocol/sctp/sctp.js')>('./protocol/sctp/sctp.js').printSctp),
  m3ua: late(() => load<typeof import('./protocol/m3ua.js')>('./protocol/m3ua.js').printM3ua),
  forces: late(
    () => load<typeof import('./protocol/forces/forces.js')>('./protocol/forces/forces.js').printForces,
  ),
  dccp: late(() => load<typeof import('./protocol/dccp/dccp.js')>('./protocol/dccp/dccp.js').printDccp),
  rsvp: late(() => load<typeof import('./protocol/rsvp/rsvp.js')>('./protocol/rsvp/rsvp.js').printRsvp),
  eigrp: late(() => load<typeof import('./protocol/eigrp.js')>('./protocol/eigrp.js').printEigrp),
  igrp: late(() => load<typeof import('./protocol/igrp.js')>('./protocol/igrp.js').printIgrp),
  nhrp: late(() => load<typeof import('./protocol/nhrp.js')>('./protocol/nhrp.js').printNhrp),
  egp: late(() => load<typeof import('./protocol/egp.js')>('./protocol/egp.js').printEgp),
  msdp: late(() => load<typeof import('./protocol/msdp.js')>('./protocol/msdp.js').printMsdp),
  lspPing: late(
    () => load<typeof import('./protocol/lspping/lspping.js')>('./protocol/lspping/lspping.js').printLspPing,
  ),
  lmp: late(() => load<typeof import('./protocol/lmp/lmp.js')>('./protocol/lmp/lmp.js').printLmp),
  aodv: late(() => load<typeof import('./protocol/aodv.js')>('./protocol/aodv.js').printAodv),
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
  ppp: late(() => load<typeof import('./link/ppp/ppp.js')>('./link/ppp/ppp.js').printPpp),
  pppLink: late(() => load<typeof import('./link/ppp/ppp.js')>('./link/ppp/ppp.js').printPppLink),
  pppHdlc: late(() => load<typeof import('./link/ppp/ppp.js')>('./link/ppp/ppp.js').printPppHdlc),
  chdlc: late(() => load<typeof import('./link/chdlc.js')>('./link/chdlc.js').printChdlcLink),
  pppoe: late(() => load<typeof import('./link/ppp/pppoe.js')>('./link/ppp/pppoe.js').printPppoe),
  pppoeLink: late(() => load<typeof import('./link/ppp/pppoe.js')>('./link/ppp/pppoe.js').printPppoeLink),
  nflog: late(() => load<typeof import('./link/nflog.js')>('./link/nflog.js').printNflog),
  dsaLink: late(() => load<typeof import('./link/switchtag.js')>('./link/switchtag.js').printDsaLink),
  edsaLink: late(() => load<typeof import('./link/switchtag.js')>('./link/switchtag.js').printEdsaLink),
  broadcomLink: late(
    () => load<typeof import('./link/switchtag.js')>('./link/switchtag.js').printBroadcomLink,
  ),
  broadcomPrependedLink: late(
    () => load<typeof import('./link/switchtag.js')>('./link/switchtag.js').printBroadcomPrependedLink,
  ),
  wpanLink: late(() => load<typeof import('./link/wpan.js')>('./link/wpan.js').printWpanLink),
  wpanTapLink: late(() => load<typeof import('./link/wpan.js')>('./link/wpan.js').printWpanTapLink),
  tokenRingLink: late(
    () => load<typeof import('./link/tokenring.js')>('./link/tokenring.js').printTokenRingLink,
  ),
  fddiLink: late(() => load<typeof import('./link/fddi.js')>('./link/fddi.js').printFddiLink),
  ipoibLink: late(() => load<typeof import('./link/ipoib.js')>('./link/ipoib.js').printIpoibLink),
  bluetoothLink: late(
    () => load<typeof import('./link/bluetooth.js')>('./link/bluetooth.js').printBluetoothLink,
  ),
  slipLink: late(() => load<typeof import('./link/slip.js')>('./link/slip.js').printSlipLink),
  slipBsdosLink: late(() => load<typeof import('./link/slip.js')>('./link/slip.js').printSlipBsdosLink),
  snap: late(() => load<typeof import('./link/llc.js')>('./link/llc.js').printSnap),
  frameRelayLink: late(
    () => load<typeof import('./link/framerelay.js')>('./link/framerelay.js').printFrameRelayLink,
  ),
  mfrLink: late(() => load<typeof import('./link/mfr.js')>('./link/mfr.js').printMfrLink),
  juniper: late(
    () => load<typeof import('./link/juniper/juniper.js')>('./link/juniper/juniper.js').printJuniper,
  ),
  q933: late(() => load<typeof import('./protocol/q933.js')>('./protocol/q933.js').printQ933),
  atmLink: late(() => load<typeof import('./link/atm.js')>('./link/atm.js').printAtmLink),
  sunAtmLink: late(() => load<typeof import('./link/atm.js')>('./link/atm.js').printSunAtmLink),
  atmClipLink: late(() => load<typeof import('./link/atm.js')>('./link/atm.js').printAtmClipLink),
  apple1394Link: late(
    () => load<typeof import('./link/apple1394.js')>('./link/apple1394.js').printApple1394Link,
  ),
  arcnetLink: late(() => load<typeof import('./link/arcnet.js')>('./link/arcnet.js').printArcnetLink),
  arcnetLinuxLink: late(
    () => load<typeof import('./link/arcnet.js')>('./link/arcnet.js').printArcnetLinuxLink,
  ),
  encLink: late(() => load<typeof import('./link/enc.js')>('./link/enc.js').printEncLink),
  fibreChannelLink: late(
    () => load<typeof import('./link/fibrechannel.js')>('./link/fibrechannel.js').printFibreChannelLink,
  ),
  ipnetLink: late(() => load<typeof import('./link/ipnet.js')>('./link/ipnet.js').printIpnetLink),
  netanalyzerLink: late(
    () => load<typeof import('./link/netanalyzer.js')>('./link/netanalyzer.js').printNetanalyzerLink,
  ),
  netanalyzerTransparentLink: late(
    () =>
      load<typeof import('./link/netanalyzer.js')>('./link/netanalyzer.js').printNetanalyzerTransparentLink,
  ),
  symantecLink: late(() => load<typeof import('./link/symantec.js')>('./link/symantec.js').printSymantecLink),
  usbLink: late(() => load<typeof import('./link/usb.js')>('./link/usb.js').printUsbLink),
  usbMappedLink: late(() => load<typeof import('./link/usb.js')>('./link/usb.js').printUsbMappedLink),
  pflogLink: late(() => load<typeof import('./link/pflog.js')>('./link/pflog.js').printPflogLink),
  vsock: late(() => load<typeof import('./link/vsock.js')>('./link/vsock.js').printVsock),
  pktap: late(() => load<typeof import('./link/pktap.js')>('./link/pktap.js').printPktap),
  esp: late(() => load<typeof import('./protocol/esp/esp.js')>('./protocol/esp/esp.js').printEsp),
  ah: late(() => load<typeof import('./protocol/esp/ah.js')>('./protocol/esp/ah.js').printAh),
  ipcomp: late(() => load<typeof import('./protocol/esp/ipcomp.js')>('./protocol/esp/ipcomp.js').printIpcomp),
  isakmp: late(() => load<typeof import('./protocol/ike/isakmp.js')>('./protocol/ike/isakmp.js').printIsakmp),
  isakmpRfc3948: late(
    () => load<typeof import('./protocol/ike/isakmp.js')>('./protocol/ike/isakmp.js').printIsakmpRfc3948,
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
  nfsReply: late(() => load<typeof import('./protocol/nfs/nfs.js')>('./protocol/nfs/nfs.js').printNfsReply),
  nfsRequest: late(
    () => load<typeof import('./protocol/nfs/nfs.js')>('./protocol/nfs/nfs.js').printNfsRequest,
  ),
  rpcReply: late(() => load<typeof import('./protocol/nfs/nfs.js')>('./protocol/nfs/nfs.js').printRpcReply),
  sunRpc: late(() => load<typeof import('./protocol/nfs/sunrpc.js')>('./protocol/nfs/sunrpc.js').printSunRpc),
  kerberos: late(() => load<typeof import('./protocol/kerberos.js')>('./protocol/kerberos.js').printKerberos),
  lwres: late(() => load<typeof import('./protocol/lwres.js')>('./protocol/lwres.js').printLwres),
  zephyr: late(() => load<typeof import('./protocol/zephyr.js')>('./protocol/zephyr.js').printZephyr),
  zmtp1: late(() => load<typeof import('./protocol/zmtp1.js')>('./protocol/zmtp1.js').printZmtp1),
  zmtp1Datagram: late(
    () => load<typeof import('./protocol/zmtp1.js')>('./protocol/zmtp1.js').printZmtp1Datagram,
  ),
  bcmLi: late(() => load<typeof import('./protocol/bcmli.js')>('./protocol/bcmli.js').printBcmLi),
  someip: late(() => load<typeof import('./protocol/someip.js')>('./protocol/someip.js').printSomeip),
  rx: late(() => load<typeof import('./protocol/rx/rx.js')>('./protocol/rx/rx.js').printRx),
  pgm: late(() => load<typeof import('./protocol/pgm/pgm.js')>('./protocol/pgm/pgm.js').printPgm),
  vat: late(() => load<typeof import('./protocol/vat.js')>('./protocol/vat.js').printVat),
  wb: late(() => load<typeof import('./protocol/wb.js')>('./protocol/wb.js').printWb),
  openflow: late(
    () =>
      load<typeof import('./protocol/openflow/openflow.js')>('./protocol/openflow/openflow.js').printOpenflow,
  ),
  rpkiRtr: late(() => load<typeof import('./protocol/rpkirtr.js')>('./protocol/rpkirtr.js').printRpkiRtr),
  timed: late(() => load<typeof import('./protocol/timed.js')>('./protocol/timed.js').printTimed),
  lwappControl: late(
    () => load<typeof import('./protocol/lwapp/lwapp.js')>('./protocol/lwapp/lwapp.js').printLwappControl,
  ),
  lwappData: late(
    () => load<typeof import('./protocol/lwapp/lwapp.js')>('./protocol/lwapp/lwapp.js').printLwappData,
  ),
  zep: late(() => load<typeof import('./protocol/zep.js')>('./protocol/zep.js').printZep),
  vqp: late(() => load<typeof import('./protocol/vqp.js')>('./protocol/vqp.js').printVqp),
  cnfp: late(() => load<typeof import('./protocol/netflow.js')>('./protocol/netflow.js').printNetflow),
  cfm: late(() => load<typeof import('./protocol/cfm/cfm.js')>('./protocol/cfm/cfm.js').printCfm),
  aoe: late(() => load<typeof import('./protocol/aoe.js')>('./protocol/aoe.js').printAoe),
  calmFast: late(() => load<typeof import('./protocol/calmfast.js')>('./protocol/calmfast.js').printCalmFast),
  msNlb: late(() => load<typeof import('./protocol/msnlb.js')>('./protocol/msnlb.js').printMsNlb),
  mpcp: late(() => load<typeof import('./protocol/mpcp.js')>('./protocol/mpcp.js').printMpcp),
  realtek: late(() => load<typeof import('./protocol/realtek.js')>('./protocol/realtek.js').printRealtek),
  geonet: late(() => load<typeof import('./protocol/geonet.js')>('./protocol/geonet.js').printGeonet),
  arista: late(() => load<typeof import('./protocol/arista.js')>('./protocol/arista.js').printArista),
  tipc: late(() => load<typeof import('./protocol/tipc.js')>('./protocol/tipc.js').printTipc),
  hncp: late(() => load<typeof import('./protocol/hncp/hncp.js')>('./protocol/hncp/hncp.js').printHncp),
  appleTalk: late(
    () =>
      load<typeof import('./protocol/appletalk/appletalk.js')>('./protocol/appletalk/appletalk.js')
        .printAppleTalk,
  ),
  aarp: late(
    () =>
      load<typeof import('./protocol/appletalk/appletalk.js')>('./protocol/appletalk/appletalk.js').printAarp,
  ),
  localTalkLink: late(
    () =>
      load<typeof import('./protocol/appletalk/appletalk.js')>('./protocol/appletalk/appletalk.js')
        .printLocalTalkLink,
  ),
  localTalk: late(
    () =>
      load<typeof import('./protocol/appletalk/appletalk.js')>('./protocol/appletalk/appletalk.js')
        .printLocalTalk,
  ),
  decnet: late(
    () => load<typeof import('./protocol/decnet/decnet.js')>('./protocol/decnet/decnet.js').printDecnet,
  ),
  beep: late(() => load<typeof import('./protocol/beep.js')>('./protocol/beep.js').printBeep),
  // with --smb alone
  netbiosSession: late(
    () => load<typeof import('./protocol/smb/netbios.js')>('./protocol/smb/netbios.js').printNetbiosSession,
  ),
  netbiosDatagram: late(
    () => load<typeof import('./protocol/smb/netbios.js')>('./protocol/smb/netbios.js').printNetbiosDatagram,
  ),
  netbiosName: late(
    () =>
      load<typeof import('./protocol/smb/nameservice.js')>('./protocol/smb/nameservice.js').printNameService,
  ),
  smbTcp: late(
    () => load<typeof import('./protocol/smb/netbios.js')>('./protocol/smb/netbios.js').printSmbTcp,
  ),
  netbeui: late(
    () => load<typeof import('./protocol/smb/netbeui.js')>('./protocol/smb/netbeui.js').printNetbeui,
  ),
  netbiosIpx: late(
    () => load<typeof import('./protocol/smb/netbeui.js')>('./protocol/smb/netbeui.js').printNetbiosIpx,
  ),
};

/**
 * Printers of payloads that remember nothing from one packet to the next, and look into no packet within: what they print has
 * no bearing on the text of later packets. Those that are not here are taken to have one.
 */
export const forgetful: ReadonlySet<(p: Printer, offset: number, length: number) => void> = new Set([
  // over UDP
  printers.dns,
  printers.dhcp,
  printers.dhcp6,
  printers.tftp,
  printers.ntp,
  printers.snmp,
  printers.syslog,
  printers.radius,
  // over TCP
  printers.ftp,
  printers.ssh,
  printers.telnet,
  printers.smtp,
  printers.whois,
  printers.dnsTcp,
  printers.http,
  printers.bgp,
  printers.rpkiRtr,
  printers.rtsp,
  printers.ldp,
  printers.pptp,
  printers.resp,
  printers.beep,
]);

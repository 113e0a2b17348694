// UDP and what its ports say follows. Source: RFC 768; ports: IANA.

import { shouldBe, transportChecksum } from '../checksum.js';
import { ARROW, COLON } from '../constants.js';
import { below } from '../inline.js';
import { type Printer, type ProtocolPrinter, TRUNCATED } from '../printer.js';
import { isForgetful, type PrinterName, printers } from '../table.js';
import { Constant } from '../writer.js';
import { detectQuic } from './quic.js';

const HEADER = 8;
const Field = { SOURCE: 0, DESTINATION: 2, LENGTH: 4, CHECKSUM: 6 } as const;
const PROTOCOL = 17;
const NFS = 2049;
const HTTPS = 443;
/** Ports that --smb alone asks. */
const NETBIOS_NAME = 137;
const NETBIOS_DATAGRAM = 138;

const UNKNOWN = new Constant('UDP, length ');

/** Which of a datagram's ports a line of the table is about. */
const Side = { EITHER: 0, SOURCE: 1, DESTINATION: 2 } as const;
type Side = (typeof Side)[keyof typeof Side];

/** Printers by port, in the order they are asked: the first line that fits serves. */
const BY_PORT: readonly (readonly [ports: readonly number[], name: PrinterName, side?: Side])[] = [
  [[53], 'dns'],
  [[67, 68], 'dhcp'],
  [[69], 'tftp'],
  [[88], 'kerberos'],
  [[123], 'ntp'],
  [[NETBIOS_NAME], 'netbiosName'],
  [[NETBIOS_DATAGRAM], 'netbiosDatagram'],
  [[161, 162], 'snmp'],
  [[319, 320], 'ptp'],
  [[HTTPS], 'quic'],
  [[496], 'autoRp'],
  [[500], 'isakmp'],
  [[514], 'syslog'],
  [[520], 'rip'],
  [[521], 'ripng'],
  [[525], 'timed'],
  [[546, 547], 'dhcp6'],
  [[646], 'ldp'],
  [[654], 'aodv'],
  [[698], 'olsr'],
  [[701], 'lmp'],
  [[750], 'kerberos'],
  [[921], 'lwres'],
  [[5353], 'dns'],
  [[4500], 'isakmpRfc3948'],
  [[7500, 8500], 'isakmp'],
  [[1701], 'l2tp'],
  [[3456], 'vat', Side.DESTINATION],
  [[2103, 2104], 'zephyr'],
  [[7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009], 'rx'],
  [[5359], 'ahcp'],
  [[6696, 6697], 'babel'],
  [[8231], 'hncp'],
  [[4567], 'wb', Side.DESTINATION],
  [[1645, 1646, 1700, 1812, 1813, 3799], 'radius'],
  [[1985], 'hsrp', Side.DESTINATION],
  [[3503], 'lspPing'],
  [[3784, 3785, 4784, 6784, 7784], 'bfd', Side.DESTINATION],
  [[7784], 'bfd', Side.SOURCE],
  [[1589], 'vqp'],
  [[6343], 'sflow'],
  [[12223], 'lwappControl', Side.DESTINATION],
  [[12223], 'lwappData', Side.SOURCE],
  [[12222], 'lwappData'],
  [[5060], 'sip'],
  [[4789, 8472], 'vxlan'],
  [[6081], 'geneve', Side.DESTINATION],
  [[4342], 'lisp'],
  [[4790], 'vxlanGpe'],
  [[17754], 'zep'],
  [[6635], 'mpls'],
];
/** BY_PORT's printers. */
const PRINTERS: readonly ProtocolPrinter[] = BY_PORT.map(([, name]) => printers[name] as ProtocolPrinter);

/** Asked after LocalTalk's ports. */
const SOMEIP = 30490;
/** Broadcom's, who took a port that any sender may have: asked last. */
const BCM_LI = 49152;

/** Port → its line's place. */
const NONE = BY_PORT.length;
const QUIC = BY_PORT.findIndex(([ports]) => ports.includes(HTTPS));
const SOURCES = new Map<number, number>();
const DESTINATIONS = new Map<number, number>();
BY_PORT.forEach(([ports, , side = Side.EITHER], place) => {
  for (const port of ports) {
    if (side !== Side.DESTINATION && !SOURCES.has(port)) SOURCES.set(port, place);
    if (side !== Side.SOURCE && !DESTINATIONS.has(port)) DESTINATIONS.set(port, place);
  }
});

/** -T: what the payload is whatever the ports say. Types that UDP does not carry print nothing. */
const BY_TYPE: Readonly<Record<string, ProtocolPrinter>> = {
  vat: printers.vat,
  wb: printers.wb,
  rtp: printers.rtp,
  rtcp: printers.rtcp,
  snmp: printers.snmp,
  cnfp: printers.cnfp,
  tftp: printers.tftp,
  aodv: printers.aodv,
  radius: printers.radius,
  vxlan: printers.vxlan,
  geneve: printers.geneve,
  pgm: printers.pgm,
  pgm_zmtp1: printers.pgm,
  lmp: printers.lmp,
  ptp: printers.ptp,
  someip: printers.someip,
  domain: printers.dns,
  quic: printers.quic,
};

/** The place of a pair of ports' line, NONE when there is none. */
function placeOf(source: number, destination: number, smb: boolean): number {
  if (!smb) {
    source = withoutNetbios(source);
    destination = withoutNetbios(destination);
  }
  return Math.min(SOURCES.get(source) ?? NONE, DESTINATIONS.get(destination) ?? NONE);
}

function withoutNetbios(port: number): number {
  return port === NETBIOS_NAME || port === NETBIOS_DATAGRAM ? 0 : port;
}

/** The printer of a datagram, or null. */
function printerOf(
  p: Printer,
  body: number,
  payload: number,
  source: number,
  destination: number,
): ProtocolPrinter | null {
  const { smb } = p.options;
  let place = placeOf(source, destination, smb);
  if (place === QUIC && !detectQuic(p, body, payload)) {
    // What looks like no QUIC is the other port's.
    place = placeOf(source === HTTPS ? 0 : source, destination === HTTPS ? 0 : destination, smb);
  }
  if (place < NONE) return PRINTERS[place]!;
  if (isLocalTalk(p, body, source, destination)) {
    if (p.options.verbose > 0) p.text('kip ');
    return printers.localTalk;
  }
  if (source === SOMEIP || destination === SOMEIP) return printers.someip;
  return source === BCM_LI ? printers.bcmLi : null;
}

/** Whether a datagram of these ports has no bearing on the text of later ones. */
export function leavesNothing(source: number, destination: number, smb: boolean): boolean {
  // NFS remembers calls, QUIC connections.
  for (const port of [NFS, HTTPS]) if (source === port || destination === port) return false;
  if (source === BCM_LI && !isForgetful('bcmLi')) return false;
  const place = placeOf(source, destination, smb);
  return place === NONE || isForgetful(BY_PORT[place]![1]);
}

/** A UDP datagram, `length` bytes by the IP header. */
export function printUdp(p: Printer, offset: number, length: number): void {
  p.protocol = 'udp';
  const { options } = p;
  if (!p.has(offset, 4)) {
    if (underIp(p)) addresses(p, -1, -1);
    throw TRUNCATED;
  }
  const source = p.u16(offset + Field.SOURCE);
  const destination = p.u16(offset + Field.DESTINATION);
  if (options.packetType !== 'rpc') addresses(p, source, destination);
  if (below(p, 'undersized-udp', length, HEADER)) {
    p.invalid();
    return;
  }
  let claimed = p.u16(offset + Field.LENGTH);
  const sum = p.u16(offset + Field.CHECKSUM);
  // A jumbogram's length does not fit: what IP says counts.
  if (claimed === 0 && length > 0xffff) claimed = length;
  if (below(p, 'undersized-udplength', claimed, HEADER)) {
    p.invalid();
    return;
  }
  claimed -= HEADER;
  const payload = Math.min(length - HEADER, claimed);
  const body = offset + HEADER;
  p.sourcePort = source;
  p.destinationPort = destination;
  if (options.packetType !== null) {
    printType(p, options.packetType, body, payload);
    return;
  }
  if (!options.quiet && printNfs(p, body, payload, source, destination)) return;
  // -v shows the sum over IPv6, where it is not optional; -vv over IPv4 too.
  if (options.verbose > (p.ipVersion === 6 ? 0 : 1) && !options.noChecksums && !p.ipFragmented) {
    printChecksum(p, offset, payload, sum);
  }
  const print = options.quiet ? null : printerOf(p, body, payload, source, destination);
  if (print !== null) print(p, body, payload);
  else if (claimed > payload && !p.ipFragmented) p.text(`UDP, bad length ${claimed} > ${payload}`);
  else {
    p.put(UNKNOWN);
    p.dec(claimed);
  }
}

/** Ports that gateways to LocalTalk take for its sockets. */
const LOCAL_TALK_PORTS = [200, 768, 16512];
const LOCAL_TALK_SOCKETS = 128;
const LONG_DELIVERY = 2;

function isLocalTalk(p: Printer, offset: number, source: number, destination: number): boolean {
  const ours = (port: number) =>
    LOCAL_TALK_PORTS.some((first) => port >= first && port < first + LOCAL_TALK_SOCKETS);
  return p.has(offset + 2, 1) && p.u8(offset + 2) === LONG_DELIVERY && (ours(source) || ours(destination));
}

function printType(p: Printer, type: string, offset: number, length: number): void {
  if (type === 'rpc') {
    if (p.u32(offset + 4) === 0) printers.sunRpc(p, offset, length);
    else printers.rpcReply(p, offset, length);
  } else BY_TYPE[type]?.(p, offset, length);
}

/** A call to the NFS port or an answer from it. */
function printNfs(p: Printer, offset: number, length: number, source: number, destination: number): boolean {
  if ((source !== NFS && destination !== NFS) || !p.has(offset + 4, 4)) return false;
  const direction = p.u32(offset + 4);
  if (destination === NFS && direction === 0) {
    p.text(`NFS request xid ${p.u32(offset)} `);
    printers.nfsRequest(p, offset, length);
    return true;
  }
  if (source === NFS && direction === 1) {
    p.text(`NFS reply xid ${p.u32(offset)} `);
    printers.nfsReply(p, offset, length);
    return true;
  }
  return false;
}

function printChecksum(p: Printer, offset: number, payload: number, field: number): void {
  if (field === 0 && p.ipVersion === 4) p.text('[no cksum] ');
  else if (p.has(offset + HEADER, payload)) {
    const sum = transportChecksum(p, offset, payload + HEADER, PROTOCOL);
    if (sum === 0) p.text('[udp sum ok] ');
    else {
      p.text('[bad udp cksum 0x');
      p.hex0(field, 4);
      p.text(' -> 0x');
      p.hex0(shouldBe(field, sum), 4);
      p.text('!] ');
    }
  }
}

/** Whether the IP header itself says UDP follows: else its addresses are not shown again. */
function underIp(p: Printer): boolean {
  if (p.ipVersion === 4) return p.u8(p.ipHeader + 9) === PROTOCOL;
  return p.ipVersion === 6 && p.u8(p.ipHeader + 6) === PROTOCOL;
}

/** Addresses and ports, the ports alone when the header is not right under IP's; without ports when negative. */
function addresses(p: Printer, source: number, destination: number): void {
  const start = p.pos;
  const shown = underIp(p);
  try {
    if (shown) address(p, 12, 8);
    if (source >= 0) {
      if (shown) p.char(46);
      p.udpPort(source);
    }
    p.put(ARROW);
    if (shown) address(p, 16, 24);
    if (destination >= 0) {
      if (shown) p.char(46);
      p.udpPort(destination);
    }
    p.put(COLON);
  } catch (error) {
    p.pos = start;
    throw error;
  }
}

function address(p: Printer, offset4: number, offset6: number): void {
  if (p.ipVersion === 4) p.ipv4(p.ipHeader + offset4);
  else p.ipv6(p.ipHeader + offset6);
}

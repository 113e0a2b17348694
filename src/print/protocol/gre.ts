// Generic Routing Encapsulation: version 0 (RFC 1701, 2784, 2890, NVGRE RFC 7637) and version 1 (PPTP RFC 2637,
// MikroTik's Ethernet over IP).

import { below, bitsOf, captured, hex } from '../inline.js';
import { printPpp } from '../link/ppp/ppp.js';
import type { Bits, Printer } from '../printer.js';
import { printers } from '../table.js';
import { printErspan, printErspan3 } from './erspan.js';
import { EtherType, etherTypeName, printEthernetPayload, printIp, printIp6 } from './inner.js';
import { printMpls } from './mpls.js';
import { printNsh } from './nsh.js';

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080;
const VERSION_MASK = 0x0007;

const FLAGS: Bits = [
  [CHECKSUM, 'checksum present'],
  [ROUTING, 'routing present'],
  [KEY, 'key present'],
  [SEQUENCE, 'sequence# present'],
  [0x0800, 'source routing present'],
  [ACKNOWLEDGEMENT, 'ack present'],
];

/** Protocol types that only GRE has. */
const CDP = 0x2000;
const NHRP = 0x2001;
const ERSPAN_3 = 0x22eb;
const MIKROTIK_EOIP = 0x6400;
const WCCP = 0x883e;
const ERSPAN_1_2 = 0x88be;

/** Address families of source route entries. */
const ROUTE_IP = 0x0800;
const ROUTE_ASN = 0xfffe;

/** A GRE header and what it carries. */
export function printGre(p: Printer, offset: number, length: number): void {
  p.protocol = 'gre';
  p.text('GRE');
  if (below(p, 'length', length, 2)) {
    p.invalid();
    return;
  }
  const version = p.u16(offset) & VERSION_MASK;
  p.text(`v${version}`);
  if (version > 1) p.text(' ERROR: unknown-version');
  else if (!(version === 0 ? printVersion0(p, offset, length) : printVersion1(p, offset, length)))
    p.invalid();
}

/** @returns false when the packet is invalid */
function printVersion0(p: Printer, offset: number, length: number): boolean {
  const end = offset + length;
  const flags = p.u16(offset);
  if (p.options.verbose > 0) p.text(`, Flags [${bitsOf(FLAGS, flags, 'none')}]`);
  offset += 2;
  if (below(p, 'len', end - offset, 2)) return false;
  const type = p.u16(offset);
  offset += 2;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) {
    if (below(p, 'len', end - offset, 2)) return false;
    const sum = p.u16(offset);
    if (p.options.verbose > 0) p.text(`, sum 0x${hex(sum)}`);
    offset += 2;
    if (below(p, 'len', end - offset, 2)) return false;
    p.text(`, off 0x${hex(p.u16(offset))}`);
    offset += 2;
  }
  if ((flags & KEY) !== 0) {
    if (below(p, 'len', end - offset, 4)) return false;
    p.text(`, key=0x${hex(p.u32(offset))}`);
    offset += 4;
  }
  if ((flags & SEQUENCE) !== 0) {
    if (below(p, 'len', end - offset, 4)) return false;
    p.text(`, seq ${p.u32(offset)}`);
    offset += 4;
  }
  if ((flags & ROUTING) !== 0) {
    for (;;) {
      if (below(p, 'len', end - offset, 4)) return false;
      const family = p.u16(offset);
      const current = p.u8(offset + 2);
      const entryLength = p.u8(offset + 3);
      offset += 4;
      if (family === 0 && entryLength === 0) break;
      if (!printRouteEntry(p, offset, end, family, current, entryLength)) return false;
      if (below(p, 'len', end - offset, entryLength)) return false;
      offset += entryLength;
    }
  }
  printSummary(p, type, length);
  p.text(p.options.verbose > 0 ? '\n\t' : ': ');
  return printPayload(p, offset, end - offset, type, flags);
}

function printSummary(p: Printer, type: number, length: number): void {
  if (p.options.linkHeader) p.text(`, proto ${etherTypeName(type) ?? 'unknown'} (0x${hex(type, 4)})`);
  p.text(`, length ${length}`);
}

function printPayload(p: Printer, offset: number, length: number, type: number, flags: number): boolean {
  switch (type) {
    case 0:
      // Reserved; Cisco's tunnels use it for keep-alives.
      p.text('keep-alive');
      return true;
    case WCCP:
      return printWccp(p, offset, length);
    case EtherType.IP:
      printIp(p, offset, length);
      return true;
    case EtherType.IP6:
      printIp6(p, offset, length);
      return true;
    case EtherType.MPLS:
    case EtherType.MPLS_MULTICAST:
      printMpls(p, offset, length);
      return true;
    case EtherType.IPX:
      printers.ipx(p, offset, length);
      return true;
    case EtherType.APPLETALK:
      printers.appleTalk(p, offset, length);
      return true;
    case EtherType.GRE_ISO:
      printers.isoclns(p, offset, length);
      return true;
    case EtherType.BRIDGED:
      printEthernetPayload(p, offset, length);
      return true;
    case EtherType.NSH:
      printNsh(p, offset, length);
      return true;
    case ERSPAN_1_2:
      printErspan(p, offset, length, (flags & SEQUENCE) !== 0);
      return true;
    case ERSPAN_3:
      printErspan3(p, offset, length);
      return true;
    case CDP:
      printers.cdp(p, offset, length);
      return true;
    case NHRP:
      printers.nhrp(p, offset, length);
      return true;
    default:
      p.text(`gre-proto-0x${hex(type)}`);
      return true;
  }
}

/** Web Cache Communication: IPv4, with a redirect header in front when the first byte is not IPv4's. */
function printWccp(p: Printer, offset: number, length: number): boolean {
  p.text('wccp ');
  if (below(p, 'len', length, 1)) return false;
  if (p.u8(offset) >> 4 !== 4) {
    if (below(p, 'len', length, 4)) return false;
    const flags = p.u8(offset);
    const bit = (mask: number) => ((flags & mask) !== 0 ? 1 : 0);
    p.text(
      `T:${bit(0x80)} A:${bit(0x40)} U:${bit(0x20)}` +
        ` SId:${p.u8(offset + 1)} Alt:${p.u8(offset + 2)} Pri:${p.u8(offset + 3)}`,
    );
    p.text(': ');
    offset += 4;
    length -= 4;
  }
  printIp(p, offset, length);
  return true;
}

function printVersion1(p: Printer, offset: number, length: number): boolean {
  const end = offset + length;
  const flags = p.u16(offset);
  if (p.options.verbose > 0) p.text(`, Flags [${bitsOf(FLAGS, flags, 'none')}]`);
  offset += 2;
  if (below(p, 'len', end - offset, 2)) return false;
  const type = p.u16(offset);
  offset += 2;
  const eoip = type === MIKROTIK_EOIP;
  if (eoip && (flags & ~VERSION_MASK) !== KEY) {
    p.text(` unknown-eoip-flags-${hex(flags, 4)}!`);
    return true;
  }
  if ((flags & KEY) !== 0) {
    if (below(p, 'len', end - offset, 2)) return false;
    p.need(offset, 2);
    offset += 2;
    if (below(p, 'len', end - offset, 2)) return false;
    p.text(`, ${eoip ? 'tunnel-id' : 'call'} ${p.u16(offset)}`);
    offset += 2;
  } else p.text(', (ERROR: K flag not set)');
  if ((flags & SEQUENCE) !== 0) {
    if (below(p, 'len', end - offset, 4)) return false;
    p.text(`, seq ${p.u32(offset)}`);
    offset += 4;
  }
  if ((flags & ACKNOWLEDGEMENT) !== 0) {
    if (below(p, 'len', end - offset, 4)) return false;
    p.text(`, ack ${p.u32(offset)}`);
    offset += 4;
  }
  const payload = eoip || (flags & SEQUENCE) !== 0;
  if (!payload) p.text(', no-payload');
  printSummary(p, type, length);
  if (!payload) return true;
  p.text(p.options.verbose > 0 ? '\n\t' : ': ');
  if (type === EtherType.PPP) printPpp(p, offset, end - offset);
  else if (!eoip) p.text(`gre-proto-0x${hex(type)}`);
  else if (end === offset) p.text('keepalive');
  else printEthernetPayload(p, offset, end - offset);
  return true;
}

/** @returns false when the entry is invalid */
function printRouteEntry(
  p: Printer,
  offset: number,
  end: number,
  family: number,
  current: number,
  length: number,
): boolean {
  if (family !== ROUTE_IP && family !== ROUTE_ASN) {
    p.text(`, (rtaf=0x${hex(family)})`);
    return true;
  }
  const ip = family === ROUTE_IP;
  p.text(ip ? ', (rtaf=ip' : ', (rtaf=asn');
  const valid = printRoute(p, offset, end, ip ? 4 : 2, current, length);
  p.text(')');
  return valid;
}

/** The addresses of an entry, `size` bytes each, the one at byte `current` marked with a star. */
function printRoute(
  p: Printer,
  offset: number,
  end: number,
  size: 2 | 4,
  current: number,
  length: number,
): boolean {
  if (current % size !== 0) p.text(`, badoffset=${current}`);
  else if (length % size !== 0) p.text(`, badlength=${length}`);
  else if (current >= length) p.text(`, badoff/len=${current}/${length}`);
  else {
    for (let at = 0; at < length; at += size) {
      if (below(p, 'len', end - offset - at, size)) return false;
      const address = size === 4 ? captured(p, () => p.ipv4Number(offset + at)) : hex(p.u16(offset + at));
      p.text(` ${at === current ? '*' : ''}${address}`);
    }
    return true;
  }
  return false;
}

// What an IP protocol number says follows: one switch for IPv4 and IPv6. Source: IANA protocol numbers.

import type { Printer } from './printer.js';
import { printTcp } from './protocol/tcp/tcp.js';
import { printUdp } from './protocol/udp.js';
import { printers } from './table.js';
import { ipProtocolWord } from './tables/ipprotocols.js';

/** TCP, UDP, SCTP and DCCP print the addresses with their ports. */
export function hasOwnAddresses(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 132 || protocol === 33;
}

/** ` name`, the system's, or ` ip-proto-N`. */
export function printIpProtocol(p: Printer, protocol: number): void {
  const name = p.names?.protocol(protocol) ?? null;
  p.char(32);
  if (name === null) {
    p.text('ip-proto-');
    p.dec(protocol);
  } else p.safeText(name);
}

function requires(p: Printer, protocol: number, version: 4 | 6): void {
  p.text(`[${ipProtocolWord(protocol)} requires IPv${version}]`);
  p.invalid();
}

/** Prints what follows an IP header and its extensions. `length` is what they say is there. */
export function printTransport(p: Printer, protocol: number, offset: number, length: number): void {
  switch (protocol) {
    case 6:
      printTcp(p, offset, length);
      return;
    case 17:
      printUdp(p, offset, length);
      return;
    case 1:
      p.protocol = 'icmp';
      if (p.ipVersion === 4) printers.icmp(p, offset, length);
      else requires(p, protocol, 4);
      return;
    case 58:
      p.protocol = 'icmp6';
      if (p.ipVersion === 6) printers.icmp6(p, offset, length);
      else requires(p, protocol, 6);
      return;
    case 2:
      if (p.ipVersion === 4) printers.igmp(p, offset, length);
      else requires(p, protocol, 4);
      return;
    case 4:
      printers.ip(p, offset, length);
      return;
    case 41:
      printers.ip6(p, offset, length);
      return;
    case 8:
      printers.egp(p, offset, length);
      return;
    case 9:
      printers.igrp(p, offset, length);
      return;
    case 33:
      printers.dccp(p, offset, length);
      return;
    case 46:
      printers.rsvp(p, offset, length);
      return;
    case 47:
      printers.gre(p, offset, length);
      return;
    case 50:
      printers.esp(p, offset, length);
      return;
    case 51:
      authenticated(p, offset, length);
      return;
    case 54:
      printers.nhrp(p, offset, length);
      return;
    case 55:
      printers.mobile(p, offset, length);
      return;
    case 59:
      p.text('no next header');
      return;
    case 77:
      p.text(' nd ');
      p.dec(length);
      return;
    case 88:
      printers.eigrp(p, offset, length);
      return;
    case 89:
      if (p.ipVersion === 6) printers.ospf6(p, offset, length);
      else printers.ospf(p, offset, length);
      return;
    case 103:
      printers.pim(p, offset, length);
      return;
    case 108:
      printers.ipcomp(p, offset, length);
      return;
    case 112:
      if (p.options.packetType === 'carp') printers.carp(p, offset, length);
      else printers.vrrp(p, offset, length);
      return;
    case 113:
      printers.pgm(p, offset, length);
      return;
    case 132:
      printers.sctp(p, offset, length);
      return;
    case 143:
      if (p.ipVersion === 6) printers.ethernet(p, offset, length);
      else requires(p, protocol, 6);
      return;
    default:
      printIpProtocol(p, protocol);
      p.char(32);
      p.dec(length);
  }
}

/** What follows one authentication header or several: they are walked, not nested, however many a packet holds. */
function authenticated(p: Printer, offset: number, length: number): void {
  let next = 51;
  while (next === 51) {
    p.protocol = 'ah';
    next = p.u8(offset);
    const size = printers.ah(p, offset, length);
    if (size <= 0) return;
    offset += size;
    length -= size;
  }
  printTransport(p, next, offset, length);
}

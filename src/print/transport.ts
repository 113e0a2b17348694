// What an IP protocol number says follows: one switch for IPv4 and IPv6. Source: IANA protocol numbers.

import type { Printer, Words } from './printer.js';
import { printIp } from './protocol/ip.js';
import { printIp6 } from './protocol/ip6.js';
import { printTcp } from './protocol/tcp.js';
import { printUdp } from './protocol/udp.js';
import { printers } from './table.js';

/** Names that tcpdump shows in a verbose header. */
export const IP_PROTOCOLS: Words = {
  0: 'Options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  8: 'EGP',
  9: 'IGRP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'Routing',
  44: 'Fragment',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  55: 'Mobile IP',
  58: 'ICMPv6',
  59: 'no next header',
  60: 'Destination Options',
  88: 'EIGRP',
  89: 'OSPF',
  97: 'Ethernet',
  103: 'PIM',
  108: 'Compressed IP',
  112: 'VRRP',
  113: 'PGM',
  132: 'SCTP',
  135: 'Mobility',
  136: 'UDP-Lite',
};

/** A protocol's name: tcpdump's own, or the system's; null when only the number is known. */
export function transportName(p: Printer, protocol: number): string | null {
  return IP_PROTOCOLS[protocol] ?? (p.options.numeric ? null : (p.options.names?.protocol(protocol) ?? null));
}

/** Prints what follows an IP header. `length` is what that header says is there. */
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
      printers.icmp(p, offset, length);
      return;
    case 58:
      p.protocol = 'icmp6';
      printers.icmp6(p, offset, length);
      return;
    case 2:
      printers.igmp(p, offset, length);
      return;
    case 4:
      printIp(p, offset, length);
      return;
    case 41:
      printIp6(p, offset, length);
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
    case 51: {
      p.protocol = 'ah';
      const next = p.u8(offset);
      const size = printers.ah(p, offset, length);
      printTransport(p, next, offset + size, length - size);
      return;
    }
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
    case 59:
      p.text('no next header');
      return;
    default: {
      const name = p.options.numeric ? null : (p.options.names?.protocol(protocol) ?? null);
      p.char(32);
      if (name === null) {
        p.text('ip-proto-');
        p.dec(protocol);
      } else p.safeText(name);
      p.char(32);
      p.dec(length);
    }
  }
}

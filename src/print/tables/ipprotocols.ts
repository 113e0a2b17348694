// Names of IP protocol numbers. Source: IANA.

import type { Words } from '../printer.js';

const WORDS: Words = {
  0: 'HBH',
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
  54: 'NHRP',
  55: 'Mobile IP',
  58: 'ICMPv6',
  59: 'No Next Header',
  60: 'DSTOPT',
  62: 'Mobile IP (old)',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  108: 'Compressed IP',
  112: 'VRRP',
  113: 'PGM',
  132: 'SCTP',
  135: 'Mobility',
  143: 'Ethernet',
};

/** The name that tcpdump shows in a verbose header. */
export function ipProtocolWord(protocol: number): string {
  return WORDS[protocol] ?? 'unknown';
}

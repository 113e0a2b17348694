// Organizationally unique identifiers whose owners' names appear in packet text.

import type { Words } from '../printer.js';

export const OUI_NAMES: Words = {
  0: 'Ethernet',
  12: 'Cisco',
  94: 'IANA',
  129: 'Nortel Networks SONMP',
  248: 'Cisco bridged',
  32962: 'Ethernet bridged',
  41022: 'ATM Forum',
  57391: 'DOCSIS Spanning Tree',
  524295: 'Appletalk',
  36969: 'Juniper',
  524297: 'Hewlett-Packard',
  4623: 'IEEE 802.3 Private',
  4795: 'ANSI/TIA',
  6945: 'DCBX',
  8992: 'Nicira Networks',
  6035143: 'Big Switch Networks',
  11588341: 'Vello Systems',
  9345: 'HP',
  1258: 'HP-Labs',
  7636849: 'Infoblox Inc',
  10756869: 'Open Networking Lab',
  1183: 'Freescale',
  5549: 'Netronome',
  4120: 'Broadcom',
  57348: 'PMC-Sierra',
  13693147: 'Ericsson',
};

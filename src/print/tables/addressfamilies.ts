// Address family numbers. Source: IANA's registry of address families.

import { counted } from '../inline.js';
import type { Words } from '../printer.js';

export const AddressFamily = { IP: 1, IP6: 2, NSAP: 3, IEEE_802: 6, VPLS: 25, L2VPN: 196 } as const;

export const ADDRESS_FAMILIES: Words = {
  ...counted(
    0,
    'Reserved|IPv4|IPv6|NSAP|HDLC|BBN 1822|802|E.163|E.164|F.69|X.121|Novell IPX|Appletalk|Decnet IV|' +
      'Banyan Vines|E.164 with NSAP subaddress',
  ),
  25: 'VPLS',
  196: 'Layer-2 VPN',
};

/** Address families as BSD numbers them, IPv6 in each system otherwise. */
export const BsdFamily = { INET: 2, ISO: 7, IPX: 23 } as const;
export const BSD_ADDRESS_FAMILIES: Words = {
  2: 'IPv4',
  6: 'NS',
  7: 'ISO',
  16: 'Appletalk',
  23: 'IPX',
  24: 'IPv6',
  28: 'IPv6',
  30: 'IPv6',
};

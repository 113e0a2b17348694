// Words that several parts of BGP's printer share. Source: IANA's registries of BGP parameters and address families.

import { wordOf } from '../../inline.js';
import type { Words } from '../../printer.js';
import { ADDRESS_FAMILIES } from '../../tables/addressfamilies.js';

/** Subsequent address families. */
export const Safi = {
  UNICAST: 1,
  MULTICAST: 2,
  UNICAST_MULTICAST: 3,
  LABELLED: 4,
  MULTICAST_VPN: 5,
  VPLS: 65,
  MDT: 66,
  VPN_UNICAST: 128,
  VPN_MULTICAST: 129,
  VPN_BOTH: 130,
  ROUTE_TARGET: 132,
} as const;

export const SAFIS: Words = {
  0: 'Reserved',
  1: 'Unicast',
  2: 'Multicast',
  3: 'Unicast+Multicast',
  4: 'labeled Unicast',
  5: 'Multicast VPN',
  64: 'Tunnel',
  65: 'VPLS',
  66: 'MDT',
  70: 'EVPN',
  128: 'labeled VPN Unicast',
  129: 'labeled VPN Multicast',
  130: 'labeled VPN Unicast+Multicast',
  132: 'Route Target Routing Information',
};

/** `AFI IPv4 (1), SAFI Unicast (1)`. */
export function familyText(afi: number, safi: number): string {
  return `AFI ${wordOf(ADDRESS_FAMILIES, afi, 'Unknown')} (${afi}), SAFI ${wordOf(SAFIS, safi, 'Unknown')} (${safi})`;
}

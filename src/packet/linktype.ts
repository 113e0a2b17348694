// Link types: the numbers savefiles carry (LINKTYPE_*), their names and descriptions as libpcap gives them.
// Source: https://www.tcpdump.org/linktypes.html

export const LinkType = {
  NULL: 0,
  ETHERNET: 1,
  PPP: 9,
  PPP_HDLC: 50,
  PPP_ETHER: 51,
  RAW: 101,
  C_HDLC: 104,
  LOOP: 108,
  LINUX_SLL: 113,
  USER0: 147,
  /** DLT_USER2: what old files and live captures on Darwin carry for PKTAP. */
  USER2: 149,
  PPP_WITH_DIR: 204,
  IPV4: 228,
  IPV6: 229,
  NFLOG: 239,
  PKTAP: 258,
  VSOCK: 271,
  LINUX_SLL2: 276,
} as const;

/** Raw IP as Linux's own DLT numbers have it (DLT_RAW is 12 in memory, 14 on OpenBSD, 101 in files). */
export const DLT_RAW_NUMBERS: readonly number[] = [12, 14, LinkType.RAW];

const NAMES: ReadonlyMap<number, readonly [name: string, description: string]> = new Map([
  [LinkType.NULL, ['NULL', 'BSD loopback']],
  [LinkType.ETHERNET, ['EN10MB', 'Ethernet']],
  [LinkType.PPP, ['PPP', 'PPP']],
  [LinkType.PPP_HDLC, ['PPP_SERIAL', 'PPP over serial']],
  [LinkType.PPP_ETHER, ['PPP_ETHER', 'PPPoE']],
  [LinkType.RAW, ['RAW', 'Raw IP']],
  [12, ['RAW', 'Raw IP']],
  [14, ['RAW', 'Raw IP']],
  [LinkType.C_HDLC, ['C_HDLC', 'Cisco HDLC']],
  [LinkType.LOOP, ['LOOP', 'OpenBSD loopback']],
  [LinkType.LINUX_SLL, ['LINUX_SLL', 'Linux cooked v1']],
  [LinkType.PPP_WITH_DIR, ['PPP_WITH_DIR', 'PPP with Directionality']],
  [LinkType.IPV4, ['IPV4', 'Raw IPv4']],
  [LinkType.IPV6, ['IPV6', 'Raw IPv6']],
  [LinkType.NFLOG, ['NFLOG', 'Linux netfilter log messages']],
  [LinkType.PKTAP, ['PKTAP', 'Packet Tap']],
  [LinkType.VSOCK, ['VSOCK', 'Linux vsock']],
  [LinkType.LINUX_SLL2, ['LINUX_SLL2', 'Linux cooked v2']],
]);

/**
 * @param linkType LINKTYPE_ number
 * @returns libpcap's name without `DLT_`, or null where there is none here
 */
export function linkTypeName(linkType: number): string | null {
  return NAMES.get(linkType)?.[0] ?? null;
}

/**
 * @param linkType LINKTYPE_ number
 * @returns libpcap's description, or null where there is none here
 */
export function linkTypeDescription(linkType: number): string | null {
  return NAMES.get(linkType)?.[1] ?? null;
}

/**
 * @param name libpcap's name, with or without `DLT_`, in any case
 * @returns LINKTYPE_ number, or null for an unknown name
 */
export function linkTypeByName(name: string): number | null {
  const wanted = name.toUpperCase().replace(/^DLT_/, '');
  for (const [number, [known]] of NAMES)
    if (known === wanted && number !== 12 && number !== 14) return number;
  return null;
}

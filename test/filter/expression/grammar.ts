// Random packet filters by the grammar of pcap-filter(7): each primitive, with the qualifiers and values that it takes, joined.

import type { Random } from '../../print/generator.js';
import { MACS, NUMBERS, PORTS, V4, V6 } from './packets.js';

type Make = (random: Random) => string;

const v4 = (r: Random): string => r.pick(V4).join('.');
const v6 = (r: Random): string => {
  const address = r.pick(V6);
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address[2 * i]! << 8) | address[2 * i + 1]!).toString(16),
  );
  return groups.join(':');
};
const mac = (r: Random): string => {
  const hex = r.pick(MACS).map((byte) => byte.toString(16).padStart(2, '0'));
  return r.pick([hex.join(':'), hex.join('-'), hex.join('.'), hex.join('')]);
};
const number = (r: Random): number => r.pick(NUMBERS);
const hex = (n: number): string => `0x${n.toString(16)}`;
const perhaps = (r: Random, text: string): string => (r.once(2) ? text : '');
const direction = (r: Random): string =>
  r.pick(['', '', 'src ', 'dst ', 'src or dst ', 'src and dst ', 'dst or src ']);

const port = (r: Random): string => String(r.pick([...PORTS, 'http', 'domain', 'ssh', 'bootps', 'ntp']));

const ETHER_PROTOCOLS = [
  '\\ip',
  '\\ip6',
  '\\arp',
  '\\rarp',
  '\\atalk',
  '\\aarp',
  '\\decnet',
  '\\iso',
  '\\stp',
  '\\ipx',
  '\\netbeui',
  '\\lat',
  '\\moprc',
  '\\mopdl',
  '\\sca',
  '\\loopback',
  '0x0800',
  '0x86dd',
  '0x8100',
  '0x88cc',
  '1500',
  '6',
  '0x42',
];
const IP_PROTOCOLS = [
  '\\tcp',
  '\\udp',
  '\\icmp',
  '\\igmp',
  '\\sctp',
  '\\ah',
  '\\esp',
  '\\pim',
  '\\vrrp',
  '6',
  '17',
  '1',
  '58',
  '132',
  '44',
  '255',
];
const HEADERS = [
  'ether',
  'link',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'sctp',
  'igmp',
  'pim',
  'vrrp',
  'igrp',
  'carp',
  'fddi',
  'tr',
  'ppp',
  'slip',
  'wlan',
  'radio',
];
const NAMED = ['tcpflags', 'icmptype', 'icmpcode', 'icmp6type', 'icmp6code'];
const CONSTANTS = [
  'tcp-syn',
  'tcp-ack',
  'tcp-fin',
  'tcp-rst',
  'tcp-push',
  'tcp-urg',
  'tcp-ece',
  'tcp-cwr',
  'icmp-echo',
  'icmp-echoreply',
  'icmp-unreach',
  'icmp-timxceed',
  'icmp6-echo',
  'icmp6-neighborsolicit',
];

/** An arithmetic expression. */
function arithmetic(r: Random, depth: number): string {
  switch (r.int(depth > 2 ? 3 : 8)) {
    case 0:
      return String(r.pick([number(r), r.int(256), r.int(65536), 0, 1]));
    case 1:
      return 'len';
    case 2:
      return accessor(r, depth);
    case 3:
      return `(${arithmetic(r, depth + 1)})`;
    case 4:
      return `- ${arithmetic(r, depth + 1)}`;
    case 5:
      return `${accessor(r, depth)} ${r.pick(['&', '|', '^'])} ${r.pick([hex(number(r)), ...CONSTANTS])}`;
    case 6:
      return `(${arithmetic(r, depth + 1)} ${r.pick(['/', '%', '*', '<<', '>>'])} ${r.pick([1, 2, 3, 4, 8, 16])})`;
    default:
      return `(${arithmetic(r, depth + 1)} ${r.pick(['+', '-', '&', '|', '^', '*', '/', '%', '<<', '>>'])} ${arithmetic(r, depth + 1)})`;
  }
}

/** Bytes of a header. */
function accessor(r: Random, depth: number): string {
  if (r.once(6)) {
    const name = r.pick(NAMED);
    return `${name === 'tcpflags' ? 'tcp' : name.startsWith('icmp6') ? 'icmp6' : 'icmp'}[${name}]`;
  }
  const at =
    depth < 2 && r.once(6)
      ? arithmetic(r, depth + 2)
      : String(r.pick([0, 1, 2, 4, 6, 8, 9, 12, 13, 16, 20, 40, 100]));
  return `${r.pick(HEADERS)}[${at}${r.pick(['', '', ':1', ':2', ':4'])}]`;
}

/** What any link type may be asked. */
const GENERAL: readonly Make[] = [
  (r) =>
    `${r.pick(['', '', 'ip ', 'arp ', 'rarp '])}${direction(r)}${r.pick(['host ', ''])}${v4(r)}`.replace(
      /^([\d.]+)$/,
      'host $1',
    ),
  (r) => `${r.pick(['', 'ip6 '])}${direction(r)}host ${v6(r)}`,
  (r) => `${direction(r)}net ${v4(r).split('.').slice(0, r.between(1, 3)).join('.')}`,
  (r) =>
    `${direction(r)}net ${r.pick(['10.0.0.0/8', '192.168.0.0/16', '10.1.2.0/24', '0.0.0.0/0', '224.0.0.0/4', '10.1.2.3/32'])}`,
  (r) => `${direction(r)}net ${r.pick(['10.0.0.0 mask 255.0.0.0', '192.168.1.0 mask 255.255.255.0'])}`,
  (r) =>
    `${direction(r)}net ${r.pick(['2001:db8::/32', 'fe80::/10', '2001:db8:0:1::/64', '::/0', '2001:db8:0:1::/72'])}`,
  (r) => `${r.pick(['', '', 'tcp ', 'udp ', 'sctp ', 'ip ', 'ip6 '])}${direction(r)}port ${port(r)}`,
  (r) =>
    `${r.pick(['', 'tcp ', 'udp ', 'sctp '])}${direction(r)}portrange ${r.pick(['1-1024', '53-80', '80-53', '0-65535', '1000-1000', 'domain-http', '443-8080'])}`,
  (r) => `${r.pick(['less', 'greater'])} ${r.pick([0, 20, 40, 54, 60, 64, 100, 128, 1500])}`,
  (r) => `len ${relation(r)} ${r.pick([20, 40, 54, 60, 64, 100])}`,
  (r) => `${r.pick(['', 'ip ', 'ip6 '])}proto ${r.pick(IP_PROTOCOLS)}`,
  (r) =>
    r.pick([
      'ip',
      'ip6',
      'arp',
      'rarp',
      'tcp',
      'udp',
      'icmp',
      'icmp6',
      'igmp',
      'sctp',
      'ah',
      'esp',
      'pim',
      'vrrp',
      'carp',
      'igrp',
    ]),
  (r) =>
    r.pick([
      'atalk',
      'aarp',
      'decnet',
      'iso',
      'stp',
      'ipx',
      'netbeui',
      'lat',
      'moprc',
      'mopdl',
      'sca',
      'clnp',
      'esis',
      'isis',
    ]),
  (r) => r.pick(['l1', 'l2', 'iih', 'lsp', 'snp', 'csnp', 'psnp']),
  (r) => `iso proto ${r.pick(['\\clnp', '\\esis', '\\isis', '0x83', '129'])}`,
  (r) => `isis proto ${r.pick(['15', '16', '20', '24'])}`,
  (r) => `${r.pick(['ether', 'link', 'fddi', 'tr', 'wlan', 'ppp'])} proto ${r.pick(ETHER_PROTOCOLS)}`,
  (r) => `${r.pick(['ether', 'link', 'fddi', 'tr', 'wlan'])} ${direction(r)}${perhaps(r, 'host ')}${mac(r)}`,
  (r) =>
    `${r.pick(['ether', 'link', 'ip', 'ip6', 'wlan', 'arp', ''])} ${r.pick(['broadcast', 'multicast'])}`.trim(),
  (r) => `decnet ${direction(r)}host ${r.pick(['1.2', '10.123', '63.1023'])}`,
  (r) => `vlan${r.pick(['', ' 5', ' 100', ' 4095', ' 4096'])}`,
  (r) => `mpls${r.pick(['', ' 100', ' 1024', ' 1048575', ' 1048576'])}`,
  (r) => r.pick(['pppoed', 'pppoes', 'pppoes 0x27', 'pppoes 65536']),
  (r) => `${r.pick(['geneve', 'vxlan'])}${r.pick(['', ' 11', ' 0xffffff'])}`,
  (r) => `${r.pick(['', 'ip ', 'ip6 '])}protochain ${r.pick(['\\tcp', '6', '17', '58', '44', '255'])}`,
  (r) =>
    `llc${r.pick(['', ' i', ' s', ' u', ' rr', ' rnr', ' rej', ' ui', ' ua', ' disc', ' sabme', ' test', ' xid', ' frmr'])}`,
  (r) => r.pick(['inbound', 'outbound']),
  (r) => `ifindex ${r.pick([0, 1, 2, 7])}`,
  (r) => `${arithmetic(r, 0)} ${relation(r)} ${arithmetic(r, 1)}`,
  (r) =>
    `${accessor(r, 1)} ${perhaps(r, `& ${hex(number(r))} `)}${relation(r)} ${r.pick([...CONSTANTS, String(number(r)), hex(number(r))])}`,
  (r) =>
    `tcp[tcpflags] & (${r.pick(['tcp-syn', 'tcp-rst'])}|${r.pick(['tcp-fin', 'tcp-ack'])}) ${relation(r)} 0`,
  (r) => `tcp[((tcp[12] & 0xf0) >> 2):${r.pick([1, 2, 4])}] ${relation(r)} ${hex(number(r))}`,
  (r) => `icmp[icmptype] ${relation(r)} ${r.pick(['icmp-echo', 'icmp-unreach'])}`,
  (r) => `ip[6:2] & 0x1fff ${relation(r)} 0`,
];

function relation(r: Random): string {
  return r.pick(['=', '==', '!=', '>', '<', '>=', '<=']);
}

const MGT = [
  'assoc-req',
  'assoc-resp',
  'reassoc-req',
  'reassoc-resp',
  'probe-req',
  'probe-resp',
  'beacon',
  'atim',
  'disassoc',
  'auth',
  'deauth',
];
const CTL = ['ps-poll', 'rts', 'cts', 'ack', 'cf-end', 'cf-end-ack', 'bar', 'ba'];
const DATA = [
  'data',
  'data-cf-ack',
  'data-cf-poll',
  'null',
  'cf-ack',
  'cf-poll',
  'qos-data',
  'qos-data-cf-ack',
  'qos',
  'qos-cf-poll',
];

/** What a link type alone may be asked; others have an error for it. */
const WIFI: readonly Make[] = [
  (r) =>
    `${perhaps(r, 'wlan ')}type ${r.pick(['mgt', 'ctl', 'data', 'management', 'control', '0', '4', '8', '12'])}`,
  (r) => `${perhaps(r, 'wlan ')}type mgt subtype ${r.pick([...MGT, '0x80'])}`,
  (r) => `type ctl subtype ${r.pick([...CTL, '0xd0'])}`,
  (r) => `type data subtype ${r.pick([...DATA, '0x80'])}`,
  (r) => `${perhaps(r, 'wlan ')}subtype ${r.pick([...MGT, ...CTL, ...DATA])}`,
  (r) =>
    `${perhaps(r, 'wlan ')}${r.pick(['dir', 'direction'])} ${r.pick(['nods', 'tods', 'fromds', 'dstods', '0', '1', '3'])}`,
  (r) => `wlan ${r.pick(['ra', 'ta', 'addr1', 'addr2', 'addr3', 'addr4', 'host', 'src', 'dst'])} ${mac(r)}`,
];
const PF: readonly Make[] = [
  (r) => `${r.pick(['ifname', 'on'])} ${r.pick(['em0', 'lo0', 'nothing'])}`,
  (r) => `${r.pick(['rnr', 'rulenum', 'srnr', 'subrulenum'])} ${r.pick([0, 1, 17, 4096])}`,
  (r) => `reason ${r.pick(['match', 'bad-offset', 'fragment', 'short', 'normalize', 'memory', '1'])}`,
  (r) => `${r.pick(['rset', 'ruleset'])} ${r.pick(['main', 'inner'])}`,
  (r) => `action ${r.pick(['pass', 'block', 'nat', 'rdr', 'binat', 'scrub', 'nothing'])}`,
];
const ATM: readonly Make[] = [
  (r) =>
    `${r.pick(['vpi', 'vci'])} ${perhaps(r, `${relation(r)} `)}${r.pick([0, 1, 3, 5, 10, 20, 256, 65536])}`,
  (r) =>
    r.pick([
      'lane',
      'oamf4s',
      'oamf4e',
      'oamf4',
      'oam',
      'metac',
      'bcc',
      'sc',
      'ilmic',
      'connectmsg',
      'metaconnect',
    ]),
];
const SS7: readonly Make[] = [
  (r) => r.pick(['fisu', 'lsu', 'lssu', 'msu', 'hfisu', 'hlssu', 'hmsu']),
  (r) =>
    `${r.pick(['sio', 'opc', 'dpc', 'sls', 'hsio', 'hopc', 'hdpc', 'hsls'])} ${perhaps(r, `${relation(r)} `)}${r.pick([0, 1, 5, 12, 255, 16383, 16384])}`,
];
const OTHERS: readonly (readonly Make[])[] = [WIFI, PF, ATM, SS7];

const BY_LINK_TYPE: { readonly [linkType: number]: readonly Make[] } = {
  105: WIFI,
  119: WIFI,
  127: WIFI,
  163: WIFI,
  192: WIFI,
  117: PF,
  123: ATM,
  139: SS7,
  140: SS7,
  7: [(r) => `${direction(r)}host $${r.pick(['1', '5', 'ff'])}`],
  129: [(r) => `arp or ${direction(r)}host $${r.pick(['1', '5'])}`],
};

function primitive(r: Random, linkType: number): string {
  const own = BY_LINK_TYPE[linkType];
  if (own !== undefined && r.once(2)) return r.pick(own)(r);
  if (r.once(60)) return r.pick(r.pick(OTHERS))(r);
  return r.pick(GENERAL)(r);
}

/**
 * A random expression for packets of that link type.
 * @param isRight whether a primitive compiles: most are taken that do
 */
export function expression(r: Random, linkType: number, isRight: (text: string) => boolean): string {
  const one = (): string => {
    let text = primitive(r, linkType);
    for (let i = 0; i < 8 && !r.once(20) && !isRight(text); i++) text = primitive(r, linkType);
    return text;
  };
  const join = (depth: number): string => {
    if (depth > 3 || r.once(depth === 0 ? 3 : 2)) return `${r.pick(['', '', '', 'not ', '! '])}${one()}`;
    const parts = Array.from({ length: r.between(2, 3) }, () => join(depth + 1));
    const joined = parts.join(r.pick([' and ', ' or ', ' or ', ' && ', ' || ', ' and not ', ' or not ']));
    return depth === 0 && r.once(2) ? joined : `${r.pick(['', '', 'not '])}(${joined})`;
  };
  return join(0);
}

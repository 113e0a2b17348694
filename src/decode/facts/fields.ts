// The one list of fields: what each is called, what it holds, and how it is read from a packet. Names are Wireshark's where it has
// the field. What shows, groups or stores facts (JSON, tables, columns) takes them from here.

import {
  Direction,
  linkTypeName,
  PACKET_FLAG_WORDS,
  type Process,
  SERVICE_CLASS_UNKNOWN,
  serviceClassName,
} from '../../packet/index.js';
import { flowId } from '../flow.js';
import type { Headers } from '../headers.js';
import { IpProtocol, TcpFlag } from '../numbers.js';
import type { Facts } from './facts.js';
import { addressText, macText } from './payload/address.js';

export type FieldType = 'string' | 'integer' | 'boolean' | 'strings' | 'time' | 'bytes';
/** `time`: nanoseconds since the epoch. */
export type FieldValue = string | number | bigint | boolean | readonly string[] | Uint8Array;

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Unit of a number, or null. */
  readonly unit: string | null;
  /** What it is, in a few words. */
  readonly help: string;
  /** @returns null where it is not known */
  readonly of: (facts: Facts) => FieldValue | null;
}

const NANOSECONDS = 1_000_000_000n;

const TCP_WORDS: readonly (readonly [number, string])[] = [
  [TcpFlag.FIN, 'FIN'],
  [TcpFlag.SYN, 'SYN'],
  [TcpFlag.RST, 'RST'],
  [TcpFlag.PUSH, 'PSH'],
  [TcpFlag.ACK, 'ACK'],
  [TcpFlag.URGENT, 'URG'],
  [0x40, 'ECE'],
  [0x80, 'CWR'],
];

function words(bits: number, table: readonly (readonly [number, string])[]): string[] {
  return table.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);
}

/** '' and [] are not known. */
function known(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function positive(number: number): number | null {
  return number > 0 ? number : null;
}

function natural(number: number): number | null {
  return number >= 0 ? number : null;
}

function addressOf(h: Headers, at: number): string | null {
  return at < 0 ? null : addressText(h.buffer, at, h.version);
}

const isIp = (h: Headers, version: number): boolean => h.version === version;
const isTcp = (h: Headers): boolean => h.protocol === IpProtocol.TCP && h.destinationPort >= 0;
const isUdp = (h: Headers): boolean => h.protocol === IpProtocol.UDP && h.destinationPort >= 0;

const fields: Field[] = [];

function field(
  name: string,
  type: FieldType,
  unit: string | null,
  help: string,
  of: (facts: Facts) => FieldValue | null,
): void {
  fields.push({ name, type, unit, help, of });
}

/** The facts of a process, under a prefix. */
function processFields(prefix: string, whose: string, of: (facts: Facts) => Process | null): void {
  const add = (
    name: string,
    type: FieldType,
    unit: string | null,
    help: string,
    read: (process: Process) => FieldValue | null,
  ): void =>
    field(`${prefix}.${name}`, type, unit, `${whose}: ${help}`, (facts) => {
      const process = of(facts);
      return process === null ? null : read(process);
    });
  add('name', 'string', null, 'name', ({ name }) => known(name));
  add('pid', 'integer', null, 'process ID', ({ pid }) => natural(pid));
  add('path', 'string', null, 'executable', ({ path }) => known(path));
  add('args', 'strings', null, 'command line', ({ args }) => args);
  add('uuid', 'bytes', null, 'UUID, or first half of the build ID', ({ uuid }) => uuid);
  add('ppid', 'integer', null, 'parent’s process ID', ({ parentPid }) => parentPid);
  add('uid', 'integer', null, 'user ID', ({ uid }) => uid);
  add('user', 'string', null, 'user', ({ user }) => known(user));
  add('start', 'time', 'ns', 'start', ({ startTime }) => startTime);
  add('cgroup', 'string', null, 'cgroup', ({ cgroup }) => known(cgroup));
  add('netns', 'integer', null, 'inode number of its network namespace', ({ netns }) => netns);
  add('container', 'string', null, 'container’s name', ({ container }) => known(container?.name));
  add('container_id', 'string', null, 'container’s ID', ({ container }) => known(container?.id));
  add('runtime', 'string', null, 'container’s runtime', ({ container }) => known(container?.runtime));
  add('pod', 'string', null, 'pod', ({ container }) => known(container?.pod));
  add('namespace', 'string', null, 'pod’s namespace', ({ container }) => known(container?.namespace));
}

field('frame.time', 'time', 'ns', 'time of capture', ({ packet }) => {
  return BigInt(packet.seconds) * NANOSECONDS + BigInt(packet.nanoseconds);
});
field('frame.len', 'integer', 'bytes', 'length on the wire', ({ packet }) => packet.length);
field('frame.cap_len', 'integer', 'bytes', 'captured length', ({ packet }) => packet.capturedLength);
field('frame.interface', 'string', null, 'interface', ({ packet }) => known(packet.interface?.name));
field('frame.link_type', 'string', null, 'link type', ({ packet }) => linkTypeName(packet.linkType));
field('frame.comment', 'strings', null, 'comments of the packet', ({ packet }) => packet.comments);
field('frame.dir', 'string', null, 'direction: in or out', ({ packet: { metadata } }) => {
  if (metadata?.direction === Direction.IN) return 'in';
  return metadata?.direction === Direction.OUT ? 'out' : null;
});
processFields('process', 'process', ({ packet }) => packet.metadata?.process ?? null);
field('process.thread', 'integer', null, 'process: thread that used the socket', ({ packet }) =>
  positive(packet.metadata?.threadId ?? 0),
);
field('eprocess.name', 'string', null, 'process on whose behalf it is: name', ({ packet }) =>
  known(packet.metadata?.effectiveProcess?.name),
);
field('eprocess.pid', 'integer', null, 'process on whose behalf it is: process ID', ({ packet }) =>
  natural(packet.metadata?.effectiveProcess?.pid ?? -1),
);
field('pktap.svc', 'string', null, 'service class', ({ packet: { metadata } }) => {
  if (metadata === null || metadata.serviceClass === SERVICE_CLASS_UNKNOWN) return null;
  return serviceClassName(metadata.serviceClass);
});
field('pktap.flags', 'strings', null, 'flags: nf, ka, re, so', ({ packet: { metadata } }) =>
  metadata === null || metadata.flags === 0 ? null : words(metadata.flags, PACKET_FLAG_WORDS),
);
field('pktap.flowid', 'integer', null, 'flow ID of the capture', ({ packet }) =>
  positive(packet.metadata?.flowId ?? 0),
);
field('pktap.drop_reason', 'string', null, 'why the kernel dropped it', ({ packet: { metadata } }) => {
  if (metadata === null || metadata.dropReason === 0) return null;
  return known(metadata.dropReasonName) ?? String(metadata.dropReason);
});
field('pktap.drop_function', 'string', null, 'function that dropped it', ({ packet }) =>
  known(packet.metadata?.dropFunction),
);
field('flow.id', 'integer', null, 'number of its ends and protocol, in both directions', ({ headers }) =>
  headers.version === 0 ? null : flowId(headers),
);
field('eth.src', 'string', null, 'Ethernet source', ({ packet, macs }) =>
  macs < 0 ? null : macText(packet.buffer, macs + 6),
);
field('eth.dst', 'string', null, 'Ethernet destination', ({ packet, macs }) =>
  macs < 0 ? null : macText(packet.buffer, macs),
);
field('eth.type', 'integer', null, 'EtherType behind tags', ({ headers }) => natural(headers.link.etherType));
field('vlan.id', 'integer', null, 'outermost VLAN', ({ headers }) => natural(headers.link.vlan));
field('mpls.label', 'integer', null, 'outermost MPLS label', ({ headers }) => natural(headers.link.label));
field('arp.opcode', 'string', null, 'ARP: request, reply', ({ arp }) => arp?.operation ?? null);
field('arp.src', 'string', null, 'ARP: sender’s IPv4 address', ({ arp }) => arp?.senderAddress ?? null);
field('arp.dst', 'string', null, 'ARP: target’s IPv4 address', ({ arp }) => arp?.targetAddress ?? null);
field('ip.version', 'integer', null, '4 or 6', ({ headers }) => positive(headers.version));
field('ip.src', 'string', null, 'source, of IPv4 and IPv6', ({ headers }) =>
  addressOf(headers, headers.source),
);
field('ip.dst', 'string', null, 'destination, of IPv4 and IPv6', ({ headers }) =>
  addressOf(headers, headers.destination),
);
field('ip.proto', 'integer', null, 'protocol above IP', ({ headers }) => natural(headers.protocol));
field('ip.ttl', 'integer', null, 'time to live, or hop limit', ({ headers }) =>
  isIp(headers, 0) ? null : headers.ttl,
);
field('ip.dscp', 'integer', null, 'differentiated services code point', ({ headers }) =>
  isIp(headers, 0) ? null : headers.trafficClass >> 2,
);
field('ip.fragment', 'boolean', null, 'part of a fragmented packet', ({ headers }) =>
  isIp(headers, 0) ? null : headers.fragmented,
);
field('tcp.srcport', 'integer', null, 'TCP source port', ({ headers: h }) =>
  isTcp(h) ? h.sourcePort : null,
);
field('tcp.dstport', 'integer', null, 'TCP destination port', ({ headers: h }) =>
  isTcp(h) ? h.destinationPort : null,
);
field('tcp.flags', 'strings', null, 'TCP flags', ({ headers: h }) =>
  isTcp(h) && h.tcpFlags !== 0 ? words(h.tcpFlags, TCP_WORDS) : null,
);
field('tcp.seq', 'integer', null, 'TCP sequence number, as it is on the wire', ({ headers: h }) =>
  isTcp(h) ? h.sequence : null,
);
field('tcp.ack', 'integer', null, 'TCP acknowledgement, as it is on the wire', ({ headers: h }) =>
  isTcp(h) && (h.tcpFlags & TcpFlag.ACK) !== 0 ? h.acknowledgement : null,
);
field('tcp.window', 'integer', null, 'TCP window, not scaled', ({ headers: h }) =>
  isTcp(h) ? h.window : null,
);
field('tcp.len', 'integer', 'bytes', 'TCP payload', ({ headers: h }) => (isTcp(h) ? h.payloadLength : null));
field('udp.srcport', 'integer', null, 'UDP source port', ({ headers: h }) =>
  isUdp(h) ? h.sourcePort : null,
);
field('udp.dstport', 'integer', null, 'UDP destination port', ({ headers: h }) =>
  isUdp(h) ? h.destinationPort : null,
);
field('udp.len', 'integer', 'bytes', 'UDP payload', ({ headers: h }) => (isUdp(h) ? h.payloadLength : null));
field('icmp.type', 'integer', null, 'type of ICMP and ICMPv6', ({ headers }) => natural(headers.icmpType));
field('icmp.code', 'integer', null, 'code of ICMP and ICMPv6', ({ headers }) => natural(headers.icmpCode));
field('dns.qname', 'string', null, 'DNS: name asked for', ({ dns }) => dns?.question ?? null);
field('dns.qtype', 'string', null, 'DNS: type asked for', ({ dns }) => dns?.questionType ?? null);
field('dns.rcode', 'integer', null, 'DNS: code of a response', ({ dns }) =>
  dns?.response === true ? dns.code : null,
);
field('dns.answers', 'strings', null, 'DNS: addresses and names answered', ({ dns }) => {
  const values = dns?.answers.map(({ value }) => value).filter((value) => value !== null) ?? [];
  return values.length === 0 ? null : values;
});
field('tls.sni', 'string', null, 'server’s name that a TLS or QUIC client says', ({ hello }) => {
  return hello?.serverName ?? null;
});
field('tls.alpn', 'strings', null, 'protocols that a TLS or QUIC client offers', ({ hello }) =>
  hello === null || hello.protocols.length === 0 ? null : hello.protocols,
);
field('http.method', 'string', null, 'HTTP/1: method', ({ http }) => http?.method ?? null);
field('http.host', 'string', null, 'HTTP/1: host', ({ http }) => http?.host ?? null);
field('http.path', 'string', null, 'HTTP/1: target of the request', ({ http }) => http?.path ?? null);
field('http.status', 'integer', null, 'HTTP/1: status', ({ http }) => http?.status ?? null);

/** In the order that they are shown in. */
export const FIELDS: readonly Field[] = fields;

const BY_NAME = new Map(FIELDS.map((one) => [one.name, one]));

/** @returns the field of a name, or null */
export function fieldByName(name: string): Field | null {
  return BY_NAME.get(name) ?? null;
}

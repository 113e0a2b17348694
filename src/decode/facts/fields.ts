// The one list of fields: what each is called, what it holds, and how it is read from a packet. Names are Wireshark's where it has
// the field. What shows, groups or stores facts (JSON, tables, columns, -Q) takes them from here.

import {
  Direction,
  type Interface,
  isForeign,
  linkTypeName,
  nameBytes,
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

/** `time`: nanoseconds since the epoch, shown as a date; `epoch`: the same, shown as seconds. */
export type FieldType = 'string' | 'integer' | 'boolean' | 'strings' | 'time' | 'epoch' | 'bytes';
export type FieldValue = string | number | bigint | boolean | readonly string[] | Uint8Array;

/**
 * How a field is read without making anything: for outputs that write many packets.
 * - `number`: NaN is not known.
 * - `code`: a number from 0 to 65,535, -1 not known; what it stands for can be kept by it.
 * - `of`: an object that always says the same, so that what it says can be kept by it.
 * - `address`, `mac`: offset in the headers' buffer, -1 not known; an address is of the headers' IP version.
 * - `time`: the time of capture. `value`: nothing but the value.
 */
export type FieldReader =
  | { readonly kind: 'number'; readonly read: (facts: Facts) => number }
  | {
      readonly kind: 'code';
      readonly read: (facts: Facts) => number;
      readonly value: (code: number) => FieldValue | null;
    }
  | {
      readonly kind: 'of';
      readonly read: (facts: Facts) => object | null;
      readonly value: (object: never) => FieldValue | null;
    }
  | { readonly kind: 'address' | 'mac'; readonly at: (facts: Facts) => number }
  | { readonly kind: 'time' | 'value' };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Unit of a number, or null. */
  readonly unit: string | null;
  /** What it is, in a few words. */
  readonly help: string;
  /** @returns null where it is not known */
  readonly of: (facts: Facts) => FieldValue | null;
  readonly reader: FieldReader;
  /** All that its values may be; left out: anything. */
  readonly words?: readonly string[];
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

function words(bits: number, table: readonly (readonly [number, string])[]): string[] | null {
  const found = table.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);
  return found.length === 0 ? null : found;
}

/** '' is not known. */
function known(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

/** Numbers of which 0, or -1, is none. */
function positive(number: number): number {
  return number > 0 ? number : Number.NaN;
}

function natural(number: number): number {
  return number >= 0 ? number : Number.NaN;
}

const isTcp = (h: Headers): boolean => h.protocol === IpProtocol.TCP && h.destinationPort >= 0;
/** The same, with its first bytes captured: a cut header says nothing of what is behind its end. */
const hasTcp = (h: Headers, bytes: number): boolean =>
  isTcp(h) && h.transport + bytes <= Math.min(h.end, h.ipEnd);
const isUdp = (h: Headers): boolean => h.protocol === IpProtocol.UDP && h.destinationPort >= 0;

const fields: Field[] = [];

function add(
  name: string,
  type: FieldType,
  unit: string | null,
  help: string,
  reader: FieldReader,
  of: (facts: Facts) => FieldValue | null,
  more: Pick<Field, 'words'> = {},
): void {
  fields.push({ name, type, unit, help, of, reader, ...more });
}

/** A field that is read only by its value. */
function field(name: string, type: FieldType, help: string, of: (facts: Facts) => FieldValue | null): void {
  add(name, type, null, help, { kind: 'value' }, of);
}

function number(name: string, unit: string | null, help: string, read: (facts: Facts) => number): void {
  add(name, 'integer', unit, help, { kind: 'number', read }, (facts) => {
    const n = read(facts);
    return Number.isNaN(n) ? null : n;
  });
}

function code(
  name: string,
  type: FieldType,
  help: string,
  read: (facts: Facts) => number,
  value: (code: number) => FieldValue | null,
  more: Pick<Field, 'words'> = {},
): void {
  const decoded = (facts: Facts): FieldValue | null => {
    const n = read(facts);
    return n < 0 ? null : value(n);
  };
  add(name, type, null, help, { kind: 'code', read, value }, decoded, more);
}

function of<T extends object>(
  name: string,
  type: FieldType,
  help: string,
  read: (facts: Facts) => T | null,
  value: (object: T) => FieldValue | null,
): void {
  add(name, type, type === 'time' ? 'ns' : null, help, { kind: 'of', read, value }, (facts) => {
    const object = read(facts);
    return object === null ? null : value(object);
  });
}

function address(name: string, help: string, at: (facts: Facts) => number): void {
  add(name, 'string', null, help, { kind: 'address', at }, (facts) => {
    const offset = at(facts);
    return offset < 0 ? null : addressText(facts.headers.buffer, offset, facts.headers.version);
  });
}

function mac(name: string, help: string, at: (facts: Facts) => number): void {
  add(name, 'string', null, help, { kind: 'mac', at }, (facts) => {
    const offset = at(facts);
    return offset < 0 ? null : macText(facts.headers.buffer, offset);
  });
}

const owner = ({ packet }: Facts): Process | null => packet.metadata?.process ?? null;
const effective = ({ packet }: Facts): Process | null => packet.metadata?.effectiveProcess ?? null;
const captured = ({ packet }: Facts): Interface | null => packet.interface;
const time = ({ packet }: Facts): bigint => BigInt(packet.seconds) * NANOSECONDS + BigInt(packet.nanoseconds);

/** A fact of the process. */
function processField(
  name: string,
  type: FieldType,
  help: string,
  value: (process: Process) => FieldValue | null,
): void {
  of(`process.${name}`, type, `process: ${help}`, owner, value);
}

add('frame.time', 'time', 'ns', 'time of capture', { kind: 'time' }, time);
add('frame.time_epoch', 'epoch', 's', 'time of capture, since 1970', { kind: 'time' }, time);
number('frame.len', 'bytes', 'length on the wire', ({ packet }) => packet.length);
number('frame.cap_len', 'bytes', 'captured length', ({ packet }) => packet.capturedLength);
of('frame.interface', 'string', 'interface', captured, ({ name }) => known(name));
of('host', 'string', 'host of a fleet', captured, ({ host }) => known(host));
code(
  'frame.link_type',
  'string',
  'link type',
  ({ packet: { linkType } }) => (linkType <= 0xffff ? linkType : -1),
  (linkType) => linkTypeName(linkType) ?? String(linkType),
);
field('frame.comment', 'strings', 'comments of the packet', ({ packet: { comments } }) =>
  comments === null || comments.length === 0 ? null : comments,
);
code(
  'frame.dir',
  'string',
  'direction: in or out',
  ({ packet: { metadata } }) => metadata?.direction ?? -1,
  (direction) => (direction === Direction.IN ? 'in' : direction === Direction.OUT ? 'out' : null),
);
processField('name', 'string', 'name', ({ name }) => known(name));
processField('pid', 'integer', 'process ID', ({ pid }) => (pid < 0 ? null : pid));
processField('name_bytes', 'bytes', 'name’s bytes, where it is not UTF-8', ({ name }) =>
  isForeign(name) ? nameBytes(name) : null,
);
processField('path', 'string', 'executable', ({ path }) => known(path));
processField('args', 'strings', 'command line', ({ args }) => args);
processField('uuid', 'bytes', 'UUID, or first half of the build ID', ({ uuid }) => uuid);
processField('ppid', 'integer', 'parent’s process ID', ({ parentPid }) => parentPid);
processField('uid', 'integer', 'user ID', ({ uid }) => uid);
processField('user', 'string', 'user', ({ user }) => known(user));
processField('start', 'time', 'start', ({ startTime }) => startTime);
processField('cgroup', 'string', 'cgroup', ({ cgroup }) => known(cgroup));
processField('netns', 'integer', 'inode number of its network namespace', ({ netns }) => netns);
processField('container', 'string', 'container’s name', ({ container }) => known(container?.name));
processField('container_id', 'string', 'container’s ID', ({ container }) => known(container?.id));
processField('runtime', 'string', 'container’s runtime', ({ container }) => known(container?.runtime));
processField('pod', 'string', 'pod', ({ container }) => known(container?.pod));
processField('namespace', 'string', 'pod’s namespace', ({ container }) => known(container?.namespace));
number('process.thread', null, 'process: thread that used the socket', ({ packet }) =>
  positive(packet.metadata?.threadId ?? 0),
);
of('eprocess.name', 'string', 'process on whose behalf it is: name', effective, ({ name }) => known(name));
of('eprocess.pid', 'integer', 'process on whose behalf it is: process ID', effective, ({ pid }) =>
  pid < 0 ? null : pid,
);
code(
  'pktap.svc',
  'string',
  'service class',
  ({ packet: { metadata } }) =>
    metadata === null || metadata.serviceClass === SERVICE_CLASS_UNKNOWN || metadata.serviceClass > 0xffff
      ? -1
      : metadata.serviceClass,
  serviceClassName,
);
code(
  'pktap.flags',
  'strings',
  'flags: nf ka re so ch wk',
  ({ packet: { metadata } }) => (metadata?.flags ?? 0) & 0xffff || -1,
  (flags) => words(flags, PACKET_FLAG_WORDS),
);
number('pktap.flowid', null, 'flow ID of the capture', ({ packet }) =>
  positive(packet.metadata?.flowId ?? 0),
);
field('pktap.drop_reason', 'string', 'why the kernel dropped it', ({ packet: { metadata } }) => {
  if (metadata === null || metadata.dropReason === 0) return null;
  return known(metadata.dropReasonName) ?? String(metadata.dropReason);
});
field('pktap.drop_function', 'string', 'function that dropped it', ({ packet }) =>
  known(packet.metadata?.dropFunction),
);
number('flow.id', null, 'number of its ends and protocol, in both directions', ({ headers }) =>
  headers.version === 0 ? Number.NaN : flowId(headers),
);
mac('eth.src', 'Ethernet source', ({ macs }) => (macs < 0 ? -1 : macs + 6));
mac('eth.dst', 'Ethernet destination', ({ macs }) => macs);
number('eth.type', null, 'EtherType behind tags', ({ headers }) => natural(headers.link.etherType));
number('vlan.id', null, 'outermost VLAN', ({ headers }) => natural(headers.link.vlan));
number('mpls.label', null, 'outermost MPLS label', ({ headers }) => natural(headers.link.label));
field('arp.opcode', 'string', 'ARP: request, reply, or the number', ({ arp }) => arp?.operation ?? null);
field('arp.src', 'string', 'ARP: sender’s IPv4 address', ({ arp }) => arp?.senderAddress ?? null);
field('arp.dst', 'string', 'ARP: target’s IPv4 address', ({ arp }) => arp?.targetAddress ?? null);
number('ip.version', null, '4 or 6', ({ headers }) => positive(headers.version));
address('ip.src', 'source, of IPv4 and IPv6', ({ headers }) => headers.source);
address('ip.dst', 'destination, of IPv4 and IPv6', ({ headers }) => headers.destination);
number('ip.proto', null, 'protocol above IP', ({ headers }) => natural(headers.protocol));
number('ip.ttl', null, 'time to live, or hop limit', ({ headers }) =>
  headers.version === 0 ? Number.NaN : headers.ttl,
);
number('ip.dscp', null, 'differentiated services code point', ({ headers }) =>
  headers.version === 0 ? Number.NaN : headers.trafficClass >> 2,
);
code(
  'ip.fragment',
  'boolean',
  'part of a fragmented packet',
  ({ headers }) => (headers.version === 0 ? -1 : headers.fragmented ? 1 : 0),
  (n) => n === 1,
);
number('tcp.srcport', null, 'TCP source port', ({ headers: h }) => (isTcp(h) ? h.sourcePort : Number.NaN));
number('tcp.dstport', null, 'TCP destination port', ({ headers: h }) =>
  isTcp(h) ? h.destinationPort : Number.NaN,
);
code(
  'tcp.flags',
  'strings',
  'TCP flags: FIN SYN RST PSH ACK URG ECE CWR',
  ({ headers: h }) => (hasTcp(h, 14) ? h.tcpFlags : -1),
  (flags) => words(flags, TCP_WORDS),
  { words: TCP_WORDS.map(([, word]) => word) },
);
number('tcp.seq', null, 'TCP sequence number, as it is on the wire', ({ headers: h }) =>
  hasTcp(h, 14) ? h.sequence : Number.NaN,
);
number('tcp.ack', null, 'TCP acknowledgement, as it is on the wire', ({ headers: h }) =>
  hasTcp(h, 14) && (h.tcpFlags & TcpFlag.ACK) !== 0 ? h.acknowledgement : Number.NaN,
);
number('tcp.window', null, 'TCP window, not scaled', ({ headers: h }) =>
  hasTcp(h, 16) ? h.window : Number.NaN,
);
number('tcp.len', 'bytes', 'TCP payload', ({ headers: h }) => (hasTcp(h, 14) ? h.payloadLength : Number.NaN));
number('udp.srcport', null, 'UDP source port', ({ headers: h }) => (isUdp(h) ? h.sourcePort : Number.NaN));
number('udp.dstport', null, 'UDP destination port', ({ headers: h }) =>
  isUdp(h) ? h.destinationPort : Number.NaN,
);
number('udp.len', 'bytes', 'UDP payload', ({ headers: h }) =>
  isUdp(h) && h.transport + 8 <= h.end ? h.payloadLength : Number.NaN,
);
number('icmp.type', null, 'type of ICMP and ICMPv6', ({ headers }) => natural(headers.icmpType));
number('icmp.code', null, 'code of ICMP and ICMPv6', ({ headers }) => natural(headers.icmpCode));
field('dns.qname', 'string', 'DNS: name asked for', ({ dns }) => dns?.question ?? null);
field('dns.qtype', 'string', 'DNS: type asked for', ({ dns }) => dns?.questionType ?? null);
number('dns.rcode', null, 'DNS: code of a response', ({ dns }) =>
  dns?.response === true ? dns.code : Number.NaN,
);
field('dns.answers', 'strings', 'DNS: addresses and names answered', ({ dns }) => {
  const values = dns?.answers.map(({ value }) => value).filter((value) => value !== null) ?? [];
  return values.length === 0 ? null : values;
});
field('tls.sni', 'string', 'server’s name that a TLS or QUIC client says', ({ hello }) => {
  return hello?.serverName ?? null;
});
field('tls.alpn', 'strings', 'protocols that a TLS or QUIC client offers', ({ hello }) =>
  hello === null || hello.protocols.length === 0 ? null : hello.protocols,
);
field('http.method', 'string', 'HTTP/1: method', ({ http }) => http?.method ?? null);
field('http.host', 'string', 'HTTP/1: host', ({ http }) => http?.host ?? null);
field('http.path', 'string', 'HTTP/1: target of the request', ({ http }) => http?.path ?? null);
number('http.status', null, 'HTTP/1: status', ({ http }) => http?.status ?? Number.NaN);
field('info', 'string', 'the line that the text output has of it, without its time', ({ info, packet }) =>
  info === null ? null : info(packet),
);

/** In the order that they are shown in. */
export const FIELDS: readonly Field[] = fields;

/** Those that are shown when none are asked for: `info` costs as much as the text. */
export const DEFAULT_FIELDS: readonly Field[] = FIELDS.filter(({ name }) => name !== 'info');

const BY_NAME = new Map(FIELDS.map((one) => [one.name, one]));

/** @returns the field of a name, or null */
export function fieldByName(name: string): Field | null {
  return BY_NAME.get(name) ?? null;
}

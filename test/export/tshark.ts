// Fields beside tshark's: which of its fields say the same, and where it means something else.

import { spawnSync } from 'node:child_process';
import { Facts, type FieldValue, fieldByName } from '../../src/decode/facts/index.js';
import type { Packet } from '../../src/packet/index.js';
import { openSavefile } from '../../src/savefile/index.js';

/** What tshark says of a packet: each field's values, in the packet's order. */
export type Said = ReadonlyMap<string, readonly string[]>;

/** Which IP header is the outermost. */
function outer(said: Said): 4 | 6 | 0 {
  const layers = (said.get('frame.protocols')?.[0] ?? '').split(':');
  const four = layers.indexOf('ip');
  const six = layers.indexOf('ipv6');
  if (four < 0 && six < 0) return 0;
  return six < 0 || (four >= 0 && four < six) ? 4 : 6;
}

/** Layers of the outermost packet: what an ICMP error or a tunnel carries is another one. */
function carries(said: Said, layer: string): boolean {
  const layers = (said.get('frame.protocols')?.[0] ?? '').split(':');
  const ip = layers.findIndex((one) => one === 'ip' || one === 'ipv6');
  const rest = layers.slice(ip + 1).filter((one) => !one.startsWith('ipv6.') && one !== 'ah');
  return ip >= 0 && rest[0] === layer;
}

const first = (said: Said, name: string): string | null => said.get(name)?.[0] ?? null;
const number = (text: string | null): number | null => (text === null ? null : Number(text));

/** Of the outermost IP header, by its version. */
function byVersion(four: string, six: string): (said: Said) => string | null {
  return (said) => {
    const version = outer(said);
    return version === 0 ? null : first(said, version === 4 ? four : six);
  };
}

/** A number of the outermost packet's transport header. */
const ofLayer = (layer: string, name: string) => (said: Said) =>
  carries(said, layer) ? number(first(said, name)) : null;

const isSet = (text: string | null): boolean => text === '1' || text === 'True';
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const DNS_TYPES: Readonly<Record<string, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  41: 'OPT',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};

interface Same {
  readonly ask: readonly string[];
  /** The value as our field has it. */
  readonly value: (said: Said) => FieldValue | null;
}

const TCP = 'tcp';
const UDP = 'udp';

/** Our field ↔ tshark's. */
export const SAME: Readonly<Record<string, Same>> = {
  'frame.time_epoch': { ask: ['frame.time_epoch'], value: (said) => first(said, 'frame.time_epoch') },
  'frame.len': { ask: ['frame.len'], value: (said) => number(first(said, 'frame.len')) },
  'frame.cap_len': { ask: ['frame.cap_len'], value: (said) => number(first(said, 'frame.cap_len')) },
  'frame.interface': {
    ask: ['frame.interface_name'],
    value: (said) => [first(said, 'frame.interface_name')].find((name) => name !== 'unknown') ?? null,
  },
  'frame.comment': {
    ask: ['frame.comment'],
    value: (said) => {
      const comments = said.get('frame.comment') ?? [];
      return comments.length === 0 ? null : comments.map((one) => Buffer.from(one, 'latin1').toString());
    },
  },
  'frame.dir': {
    ask: ['frame.packet_flags_direction'],
    value: (said) => [null, 'in', 'out'][Number(first(said, 'frame.packet_flags_direction') ?? 0)] ?? null,
  },
  'eth.src': { ask: ['eth.src'], value: (said) => first(said, 'eth.src') },
  'eth.dst': { ask: ['eth.dst'], value: (said) => first(said, 'eth.dst') },
  'eth.type': {
    ask: ['eth.type', 'sll.etype', 'vlan.etype', 'llc.type', 'chdlc.protocol'],
    value: (said) => {
      const layers = (said.get('frame.protocols')?.[0] ?? '').split(':');
      const link = layers.slice(
        0,
        layers.findIndex((layer) => layer === 'ip' || layer === 'ipv6'),
      );
      // Where no type leads to IP, its version tells.
      const typed = link.length > 0 && !['mpls', 'ppp', 'raw', 'null'].some((one) => link.includes(one));
      if (outer(said) !== 0 && !typed) return outer(said) === 4 ? 0x0800 : 0x86dd;
      const tags = layers.filter((layer) => layer === 'vlan').length;
      const types = [said.get('vlan.etype')?.[tags - 1], first(said, 'llc.type'), first(said, 'eth.type')];
      types.push(first(said, 'sll.etype'), first(said, 'chdlc.protocol'));
      return number(types.find((type) => type != null) ?? null);
    },
  },
  'vlan.id': { ask: ['vlan.id'], value: (said) => number(first(said, 'vlan.id')) },
  'mpls.label': { ask: ['mpls.label'], value: (said) => number(first(said, 'mpls.label')) },
  'arp.opcode': {
    ask: ['arp.opcode'],
    value: (said) => {
      const code = first(said, 'arp.opcode');
      return code === '1' ? 'request' : code === '2' ? 'reply' : code;
    },
  },
  'arp.src': { ask: ['arp.src.proto_ipv4'], value: (said) => first(said, 'arp.src.proto_ipv4') },
  'arp.dst': { ask: ['arp.dst.proto_ipv4'], value: (said) => first(said, 'arp.dst.proto_ipv4') },
  'ip.version': { ask: ['ip.version', 'ipv6.version'], value: (said) => outer(said) || null },
  'ip.src': { ask: ['ip.src', 'ipv6.src'], value: byVersion('ip.src', 'ipv6.src') },
  'ip.dst': { ask: ['ip.dst', 'ipv6.dst'], value: byVersion('ip.dst', 'ipv6.dst') },
  'ip.ttl': { ask: ['ip.ttl', 'ipv6.hlim'], value: (said) => number(byVersion('ip.ttl', 'ipv6.hlim')(said)) },
  'ip.dscp': {
    ask: ['ip.dsfield.dscp', 'ipv6.tclass.dscp'],
    value: (said) => number(byVersion('ip.dsfield.dscp', 'ipv6.tclass.dscp')(said)),
  },
  'ip.proto': {
    ask: ['ip.proto', 'ipv6.nxt'],
    value: (said) => number(byVersion('ip.proto', 'ipv6.nxt')(said)),
  },
  'ip.fragment': {
    ask: ['ip.flags.mf', 'ip.frag_offset', 'ipv6.fraghdr.offset'],
    value: (said) => {
      const version = outer(said);
      if (version === 0) return null;
      if (version === 6) return first(said, 'ipv6.fraghdr.offset') !== null;
      return isSet(first(said, 'ip.flags.mf')) || number(first(said, 'ip.frag_offset')) !== 0;
    },
  },
  'tcp.srcport': { ask: ['tcp.srcport'], value: ofLayer(TCP, 'tcp.srcport') },
  'tcp.dstport': { ask: ['tcp.dstport'], value: ofLayer(TCP, 'tcp.dstport') },
  'tcp.flags': {
    ask: ['tcp.flags'],
    value: (said) => {
      const bits = ofLayer(TCP, 'tcp.flags')(said);
      const words = bits === null ? [] : FLAGS.filter((_, i) => (bits & (1 << i)) !== 0);
      return words.length === 0 ? null : words;
    },
  },
  'tcp.seq': { ask: ['tcp.seq_raw'], value: ofLayer(TCP, 'tcp.seq_raw') },
  'tcp.ack': {
    ask: ['tcp.ack_raw'],
    value: (said) => {
      const bits = ofLayer(TCP, 'tcp.flags')(said);
      return bits === null || (bits & 16) === 0 ? null : ofLayer(TCP, 'tcp.ack_raw')(said);
    },
  },
  'tcp.window': { ask: ['tcp.window_size_value'], value: ofLayer(TCP, 'tcp.window_size_value') },
  'tcp.len': { ask: ['tcp.len'], value: ofLayer(TCP, 'tcp.len') },
  'udp.srcport': { ask: ['udp.srcport'], value: ofLayer(UDP, 'udp.srcport') },
  'udp.dstport': { ask: ['udp.dstport'], value: ofLayer(UDP, 'udp.dstport') },
  'udp.len': {
    ask: ['udp.length'],
    value: (said) => {
      const length = ofLayer(UDP, 'udp.length')(said);
      return length === null ? null : length - 8;
    },
  },
  'icmp.type': {
    ask: ['icmp.type', 'icmpv6.type'],
    value: (said) => ofLayer('icmp', 'icmp.type')(said) ?? ofLayer('icmpv6', 'icmpv6.type')(said),
  },
  'icmp.code': {
    ask: ['icmp.code', 'icmpv6.code'],
    value: (said) => ofLayer('icmp', 'icmp.code')(said) ?? ofLayer('icmpv6', 'icmpv6.code')(said),
  },
  'dns.qname': { ask: ['dns.qry.name'], value: (said) => first(said, 'dns.qry.name') },
  'dns.qtype': {
    ask: ['dns.qry.type'],
    value: (said) => {
      const type = first(said, 'dns.qry.type');
      return type === null ? null : (DNS_TYPES[Number(type)] ?? `TYPE${Number(type)}`);
    },
  },
  'dns.rcode': { ask: ['dns.flags.rcode'], value: (said) => number(first(said, 'dns.flags.rcode')) },
  'tls.sni': {
    ask: ['tls.handshake.extensions_server_name'],
    value: (said) => first(said, 'tls.handshake.extensions_server_name'),
  },
  'tls.alpn': {
    ask: ['tls.handshake.type', 'tls.handshake.extensions_alpn_str'],
    value: (said) => {
      const offered = said.get('tls.handshake.extensions_alpn_str') ?? [];
      // A server's answer has a list of one.
      return first(said, 'tls.handshake.type') === '1' && offered.length > 0 ? [...offered] : null;
    },
  },
  'http.method': { ask: ['http.request.method'], value: (said) => first(said, 'http.request.method') },
  'http.host': { ask: ['http.host'], value: (said) => first(said, 'http.host') },
  'http.path': { ask: ['http.request.uri'], value: (said) => first(said, 'http.request.uri') },
  'http.status': { ask: ['http.response.code'], value: (said) => number(first(said, 'http.response.code')) },
};

const BETWEEN = '\x1f';
/** Every packet is looked at for itself. */
const OPTIONS = [
  'tcp.desegment_tcp_streams:FALSE',
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.reassemble_out_of_order:FALSE',
  'tls.desegment_ssl_records:FALSE',
  'tls.desegment_ssl_application_data:FALSE',
  'http.desegment_headers:FALSE',
  'http.desegment_body:FALSE',
  'udp.try_heuristic_first:FALSE',
];

/** What tshark says of each packet of a file. */
export function askTshark(path: string): Said[] {
  const names = [...new Set(['frame.protocols', ...Object.values(SAME).flatMap(({ ask }) => ask)])];
  const { stdout } = spawnSync(
    'tshark',
    [
      '-n',
      '-r',
      path,
      '-T',
      'fields',
      '-E',
      'separator=/t',
      '-E',
      'occurrence=a',
      '-E',
      `aggregator=${BETWEEN}`,
      ...OPTIONS.flatMap((option) => ['-o', option]),
      ...names.flatMap((name) => ['-e', name]),
    ],
    { encoding: 'latin1', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const cells = line.split('\t');
      return new Map(names.map((name, i) => [name, cells[i] ? cells[i].split(BETWEEN) : []]));
    });
}

export const isInstalled = spawnSync('tshark', ['--version']).status === 0;

export interface Difference {
  readonly packet: number;
  readonly field: string;
  readonly ours: FieldValue | null;
  readonly tshark: FieldValue | null;
  readonly protocols: string;
}

function ours(facts: Facts, name: string): FieldValue | null {
  const value = fieldByName(name)!.of(facts);
  if (name !== 'frame.time_epoch') return value;
  const time = value as bigint;
  return `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
}

/** Why a difference is none: what each means is told here. Null: nothing explains it. */
export function reasonOf({ field, ours, tshark, protocols }: Difference): string | null {
  const layers = protocols.split(':');
  const headers = layers.filter((layer) => layer === 'ip' || layer === 'ipv6').length;
  if (field === 'ip.proto' && layers.some((layer) => layer.startsWith('ipv6.') || layer === 'ah'))
    return 'tshark’s is the first header’s, ours what comes behind the extension headers';
  if (/^(dns|http|tls)\./.test(field) && ours === null && headers > 1)
    return 'payloads are those of the outermost packet';
  if (field.startsWith('tls.') && ours !== null && tshark === null)
    return 'a hello that goes on in the next segment: it says the name here, and tshark waits for its end';
  if (field === 'udp.len' && ours !== null && tshark !== null && Number(ours) < Number(tshark))
    return 'of a fragment ours counts what is in this packet';
  return null;
}

/** @returns where they differ, and how many values were compared that at least one of them knows */
export async function compareWithTshark(
  path: string,
): Promise<{ differences: Difference[]; compared: Map<string, number> }> {
  const all = askTshark(path);
  const source = await openSavefile(path);
  const facts = new Facts();
  const differences: Difference[] = [];
  const compared = new Map<string, number>();
  let packet = 0;
  try {
    await source.run((one: Packet) => {
      const said = all[packet++];
      if (said === undefined) return false;
      facts.read(one);
      for (const [field, { value }] of Object.entries(SAME)) {
        const mine = ours(facts, field);
        const theirs = value(said);
        if (mine === null && theirs === null) continue;
        compared.set(field, (compared.get(field) ?? 0) + 1);
        if (JSON.stringify(mine) !== JSON.stringify(theirs))
          differences.push({
            packet,
            field,
            ours: mine,
            tshark: theirs,
            protocols: said.get('frame.protocols')?.[0] ?? '',
          });
      }
      return true;
    });
  } catch {
    // A file that breaks off is compared as far as it goes.
  } finally {
    source.close();
  }
  return { differences, compared };
}

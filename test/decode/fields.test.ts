// The list of fields: names are unique and well formed, and each of them has a packet that says its value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Facts, FIELDS, fieldByName } from '../../src/decode/facts/index.js';
import {
  Direction,
  makeInterface,
  makeProcess,
  Packet,
  PacketFlag,
  PacketMetadata,
} from '../../src/packet/index.js';
import { bytes, type Part } from '../print/generator.js';

const MACS: Part = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const ETHERNET = 1;

function ipv4(protocol: number, payload: Part): Part {
  const total = 20 + bytes(payload).length;
  return [
    0x45,
    0xb8,
    total >> 8,
    total & 255,
    0,
    1,
    0,
    0,
    64,
    protocol,
    0,
    0,
    10,
    0,
    0,
    1,
    10,
    0,
    0,
    2,
    payload,
  ];
}

function tcp(source: number, destination: number, payload: Part): Part {
  const ports = [source >> 8, source & 255, destination >> 8, destination & 255];
  return ipv4(6, [ports, 0, 0, 0, 5, 0, 0, 0, 6, 0x50, 0x18, 1, 0, 0, 0, 0, 0, payload]);
}

function facts(...parts: Part[]): Facts {
  const packet = new Packet();
  packet.buffer = bytes(...parts);
  packet.capturedLength = packet.buffer.length;
  packet.length = packet.capturedLength + 2;
  packet.linkType = ETHERNET;
  packet.seconds = 1_700_000_000;
  packet.nanoseconds = 5;
  const read = new Facts();
  read.read(packet);
  return read;
}

/** What each named field says of a packet. */
function say(of: Facts, names: string): unknown[] {
  return names.split(' ').map((name) => fieldByName(name)!.of(of));
}

/** All that is known of a packet. */
function all(of: Facts): Record<string, unknown> {
  const known = FIELDS.map(({ name, of: read }) => [name, read(of)] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== null));
}

test('names are unique, dotted, and each has words of its own', () => {
  assert.equal(new Set(FIELDS.map(({ name }) => name)).size, FIELDS.length);
  assert.equal(new Set(FIELDS.map(({ help }) => help)).size, FIELDS.length);
  for (const { name, help } of FIELDS) {
    assert.match(name, /^([a-z]+\.[a-z_]+|host|info)$/);
    assert.doesNotMatch(help, /\.$/);
  }
  assert.equal(fieldByName('ip.none'), null);
});

test('everything about a packet of TCP', () => {
  assert.deepEqual(
    all(facts(MACS, 0x81, 0, 0, 9, 8, 0, tcp(40000, 80, 'GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n'))),
    {
      'frame.time': 1_700_000_000_000_000_005n,
      'frame.time_epoch': 1_700_000_000_000_000_005n,
      'frame.len': 96,
      'frame.cap_len': 94,
      'frame.link_type': 'EN10MB',
      'flow.id': say(facts(MACS, 8, 0, tcp(40000, 80, [])), 'flow.id')[0],
      'eth.src': '02:00:00:00:00:02',
      'eth.dst': '02:00:00:00:00:01',
      'eth.type': 0x0800,
      'vlan.id': 9,
      'ip.version': 4,
      'ip.src': '10.0.0.1',
      'ip.dst': '10.0.0.2',
      'ip.proto': 6,
      'ip.ttl': 64,
      'ip.dscp': 46,
      'ip.fragment': false,
      'tcp.srcport': 40000,
      'tcp.dstport': 80,
      'tcp.flags': ['PSH', 'ACK'],
      'tcp.seq': 5,
      'tcp.ack': 6,
      'tcp.window': 256,
      'tcp.len': 36,
      'http.method': 'GET',
      'http.host': 'a.example',
      'http.path': '/x',
    },
  );
});

test('answers of HTTP, DNS over both transports, ICMP, ARP, MPLS', () => {
  const query: Part = [0, 1, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 28, 0, 1];
  const names = 'dns.qname dns.qtype dns.rcode dns.answers';
  const udp: Part = ipv4(17, [0, 53, 0x20, 0, 0, 27, 0, 0, query]);
  assert.deepEqual(say(facts(MACS, 8, 0, udp), `udp.srcport udp.dstport udp.len ${names}`), [
    53,
    8192,
    19,
    'a',
    'AAAA',
    3,
    null,
  ]);
  assert.deepEqual(say(facts(MACS, 8, 0, tcp(40000, 53, [0, 19, query])), names), ['a', 'AAAA', 3, null]);
  assert.deepEqual(
    say(facts(MACS, 8, 0, tcp(80, 40000, 'HTTP/1.1 204 No Content\r\n')), 'http.status http.method'),
    [204, null],
  );
  assert.deepEqual(
    say(facts(MACS, 8, 0, ipv4(1, [3, 1, 0, 0, 0, 0, 0, 0])), 'icmp.type icmp.code ip.proto'),
    [3, 1, 1],
  );
  const arp: Part = [0, 1, 8, 0, 6, 4, 0, 2, MACS.slice(0, 6), 10, 0, 0, 1, Array(6).fill(9), 10, 0, 0, 2];
  assert.deepEqual(say(facts(MACS, 8, 6, arp), 'arp.opcode arp.src arp.dst ip.src'), [
    'reply',
    '10.0.0.1',
    '10.0.0.2',
    null,
  ]);
  assert.deepEqual(
    say(facts(MACS, 0x88, 0x47, 0, 1, 1, 64, tcp(1, 2, [])), 'mpls.label tcp.dstport'),
    [16, 2],
  );
});

test('what the capture knows of it', () => {
  const one = facts(MACS, 8, 0, tcp(1, 2, []));
  const { packet } = one;
  const metadata = new PacketMetadata();
  packet.metadata = metadata;
  packet.comments = ['hello'];
  packet.interface = makeInterface({ name: 'eth0', linkType: 1 });
  metadata.process = makeProcess({
    pid: 7,
    name: 'curl',
    args: ['curl', '-s'],
    parentPid: 1,
    uid: 0,
    user: 'root',
    netns: 5,
    container: { id: 'abc', runtime: 'docker', name: 'web', pod: 'p', namespace: 'n' },
  });
  metadata.effectiveProcess = makeProcess({ pid: 8, name: 'app' });
  metadata.threadId = 9;
  metadata.direction = Direction.OUT;
  metadata.serviceClass = 200;
  metadata.flags = PacketFlag.NEW_FLOW | PacketFlag.SOCKET;
  metadata.flowId = 77;
  metadata.dropReason = 3;
  const names =
    'frame.interface frame.dir frame.comment process.name process.pid process.args process.ppid process.uid process.user process.netns ' +
    'process.container process.container_id process.runtime process.pod process.namespace process.path process.thread eprocess.name eprocess.pid ' +
    'pktap.svc pktap.flags pktap.flowid pktap.drop_reason pktap.drop_function';
  assert.deepEqual(say(one, names), [
    ...['eth0', 'out', ['hello'], 'curl', 7, ['curl', '-s'], 1, 0, 'root', 5],
    ...['web', 'abc', 'docker', 'p', 'n', null, 9, 'app', 8, 'BK', ['nf', 'so'], 77, '3', null],
  ]);
});

test('one packet’s payload is not the next one’s', () => {
  const read = facts(MACS, 8, 0, tcp(40000, 80, 'GET / HTTP/1.1\r\n\r\n'));
  assert.equal(read.http?.method, 'GET');
  read.read(facts(MACS, 8, 0, tcp(40000, 80, 'x')).packet);
  assert.equal(read.http, null);
});

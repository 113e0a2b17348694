// One walk over link, IP and transport: what it finds behind every kind of header, and in packets cut anywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowId, flowKey, Headers } from '../../src/decode/index.js';
import { LinkType, Packet } from '../../src/packet/index.js';
import { bytes, type Part } from '../print/generator.js';

const MACS: Part = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const UDP: Part = [0x30, 0x39, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4];
const A4: Part = [10, 0, 0, 1, 10, 0, 0, 2];
const A6: Part = [0x20, 1, 0xd, 0xb8, Array(11).fill(0), 1, 0x20, 1, 0xd, 0xb8, Array(11).fill(0), 2];

function length(parts: Part): number {
  return bytes(parts).length;
}

const ipv4 = (protocol: number, payload: Part, fragment = 0, options: readonly number[] = []): Part => {
  const total = 20 + options.length + length(payload);
  const header = [0x45 + options.length / 4, 0x10, total >> 8, total & 255, 0x12, 0x34, fragment >> 8];
  return [...header, fragment & 255, 64, protocol, 0, 0, A4, ...options, payload];
};
const ipv6 = (next: number, payload: Part): Part => {
  const size = length(payload);
  return [0x6a, 0xb0, 0, 0, size >> 8, size & 255, next, 63, A6, payload];
};
const tcp = (flags: number, payload: Part, options: readonly number[] = []): Part => [
  ...[0x1f, 0x90, 1, 0xbb, 0xff, 0, 0, 1, 0x80, 0, 0, 2, (5 + options.length / 4) << 4, flags, 0x12, 0x34],
  ...[0, 0, 0, 0, ...options],
  payload,
];
const dns4 = ipv4(17, UDP);
const dns6 = ipv6(17, UDP);

function packetOf(linkType: number, ...parts: Part[]): Packet {
  const packet = new Packet();
  // Not at the buffer's beginning: offsets are absolute.
  packet.buffer = bytes(9, 9, 9, ...parts);
  packet.offset = 3;
  packet.capturedLength = packet.length = packet.buffer.length - 3;
  packet.linkType = linkType;
  return packet;
}

const LINKS: readonly [string, number, ...Part[]][] = [
  ['Ethernet', LinkType.ETHERNET, MACS, 8, 0, dns4],
  ['Ethernet, IPv6', LinkType.ETHERNET, MACS, 0x86, 0xdd, dns6],
  ['a tag', LinkType.ETHERNET, MACS, 0x81, 0, 0x20, 5, 8, 0, dns4],
  ['802.1ad and 802.1Q', LinkType.ETHERNET, MACS, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, 8, 0, dns4],
  ['three tags', LinkType.ETHERNET, MACS, 0x91, 0, 0, 5, 0x81, 0, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd, dns6],
  ['PPPoE', LinkType.ETHERNET, MACS, 0x88, 0x64, 0x11, 0, 0, 1, 0, 34, 0, 0x21, dns4],
  ['PPPoE in a tag', LinkType.ETHERNET, MACS, 0x81, 0, 0, 5, 0x88, 0x64, 0x11, 0, 0, 1, 0, 54, 0, 0x57, dns6],
  ['MPLS', LinkType.ETHERNET, MACS, 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64, dns4],
  ['SNAP', LinkType.ETHERNET, MACS, 0, 40, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, dns4],
  ['raw', LinkType.RAW, dns6],
  ['null', LinkType.NULL, 2, 0, 0, 0, dns4],
  ['loop', LinkType.LOOP, 0, 0, 0, 30, dns6],
  ['cooked', LinkType.LINUX_SLL, Array(14).fill(0), 8, 0, dns4],
  ['cooked with a tag', LinkType.LINUX_SLL, Array(14).fill(0), 0x81, 0, 0, 5, 8, 0, dns4],
  ['cooked 2', LinkType.LINUX_SLL2, 0x86, 0xdd, Array(18).fill(0), dns6],
  ['HDLC', LinkType.C_HDLC, 0x0f, 0, 8, 0, dns4],
  ['PPP', LinkType.PPP, 0xff, 3, 0, 0x21, dns4],
  ['PPP, short', LinkType.PPP, 0x57, dns6],
  ['PPP with direction', LinkType.PPP_WITH_DIR, 1, 0xff, 3, 0x21, dns4],
  ['PPPoE without Ethernet', LinkType.PPP_ETHER, 0x11, 0, 0, 1, 0, 34, 0, 0x21, dns4],
];

test('the way to IP, through every link layer', () => {
  const headers = new Headers();
  for (const [name, linkType, ...parts] of LINKS) {
    const packet = packetOf(linkType, ...parts);
    assert.ok(headers.read(packet), name);
    const { buffer: b } = packet;
    assert.equal(headers.ip, b.length - (headers.version === 4 ? 32 : 52), name);
    assert.deepEqual([headers.protocol, headers.sourcePort, headers.destinationPort], [17, 12345, 53], name);
    assert.equal(headers.trafficClass, headers.version === 4 ? 0x10 : 0xab, name);
    assert.equal(headers.ttl, headers.version === 4 ? 64 : 63, name);
    assert.deepEqual([...b.subarray(headers.payload, headers.payloadEnd)], [1, 2, 3, 4], name);
    assert.equal(headers.payloadLength, 4, name);
    assert.equal(headers.headersEnd, headers.payload, name);
  }
});

test('tags and labels', () => {
  const headers = new Headers();
  const vlans = LINKS.map(([, linkType, ...parts]) => {
    headers.read(packetOf(linkType, ...parts));
    return [headers.link.vlan, headers.link.label].filter((one) => one >= 0);
  });
  assert.deepEqual(vlans.slice(0, 9), [[], [], [5], [5], [5], [], [5], [16], []]);
});

test('what leads to IP as a host’s stack takes it: the link’s own header and tags alone', () => {
  const headers = new Headers();
  const others = LINKS.filter(([, linkType, ...parts]) => {
    headers.read(packetOf(linkType, ...parts));
    return !headers.link.plain;
  }).map(([name]) => name);
  assert.deepEqual(others, [
    ...['three tags', 'PPPoE', 'PPPoE in a tag', 'MPLS', 'SNAP'],
    ...['PPP', 'PPP, short', 'PPP with direction', 'PPPoE without Ethernet'],
  ]);
  headers.read(packetOf(LinkType.ETHERNET, MACS, 8, 0, dns4));
  assert.ok(headers.link.plain, 'nothing stays of the packet before');
});

const OPTIONS: Part = [17, 0, 1, 4, 0, 0, 0, 0];
/** Name, IP version, protocol, ports' place from the packet's end (-1: none), what is a fragment, packet. */
const NETWORK: readonly [string, number, number, boolean, 'no' | 'first' | 'later', Part][] = [
  ['options', 4, 17, true, 'no', ipv4(17, UDP, 0, [1, 1, 1, 1, 1, 1, 1, 0])],
  ['a first fragment', 4, 17, true, 'first', ipv4(17, UDP, 0x2000)],
  ['a later fragment', 4, 17, false, 'later', ipv4(17, UDP, 0x2003)],
  ['the last fragment', 4, 17, false, 'later', ipv4(17, UDP, 0x0003)],
  ['AH', 4, 17, true, 'no', ipv4(51, [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, UDP])],
  ['a header too short', 0, -1, false, 'no', [0x44, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, A4, UDP]],
  ['hop by hop', 6, 17, true, 'no', ipv6(0, [OPTIONS, UDP])],
  [
    'six extension headers',
    6,
    17,
    true,
    'no',
    ipv6(0, [...[60, 0, 60, 0, 60].map((n) => [n, 0, 1, 4, 0, 0, 0, 0]), OPTIONS, UDP]),
  ],
  ['AH over IPv6', 6, 17, true, 'no', ipv6(51, [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, UDP])],
  ['a first fragment of IPv6', 6, 17, true, 'first', ipv6(44, [17, 0, 0, 1, 0, 0, 0, 9, UDP])],
  ['a later fragment of IPv6', 6, 17, false, 'later', ipv6(44, [17, 0, 0, 9, 0, 0, 0, 9, UDP])],
  ['ESP', 6, 50, false, 'no', ipv6(50, UDP)],
  ['no next header', 6, 59, false, 'no', ipv6(59, UDP)],
  ['SCTP', 4, 132, true, 'no', ipv4(132, UDP)],
  ['UDP-Lite', 4, 136, true, 'no', ipv4(136, UDP)],
];

test('IP: options, extension headers, fragments', () => {
  const headers = new Headers();
  for (const [name, version, protocol, ports, fragment, part] of NETWORK) {
    assert.equal(headers.read(packetOf(LinkType.RAW, part)), version !== 0, name);
    assert.deepEqual([headers.version, headers.protocol], [version, protocol], name);
    const expected = ports ? [12345, 53] : [-1, -1];
    assert.deepEqual([headers.sourcePort, headers.destinationPort], expected, name);
    assert.deepEqual(
      [headers.fragmented, headers.laterFragment],
      [fragment !== 'no', fragment === 'later'],
      name,
    );
    if (fragment !== 'no') assert.equal(headers.identification, version === 4 ? 0x1234 : 9, name);
  }
});

test('TCP and ICMP', () => {
  const headers = new Headers();
  headers.read(packetOf(LinkType.RAW, ipv4(6, tcp(0x18, [7, 7, 7], [1, 1, 1, 1]))));
  const { sequence, acknowledgement, tcpFlags, window, payloadLength } = headers;
  assert.deepEqual(
    { sequence, acknowledgement, tcpFlags, window, payloadLength },
    { sequence: 0xff000001, acknowledgement: 0x80000002, tcpFlags: 0x18, window: 0x1234, payloadLength: 3 },
  );
  headers.read(packetOf(LinkType.RAW, ipv4(1, [8, 0, 0, 0, 0xab, 0xcd, 0, 1, 5])));
  assert.deepEqual(
    [headers.icmpType, headers.icmpCode, headers.echo, headers.payloadLength],
    [8, 0, 0xabcd, 1],
  );
  headers.read(packetOf(LinkType.RAW, ipv6(58, [129, 0, 0, 0, 0xab, 0xcd, 0, 1])));
  assert.deepEqual([headers.icmpType, headers.echo], [129, 0xabcd]);
  headers.read(packetOf(LinkType.RAW, ipv4(1, [3, 3, 0, 0, 0, 0, 0, 0])));
  assert.deepEqual([headers.icmpType, headers.icmpCode, headers.echo], [3, 3, -1]);
});

const udpTo = (port: number, payload: Part): Part => {
  const size = 8 + length(payload);
  return [0xc0, 0, port >> 8, port & 255, size >> 8, size & 255, 0, 0, payload];
};
const frame: Part = [MACS, 8, 0, dns4];
const TUNNELS: readonly [string, number, Part][] = [
  ['IP in IP', 1, ipv4(4, dns4)],
  ['6in4', 1, ipv4(41, dns6)],
  ['4in6', 1, ipv6(4, dns4)],
  ['GRE', 1, ipv4(47, [0, 0, 8, 0, dns4])],
  ['GRE with a key and a sequence', 1, ipv6(47, [0x30, 0, 0x65, 0x58, 0, 0, 0, 1, 0, 0, 0, 2, frame])],
  [
    'PPTP',
    1,
    ipv4(47, [0x30, 0x81, 0x88, 0x0b, 0, 34, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xff, 3, 0, 0x21, dns4]),
  ],
  ['VXLAN', 1, ipv4(17, udpTo(4789, [8, 0, 0, 0, 0, 0, 42, 0, frame]))],
  ['VXLAN on Linux’s own port', 1, ipv4(17, udpTo(8472, [8, 0, 0, 0, 0, 0, 42, 0, frame]))],
  ['Geneve', 1, ipv4(17, udpTo(6081, [1, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 3, 0, frame]))],
  ['GTP', 1, ipv4(17, udpTo(2152, [0x30, 255, 0, 32, 0, 0, 0, 1, dns4]))],
  [
    'GTP with an extension',
    1,
    ipv4(17, udpTo(2152, [0x34, 255, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0, dns4])),
  ],
  ['Teredo', 1, ipv4(17, udpTo(3544, [0, 0, 0, 0, 0, 0, 0, 0, dns6]))],
  ['L2TP', 1, ipv4(17, udpTo(1701, [0x40, 2, 0, 44, 0, 1, 0, 2, 0xff, 3, 0, 0x21, dns4]))],
  ['EtherIP', 1, ipv4(97, [0x30, 0, frame])],
  ['MPLS in UDP', 1, ipv4(17, udpTo(6635, [0, 1, 1, 64, dns4]))],
  [
    'IP in IP in VXLAN',
    2,
    ipv4(17, udpTo(4789, [8, 0, 0, 0, 0, 0, 42, 0, MACS, 0x81, 0, 0, 9, 8, 0, ipv4(4, dns4)])),
  ],
];

test('tunnels, one after the other, when asked for', () => {
  const headers = new Headers();
  for (const [name, depth, part] of TUNNELS) {
    assert.ok(headers.read(packetOf(LinkType.RAW, part)), name);
    assert.notDeepEqual([headers.sourcePort, headers.destinationPort], [12345, 53], name);
    for (let i = 0; i < depth; i++) assert.ok(headers.enter(), name);
    assert.deepEqual(
      [headers.sourcePort, headers.destinationPort, headers.payloadLength],
      [12345, 53, 4],
      name,
    );
    const before = { ...headers };
    assert.equal(headers.enter(), false, name);
    assert.deepEqual({ ...headers }, before, `${name}: the innermost packet stays`);
  }
});

test('what is no tunnel’s stays outside', () => {
  const headers = new Headers();
  for (const part of [
    dns4,
    ipv4(4, [0x45, 0, 0]),
    ipv4(17, udpTo(4789, [0, 0, 0, 0, 0, 0, 0, 0, frame])),
    ipv4(47, [0x40, 0, 8, 0, dns4]),
  ]) {
    headers.read(packetOf(LinkType.RAW, part));
    assert.equal(headers.enter(), false);
    assert.equal(headers.depth, 0);
  }
});

test('cut at every length, nothing is read that was not captured', () => {
  const headers = new Headers();
  const all: Packet[] = [
    ...LINKS.map(([, linkType, ...parts]) => packetOf(linkType, ...parts)),
    ...[...NETWORK.map((row) => row[5]), ...TUNNELS.map((row) => row[2])].map((part) => packetOf(101, part)),
  ];
  for (const packet of all) {
    const whole = packet.buffer;
    for (let cut = 0; cut < packet.length; cut++) {
      packet.capturedLength = cut;
      // What lies behind says something else each time: an answer that depends on it was read from there.
      const answers = [0, 0xff].map((fill) => {
        packet.buffer = Uint8Array.from(whole);
        packet.buffer.fill(fill, 3 + cut);
        headers.read(packet);
        const entered = headers.enter();
        const { buffer: _b, link: _l, ...facts } = headers;
        return { ...facts, carried: null, link: { ...headers.link }, entered };
      });
      assert.deepEqual(answers[0], answers[1]);
      for (const at of [headers.payload, headers.transport]) assert.ok(at <= 3 + cut);
    }
  }
});

test('a flow has one key in both directions, another one for each other end', () => {
  const headers = new Headers();
  const keys = new Set<string>();
  const ids = new Set<number>();
  const ends = (a: number, port: number): [Part, Part] => [
    [10, 0, 0, a],
    [port >> 8, port & 255],
  ];
  for (const [a, ports, c, portd] of [
    [1, 1000, 2, 53],
    [1, 53, 2, 1000],
    [1, 1000, 1, 53],
    [9, 1000, 2, 53],
  ] as const) {
    const [from, fromPort] = ends(a, ports);
    const [to, toPort] = ends(c, portd);
    const of = (x: Part, xp: Part, y: Part, yp: Part): Packet =>
      packetOf(101, [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, x, y, xp, yp, 0, 8, 0, 0]);
    headers.read(of(from, fromPort, to, toPort));
    const [key, id] = [flowKey(headers), flowId(headers)];
    headers.read(of(to, toPort, from, fromPort));
    assert.equal(flowKey(headers), key);
    assert.equal(flowId(headers), id);
    keys.add(key);
    ids.add(id);
  }
  assert.equal(keys.size, 4);
  assert.equal(ids.size, 4);
});

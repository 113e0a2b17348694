// -Q about any field of the list: what matches, what the kernel is asked, what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Facts, FIELDS } from '../../../src/decode/facts/index.js';
import { compileMetadataFilter, FilterSyntaxError } from '../../../src/filter/index.js';
import { Direction, makeProcess, type Packet, PacketFlag } from '../../../src/packet/index.js';
import { CURL, dnsQuery, packetOf, tcpFrame, udp6Frame } from '../../export/packets.js';

const request = packetOf(tcpFrame({ payload: 'GET /x HTTP/1.1\r\nHost: a.Example\r\n\r\n' }), {
  ...CURL,
  container: { id: 'abc', runtime: 'docker', name: 'web', pod: null, namespace: null },
  cgroup: '/a/b',
});
request.metadata!.flags = PacketFlag.NEW_FLOW | PacketFlag.SOCKET;
request.comments = ['hello world'];
const query = packetOf(
  udp6Frame(53, dnsQuery('www.Example.org')),
  makeProcess({ pid: 8, name: 'wget' }),
  Direction.IN,
);
const nobody = packetOf(tcpFrame({}), null, Direction.UNKNOWN);

const TRUE: readonly (readonly [string, Packet])[] = [
  ["dns.qname ~ 'Example'", query],
  ['dns.qname = WWW.example.ORG', query],
  ['dns.qname = other.org,www.example.org', query],
  ['dns.qname != www.example.org', request],
  ["dns.qname = ''", request],
  ["dns.qname != ''", query],
  ['dns.qtype = a and udp.dstport = 53', query],
  ['http.host = a.example and proc != wget', request],
  ['http.path = /x', request],
  ['not http.path = /X', request],
  ['ip.src = 10.0.0.0/8', request],
  ['ip.src = 10.0.0.1', request],
  ['ip.src = 192.168.0.0/16,10.0.0.0/31', request],
  ['ip.src != 10.0.0.2/32', request],
  ['ip.dst = 2001:DB8::/32', query],
  ['ip.dst = 2001:db8:0:0:0:0:0:2', query],
  ["ip.dst = '2001:db8::0.0.0.2'", query],
  ['ip.dst != ::/0', request],
  ['tcp.dstport = 0x50', request],
  ['tcp.dstport=443,80', request],
  ['tcp.dstport != 443', query],
  ['frame.len > 89 and frame.len>=90 and frame.len < 91 and frame.len <= 90', request],
  ['not frame.len > 90', request],
  ['tcp.flags = psh', request],
  ['tcp.flags != SYN,RST', request],
  ['ip.fragment = false', request],
  ["ip.fragment = ''", packetOf(new Uint8Array(20))],
  ['frame.time >= 2023-11-14T22:13:20Z and frame.time < 2023-11-14T22:13:20.000000006Z', request],
  ['frame.time = 1700000000.000000005', request],
  ['frame.time > 2023-11-14', request],
  ['frame.time < 2023-11-14T23:13:21+01:00', request],
  ['frame.time_epoch < 1700000001', request],
  ['process.start < 1699999999.1', request],
  ["frame.comment ~ 'wor'", request],
  ['process.args = -s and process.args = \'a "b"\'', request],
  ['process.uuid = 00102030405060708090A0B0C0D0E0F0', request],
  ['eth.src = 02:00:00:00:00:02', request],
  ['eth.src = 2:0:0:0:0:2', request],
  ['eth.src = 02-00-00-00-00-02', request],
  ['eth.src = 020000000002', request],
  ['frame.interface = eth0', request],
  ['frame.interface != eth', request],
  ['frame.link_type = EN10MB', request],
  ['process.name = curl', request],
  ["process.name ~ '^cu'", request],
  ['process.pid = 7', request],
  ["process.pid = ''", nobody],
  ["process.pid != ''", request],
  ["process.name = ''", nobody],
  ['process.pid > 6 and process.pid < 8', request],
  ['process.container = web', request],
  ['process.cgroup = /a/b', request],
  ['process.cgroup != /a', request],
  ['frame.dir = OUT', request],
  ['pktap.flags = nf', request],
  ["pktap.flags = ''", nobody],
  ['tls.sni != a.org', nobody],
  ['(tls.sni = a.org or http.method = GET) and not dir = in', request],
  ['process.user = root', request],
  ['icmp.type != 3', request],
];

test('any field of the list', () => {
  for (const [text, packet] of TRUE) {
    assert.equal(compileMetadataFilter(text).matches(packet), true, text);
    assert.equal(compileMetadataFilter(`not (${text})`).matches(packet), false, text);
  }
});

test('a filter is asked again of each packet, though it be the same object', () => {
  const { matches } = compileMetadataFilter('tcp.dstport = 80 and http.method = GET');
  const packet = packetOf(tcpFrame({ payload: 'GET / HTTP/1.1\r\n' }));
  assert.equal(matches(packet), true);
  packet.buffer = tcpFrame({ payload: 'HTTP/1.1 200 OK\r\n' });
  assert.equal(matches(packet), false);
});

test('every field equals its own value, and no other packet’s', () => {
  let asked = 0;
  for (const packet of [request, query]) {
    const facts = new Facts();
    facts.read(packet);
    for (const { name, of, type } of FIELDS) {
      const value = of(facts);
      if (value === null || name === 'info') continue;
      const one = Array.isArray(value)
        ? String(value[0])
        : value instanceof Uint8Array
          ? Buffer.from(value).toString('hex')
          : type === 'time' || type === 'epoch'
            ? `${(value as bigint) / 1_000_000_000n}.${String((value as bigint) % 1_000_000_000n).padStart(9, '0')}`
            : String(value);
      const filter = compileMetadataFilter(`${name} = "${one}"`);
      assert.equal(filter.matches(packet), true, `${name} = ${one}`);
      assert.equal(compileMetadataFilter(`${name} != "${one}"`).matches(packet), false, name);
      assert.equal(compileMetadataFilter(`${name} = ''`).matches(packet), false, name);
      asked++;
    }
  }
  assert.ok(asked > 50);
});

test('the kernel is asked what it knows', () => {
  for (const text of [
    'process.name = curl',
    'process.pid = 7 and frame.dir = out',
    'frame.interface = eth0,eth1',
    'frame.link_type = EN10MB',
    'process.uid != 0',
    'pktap.flags = nf',
    'eprocess.pid = 8',
  ])
    assert.equal(compileMetadataFilter(text).inKernel(true), true, text);
  for (const text of ['dns.qname = a', 'process.pid > 7', 'process.name = curl or tls.sni = a'])
    assert.equal(compileMetadataFilter(text).inKernel(true), false, text);
  // Of what it does not know it lets all pass that may match.
  const hook = { interface: request.interface!, direction: 'in', trees: [] } as const;
  assert.equal(compileMetadataFilter('dns.qname = a').forKernel(hook), true);
  assert.equal(compileMetadataFilter('dns.qname = a and frame.dir = out').forKernel(hook), false);
  assert.equal(compileMetadataFilter('frame.interface = eth').forKernel(hook), false);
  assert.equal(compileMetadataFilter('frame.interface = eth0').forKernel(hook), true);
});

test('what is refused, and where', () => {
  for (const [text, reason, position] of [
    ['dns.qnam = a', "there is no field 'dns.qnam'; did you mean dns.qname?", 0],
    ['proc = a and ip.scr = b', "there is no field 'ip.scr'; did you mean ip.src, ip.dscp, ip.dst?", 13],
    ['tcp.dstport = http', 'not a value of tcp.dstport: a number was expected', 14],
    ['ip.src = 10.0.0', 'not a value of ip.src: an address or a network was expected', 9],
    ['ip.src = 10.0.0.0/33', 'not a value of ip.src: an address or a network was expected', 9],
    ['ip.src = 1::2::3', 'not a value of ip.src: an address or a network was expected', 9],
    [
      'frame.time > yesterday',
      'not a value of frame.time: a time (2026-01-31T12:00:00Z, or seconds) was expected',
      13,
    ],
    ['eth.src = zz', 'not a value of eth.src: an Ethernet address was expected', 10],
    [
      'tcp.flags = SYNACK',
      'not a value of tcp.flags: FIN, SYN, RST, PSH, ACK, URG, ECE or CWR was expected',
      12,
    ],
    [
      'process.uuid = zz',
      'not a value of process.uuid: an even number of hexadecimal digits was expected',
      15,
    ],
    ['ip.fragment = yes', 'not a value of ip.fragment: true or false was expected', 14],
    ["tcp.dstport ~ '8'", "tcp.dstport is no text: '=', '!=', '<', '<=', '>' or '>=' was expected", 12],
    ['dns.qname > a', "dns.qname has no order: '=', '!=' or '~' was expected", 10],
    ["frame.len > ''", 'not a value of frame.len: a number was expected', 12],
    ['pid > 7', "'=' or '!=' was expected (process.pid has an order)", 4],
    ['proc > a', "'=', '!=' or '~' was expected", 5],
    ['tcp.flags < SYN', "tcp.flags has no order: '=', '!=' or '~' was expected", 10],
    ['ip.fragment ~ a', "ip.fragment is no text: '=' or '!=' was expected", 12],
    ['frame.len', "'=', '!=', '<', '<=', '>' or '>=' was expected", 9],
    ["info ~ 'x'", 'info is the text output itself: no field to ask for', 0],
    ['process.pid = x', 'not a value of process.pid: a number was expected', 14],
    ['frame.dir = up', 'not a value of frame.dir', 12],
    ["dns.qname ~ '('", 'not a regular expression', 12],
  ] as const) {
    assert.throws(
      () => compileMetadataFilter(text),
      (error: unknown) =>
        error instanceof FilterSyntaxError && error.message.includes(reason) && error.position === position,
      `${text}: ${(() => {
        try {
          compileMetadataFilter(text);
          return 'passes';
        } catch (e) {
          return (e as Error).message;
        }
      })()}`,
    );
  }
});

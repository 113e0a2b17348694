// Texts of 5.0 that the installed tcpdump 4.99 does not have: EDNS options, ICMP's extensions, mobility options, ERSPAN.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, internetChecksum, ip4, ip6, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

/** The text of a raw IP packet, without what the IP header says. */
const printed = (packet: Uint8Array, verbose = 0): string =>
  printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');

const random = new Random(1);
const datagram = (payload: Part, port = 53): Uint8Array => {
  const body = bytes(payload);
  return ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
};

/** A query for the root with one OPT record that has this option. */
function withOption(code: number, ...value: number[]): string {
  const option = [...be16(code), ...be16(value.length), ...value];
  const record = [0, ...be16(41), ...be16(1232), ...be32(0x8000), ...be16(option.length), ...option];
  const counts = [be16(1), be16(0), be16(0), be16(1)];
  const text = printed(datagram([be16(7), be16(0x0100), counts, [0], be16(2), be16(1), record]), 2);
  const match = /^(?:\[no cksum\] )?7\+ \[1au\] NS\? \. ar: \. OPT UDPsize=1232 DO \[(.*)\] \(\d+\)$/.exec(
    text,
  );
  assert.ok(match !== null, text);
  return match[1]!;
}

test('EDNS options', () => {
  assert.equal(withOption(8, 0, 1, 24, 0, 192, 0, 2), 'ECS 192.0.2.0/24/0');
  assert.equal(withOption(8, 0, 2, 32, 8, 0x20, 1, 0x0d, 0xb8), 'ECS 2001:db8::/32/8');
  assert.equal(withOption(8, 0, 1, 25, 0, 192, 0, 2), 'ECS  (invalid)');
  assert.equal(withOption(8, 0, 3, 8, 0, 1), 'ECS  (invalid)');
  assert.equal(withOption(8, 0, 1), 'ECS  (invalid)');
  assert.equal(withOption(10, 1, 2, 3, 4, 5, 6, 7, 8), 'COOKIE 0102030405060708');
  assert.equal(
    withOption(10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
    'COOKIE 0102030405060708 090a0b0c0d0e0f10',
  );
  assert.equal(withOption(10, 1, 2, 3), 'COOKIE  (invalid)');
  assert.equal(withOption(11, 0, 123), 'KEEPALIVE 12.3 sec');
  assert.equal(withOption(11, 1), 'KEEPALIVE  (invalid)');
  assert.equal(withOption(9, 0, 1, 0, 0), 'EXPIRE 65536 sec');
  assert.equal(withOption(12, 0, 0, 0), 'PADDING (3)');
  assert.equal(withOption(12), 'PADDING');
  assert.equal(withOption(14, 0x4a, 0x5c, 0, 9), 'KEY-TAG 19036 9');
  assert.equal(withOption(14, 1), 'KEY-TAG  (invalid)');
  assert.equal(withOption(5, 8, 13, 99), 'DAU RSASHA256 ECDSAP256SHA256 Alg_99');
  assert.equal(withOption(6, 1, 2, 4), 'DHU SHA-1 SHA-256 SHA-384');
  assert.equal(withOption(7, 1, 2), 'N3U SHA-1 Alg_2');
  assert.equal(withOption(13, 3, 0x61, 0x62, 0x63, 0), 'CHAIN abc.');
  assert.equal(withOption(3, 0x6e, 0x73), 'NSID 6e73');
  assert.equal(withOption(999, 1), 'Opt999 01');
});

test('newer types of DNS by name, extended response codes', () => {
  const question = (type: number): string =>
    printed(datagram([be16(7), be16(0x0100), be16(1), be16(0), be32(0), [0], be16(type), be16(1)]));
  const names: Readonly<Record<number, string>> = {
    52: 'TLSA',
    64: 'SVCB',
    65: 'HTTPS',
    257: 'CAA',
    260: 'AMTRELAY',
  };
  for (const [type, name] of Object.entries(names))
    assert.equal(question(Number(type)), `7+ ${name}? . (17)`);
  assert.equal(question(4711), '7+ Type4711? . (17)');
  const badCookie = [0, ...be16(41), ...be16(512), 1, 0, 0, 0, ...be16(0)];
  const answer = [be16(7), be16(0x8187), be16(0), be16(0), be16(0), be16(1), badCookie];
  assert.equal(printed(datagram(answer)), '7 BadCookie [0q] 0/0/1 (23)');
});

test('names that point forwards, in circles, or are no names', () => {
  const query = (name: readonly number[]): string =>
    printed(datagram([be16(7), be16(0), be16(1), be16(0), be32(0), name, be16(1), be16(1)]));
  assert.equal(query([0xc0, 12]), '7 A? <BAD PTR> [|domain]');
  assert.equal(query([1, 0x61, 0xc0, 40]), '7 A? a.<BAD PTR> [|domain]');
  assert.equal(query([0x80, 0]), '7 [|domain]');
  assert.equal(query([3, 0x1b, 0x5b, 0x6d, 0]), '7 A? ^[[m. (21)');
});

test('DNS over TCP says what is wrong with its length', () => {
  const segment = (payload: Part): Uint8Array =>
    ip4(random, 6, [be16(40001), be16(53), be32(1), be32(2), 0x50, 0x18, be16(9), be32(0), bytes(payload)]);
  assert.match(printed(segment([0])), /length 1 \[DNS over TCP: length 1 < 2\] \(invalid\)$/);
  assert.match(
    printed(segment([be16(99), be32(0)])),
    /length 6 \[prefix length\(99\) != length\(4\)\] \(invalid\)$/,
  );
});

/** A time exceeded message with an extension of these objects. */
function extended(...objects: Part[]): string {
  const quoted = [...ip4(random, 99, Array<number>(8).fill(0))];
  while (quoted.length < 128) quoted.push(0);
  const extension = [...bytes([0x20, 0, 0, 0], objects)];
  extension.splice(2, 2, ...be16(internetChecksum(extension)));
  const message = [...bytes([11, 0, 0, 0, 0, 32, 0, 0], quoted, extension)];
  message.splice(2, 2, ...be16(internetChecksum(message)));
  const text = printed(ip4(random, 1, message), 1);
  const at = text.indexOf('\tICMP Multi-Part extension v2, checksum 0x');
  assert.ok(at > 0, text);
  return text.slice(text.indexOf('\n', at) + 1);
}

test('what ICMP errors carry: labels, interfaces', () => {
  assert.equal(
    extended([0, 8, 1, 1, 0x00, 0x3e, 0x8b, 0x40]),
    '\t  MPLS Stack Entry Object (1), Class-Type: 1, length 8\n\t    label 1000, tc 5, [S], ttl 64',
  );
  const address = [0, 1, 0, 0, 198, 51, 100, 7];
  const name = [8, ...Buffer.from('eth0\0\0\0')];
  assert.equal(
    extended([...be16(4 + 4 + 8 + 8 + 4), 2, 0x8f, ...be32(12), ...address, ...name, ...be32(1500)]),
    [
      '\t  Interface Information Object (2), Class-Type: 143, length 28',
      '\t    Interface Role: Outgoing IP Interface',
      '\t    Interface Index: 12',
      '\t    IP Address sub-object: 198.51.100.7',
      '\t    Interface Name, length 8: eth0',
      '\t    MTU: 1500',
    ].join('\n'),
  );
  assert.match(
    extended([...be16(4 + 3), 2, 2, 3, 0x61, 0x62, 0]),
    /Interface Name \[length 3 != N x 4\] \(invalid\)/,
  );
});

test('extended echo: what is asked, what is answered', () => {
  const object = [...be16(8), 3, 2, ...be32(5)];
  const structure = [0x20, 0, 0, 0, ...object];
  structure.splice(2, 2, ...be16(internetChecksum(structure)));
  const request = [42, 0, 0, 0, ...be16(7), 1, 1, ...structure];
  request.splice(2, 2, ...be16(internetChecksum(request)));
  assert.match(
    printed(ip4(random, 1, request), 1),
    /^ICMP extended echo request, id 7, seq 1, length 20\n\tLocal Interface, checksum 0x\w+ \(correct\), length 12\n\t {2}Interface Identification Object \(3\), Class-Type: 2, length 8\n\t {4}Interface Index: 5$/,
  );
  const reply = [43, 2, 0, 0, ...be16(7), 1, (2 << 5) | 6];
  reply.splice(2, 2, ...be16(internetChecksum(reply)));
  assert.equal(
    printed(ip4(random, 1, reply), 1),
    'ICMP extended echo reply, id 7, seq 1, length 8\n\tCode 2 (No Such Interface), State 2 (Reachable), active 1 ipv4 1 ipv6 0',
  );
});

test('mobility options', () => {
  const home = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];
  const options = [2, 2, 0, 5, 4, 4, 0, 1, 0, 2, 3, 16, ...home, 1, 0, 0, 9, 1, 7];
  const body = [...be16(77), 0x90, 0, ...be16(10), ...options];
  while ((body.length + 6) % 8 !== 0) body.push(0);
  const header = [59, (body.length + 6) / 8 - 1, 5, 0, 0, 0];
  assert.match(
    printed(ip6(random, 135, [header, body]), 1),
    /^mobility: BU seq#=77 AK lifetime=40\(refresh: 20\)\(ni: ho=0x0001 co=0x0002\)\(alt-CoA: 2001:db8::1\)\(padn\)\(pad1\)\(unknown: type-#9 len=1\)/,
  );
  assert.equal(
    printed(ip6(random, 135, [59, 0, 3, 0, 0, 0, 0, 0])),
    'mobility: HoT (header length 8 < 24) (invalid)',
  );
});

test('ERSPAN of all three types', () => {
  const frame = bytes([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], be16(0x9999), [1, 2]);
  const gre = (flags: number, type: number, rest: Part): string =>
    printed(ip4(random, 47, [be16(flags), be16(type), rest]), 1).split('\n\t')[1]!;
  const inner = '02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Unknown (0x9999), length 16: ';
  assert.equal(gre(0, 0x88be, frame), `erspan type1: ${inner}`);
  const second = be32((1 << 28) | (99 << 16) | (3 << 13) | (2 << 11) | (1 << 10) | 513);
  assert.equal(
    gre(0x1000, 0x88be, [be32(4), second, be32(77), frame]),
    `erspan type2 session 513 vlan 99 cos 3 truncated index 77: ${inner}`,
  );
  const third = be32(((2 << 28) | (1 << 11) | 5) >>> 0);
  assert.equal(
    gre(0x1000, 0x22eb, [be32(4), third, be32(0), be16(0), be16(1), be32(0), be32(0), frame]),
    `erspan type3 session 5 bso Short cos 0 ft Ethernet: ${inner}`,
  );
  assert.equal(
    gre(0x1000, 0x22eb, [be32(4), third, be32(0), be16(0), be16(2 << 10), frame]),
    'erspan type3 session 5 bso Short cos 0 ft IP: Frame type unknown',
  );
});

test('a total length that is zero or too large', () => {
  const zero = (protocol: number): string =>
    printPacket(ip4(random, protocol, Array<number>(20).fill(0), { length: 0 }), { noChecksums: false });
  assert.equal(zero(1), 'IP [total length 0 < header length 20] (invalid)');
  assert.match(zero(6), /^IP 10\..*\.0 > 192\.168\..*\.0: /);
});

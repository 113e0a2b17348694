// Texts of DNS in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

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

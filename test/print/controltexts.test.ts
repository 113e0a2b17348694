// Texts of 5.0 that the installed tcpdump 4.99 does not have: NTP's second era.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);

/** The text of a datagram to a port behind `: `. */
function datagram(port: number, verbose: number, ...payload: Part[]): string {
  const body = bytes(...payload);
  const packet = ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose }).replace(/^.*?: /s, '');
}

test('NTP counts its seconds anew from 2036', () => {
  const stamps = [0x80000000, 0x7fffffff, 1, 0].map((seconds) => be32(seconds).concat(be32(0x80000000)));
  const text = datagram(123, 1, 0x23, 2, 6, 0xec, be32(0), be32(0), be32(0xc0000201), stamps);
  assert.match(text, /Reference Timestamp: {2}2147483648\.500000000 \(1968-01-20T03:14:08Z\)\n/);
  assert.match(text, /Originator Timestamp: 2147483647\.500000000 \(2104-02-26T09:42:23Z\)\n/);
  assert.match(text, /Receive Timestamp: {4}1\.500000000 \(2036-02-07T06:28:17Z\)\n/);
  assert.match(text, /Transmit Timestamp: {3}0\.500000000\n/);
});

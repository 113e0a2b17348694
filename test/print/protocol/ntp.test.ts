// Texts of NTP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram to a port behind `: `, with names of objects if wanted. */
function datagram(port: number, verbose: number, payload: Part, numeric = true): string {
  const body = bytes(payload);
  const packet = ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose, numeric }).replace(/^.*?: /s, '');
}

test('NTP counts its seconds anew from 2036', () => {
  const stamps = [0x80000000, 0x7fffffff, 1, 0].map((seconds) => be32(seconds).concat(be32(0x80000000)));
  const text = datagram(123, 1, [0x23, 2, 6, 0xec, be32(0), be32(0), be32(0xc0000201), stamps]);
  assert.match(text, /Reference Timestamp: {2}2147483648\.500000000 \(1968-01-20T03:14:08Z\)\n/);
  assert.match(text, /Origin Timestamp: {5}2147483647\.500000000 \(2104-02-26T09:42:23Z\)\n/);
  assert.match(text, /Receive Timestamp: {4}1\.500000000 \(2036-02-07T06:28:17Z\)\n/);
  assert.match(text, /Transmit Timestamp: {3}0\.500000000\n/);
});

/** A client's message of NTP version 4 in stratum 0 with this reference. */
function ntp(verbose: number, reference: Part, ...more: Part[]): string {
  return datagram(123, verbose, [
    0xe3,
    0,
    6,
    0xe8,
    be32(0),
    be32(2),
    reference,
    Array<number>(32).fill(0),
    more,
  ]);
}

test('NTP: kiss codes, extension fields and authentication codes', () => {
  assert.match(ntp(1, 'INIT'), /, Reference-ID: INIT\n/);
  assert.match(ntp(1, ['ACK', 0]), /, Reference-ID: ACK\^@\n/);
  assert.match(ntp(1, be32(0)), /, Reference-ID: \(unspec\)\n/);
  assert.match(ntp(1, be32(0), be32(7)), /\n\tKey id: 7$/);
  const cookie = [be16(0x0204), be16(28), Array<number>(24).fill(0xab)];
  assert.match(
    ntp(1, be32(0), cookie, be32(7), Array<number>(16).fill(1)),
    /\n\tExtension field: NTS Cookie \(0x0204\), length 28\n\tKey id: 7\n\tAuthentication: (01){16}$/,
  );
  assert.match(ntp(3, be32(0), cookie), /\(0x0204\), length 28\n\t {2}0x0000: {2}abab abab/);
  assert.match(ntp(1, be32(0), [1, 2, 3]), /\n\t\(3 more bytes after the header and extension fields\)$/);
  assert.match(datagram(123, 1, [0xe0, Array<number>(9).fill(0)]), /\(192\) \[length 10 < 48\] \(invalid\)$/);
  assert.match(datagram(123, 1, [0xe6, Array<number>(6).fill(0)]), /\(192\) \[length 7 < 12\] \(invalid\)$/);
});

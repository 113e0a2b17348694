// Texts of IPv4 in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ip4, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

test('a total length that is zero or too large', () => {
  const zero = (protocol: number): string =>
    printPacket(ip4(random, protocol, Array<number>(20).fill(0), { length: 0 }), { noChecksums: false });
  assert.equal(zero(1), 'IP [total length 0 < header length 20] (invalid)');
  assert.match(zero(6), /^IP 10\..*\.0 > 192\.168\..*\.0: /);
});

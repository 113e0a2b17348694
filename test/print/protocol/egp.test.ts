// Texts of EGP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

test('EGP: lengths, versions and what -v adds', () => {
  const egp = (verbose: number, ...parts: Part[]): string =>
    printPacket(ip4(random, 8, bytes(...parts)), { verbose }).replace(/^.*: EGP/s, 'EGP');
  const hello: Part[] = [[2, 5, 0, 1], be16(0), be16(7), be16(9), be16(0), be32(0)];
  assert.equal(egp(0, ...hello), 'EGPv2, length 16');
  assert.equal(egp(1, ...hello), 'EGPv2, AS 7, seq 9, length 16, reach hello state:up');
  assert.equal(egp(0, [2, 5]), 'EGP [length 2 < 16] (invalid)');
  assert.equal(egp(0, [3, 5], Array<number>(14).fill(0)), 'EGP [version 3 != 2] (invalid)');
});

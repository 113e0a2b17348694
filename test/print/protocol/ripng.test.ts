// Texts of RIPng in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram behind its ports. */
function datagram(source: number, destination: number, verbose: number, ...payload: Part[]): string {
  const data = bytes(...payload);
  const packet = ip4(random, 17, [be16(source), be16(destination), be16(8 + data.length), be16(0), data]);
  return printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');
}

test('RIPng: a wrong version', () => {
  assert.equal(datagram(521, 521, 0, [1, 2, 0, 0]), 'ripng [version 2, must be 1] (invalid)');
});

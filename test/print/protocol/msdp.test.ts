// Texts of MSDP in 5.0 that the installed tcpdump 4.99 does not have, and the packets behind lists of sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a segment behind its length. */
function segment(verbose: number, ...payload: Part[]): string {
  const header = [be16(639), be16(40001), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const packet = ip4(random, 6, [header, bytes(...payload)]);
  return printPacket(packet, { verbose }).replace(/^.*?, length \d+: /s, '');
}

const ENTRY = [0, 0, 0, 32, 225, 1, 2, 3, 192, 0, 2, 9];
const INNER = bytes(
  [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0],
  [10, 0, 0, 1, 10, 0, 0, 2],
  [0, 9, 0, 9, 0, 8, 0, 0],
);

test('lists of sources and the packet behind them', () => {
  const list = [1, be16(8 + 12 + INNER.length), 1, [192, 0, 2, 1], ENTRY, INNER];
  assert.equal(segment(0, list), 'msdp SA 1 entries [w/data]');
  assert.match(
    segment(2, list),
    /^msdp \[len 48\] SA 1 entries \[w\/data\] IP \(tos 0x0, .*\n {4}10\.0\.0\.1\.9 > 10\.0\.0\.2\.9: /s,
  );
  assert.equal(segment(0, [1, be16(20), 1, [192, 0, 2, 1], ENTRY]), 'msdp SA 1 entries');
});

test('what is wrong with a message', () => {
  assert.equal(segment(0, [1, be16(20), 2, [192, 0, 2, 1], ENTRY]), 'msdp SA 2 entries [|msdp]');
  assert.equal(segment(0, [4, be16(2)]), 'msdp [len 2 < 3] (invalid)');
  assert.equal(segment(0, [4, be16(1501)]), 'msdp [len 1501 > 1500] (invalid)');
  assert.equal(segment(0, [0, be16(3)]), 'msdp [type 0 == 0] (invalid)');
  assert.equal(segment(0, [8, be16(3)]), 'msdp [type 8 > 7] (invalid)');
  assert.equal(segment(0, [4, be16(3), 4]), 'msdp Keepalive [length 1 < 3] (invalid)');
});

// Texts of MSDP's messages in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a TCP segment's payload behind its length. */
function segment(port: number, verbose: number, payload: Part): string {
  const header = [be16(port), be16(40001), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const text = printPacket(ip4(random, 6, [header, bytes(payload)]), { verbose });
  return text.replace(/^.*?length \d+(?=\n\t|: msdp|, RPKI)/s, '');
}

test('MSDP', () => {
  const inner = ip4(random, 255, 'data', { source: [192, 0, 2, 1], destination: [233, 252, 0, 1] });
  const active = bytes(1, be16(20 + inner.length), 1, [192, 0, 2, 9], Array<number>(12).fill(0), inner);
  assert.equal(segment(639, 0, active), ': msdp SA 1 entries [w/data]');
  assert.match(
    segment(639, 2, active),
    /^: msdp \[len 44\] SA 1 entries \[w\/data\] IP \(tos .*\)\n {4}192\.0\.2\.1 > 233\.252\.0\.1: {2}ip-proto-255 4$/,
  );
  assert.equal(segment(639, 0, [1, be16(7), 0, be32(0)]), ': msdp SA 0 entries [len 7 < 8] (invalid)');
  assert.equal(segment(639, 0, [4, be16(3), 4, be16(2)]), ': msdp Keepalive [len 2 < 3] (invalid)');
  assert.equal(segment(639, 0, [4, be16(3), 4]), ': msdp Keepalive [length 1 < 3] (invalid)');
  assert.equal(segment(639, 0, [4, be16(9)]), ': msdp [length 3 < 9] (invalid)');
  assert.equal(segment(639, 0, [0, be16(3)]), ': msdp [type 0 == 0] (invalid)');
});

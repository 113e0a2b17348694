// Texts of pf’s log in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const packet = ip4(random, 253, 'abcd', { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] });

/** Bytes of a field of `size`, zeros behind the text. */
const field = (text: string, size: number): Part => [text, Array<number>(size - text.length).fill(0)];

/** The text of a packet that pf logged. */
function pflog(size: number, action: number, reason: number, rules = ''): string {
  const subrule = be32(rules === '' ? 0xffffffff : 7);
  const header = bytes(
    [size, 2, action, reason],
    field('em0', 16),
    field(rules, 16),
    be32(5),
    subrule,
    field('', 16),
    1,
  );
  return printPacket(bytes(header, field('', 3), packet), { linkHeader: true }, 117);
}

test('pf’s log', () => {
  const rest = '10.0.0.1 > 10.0.0.2:  ip-proto-253 4';
  assert.equal(pflog(61, 3, 3), `rule 5/3(short): noscrub in on em0: ${rest}`);
  assert.equal(pflog(64, 1, 4), `rule 5/4(normalize): block in on em0: ${rest}`);
  assert.equal(pflog(61, 10, 14, 'a\x1b'), `rule 5.a^[.7/14(synproxy): synproxy-drop in on em0: ${rest}`);
  assert.equal(pflog(61, 11, 15), `rule 5/unkn(15): unkn(11) in on em0: ${rest}`);
  assert.equal(pflog(60, 0, 0), '[pflog: invalid header length!]');
});

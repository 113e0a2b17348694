// Texts of ERSPAN in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

/** The text of a raw IP packet, without what the IP header says. */
const printed = (packet: Uint8Array, verbose = 0): string =>
  printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');

const random = new Random(1);

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

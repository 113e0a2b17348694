// Texts of ICMPv6 in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, ip6, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const SOURCE = [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];

const DESTINATION = [...SOURCE.slice(0, 15), 2];

const ADDRESSES = { source: SOURCE, destination: DESTINATION, hopLimit: 64 };

const six = (next: number, payload: Part, length?: number): Uint8Array =>
  ip6(random, next, payload, length === undefined ? ADDRESSES : { ...ADDRESSES, length });

test('ICMPv6: the bytes of a nonce', () => {
  const option = [14, 1, [0x2a, 0xdb, 0xd6, 0xb9, 0x1c, 0x40]];
  const text = printPacket(six(58, [135, 0, be16(0), be32(0), SOURCE, option]), { verbose: 1 });
  assert.match(text, /\n\t {2}nonce option \(14\), length 8 \(1\): 2a db d6 b9 1c 40$/);
});

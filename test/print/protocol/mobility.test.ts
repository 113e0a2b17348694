// Texts of Mobile IPv6 in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, ip6, Random } from '../generator.js';
import { printPacket } from '../run.js';

/** The text of a raw IP packet, without what the IP header says. */
const printed = (packet: Uint8Array, verbose = 0): string =>
  printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');

const random = new Random(1);

test('mobility options', () => {
  const home = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];
  const options = [2, 2, 0, 5, 4, 4, 0, 1, 0, 2, 3, 16, ...home, 1, 0, 0, 9, 1, 7];
  const body = [...be16(77), 0x90, 0, ...be16(10), ...options];
  while ((body.length + 6) % 8 !== 0) body.push(0);
  const header = [59, (body.length + 6) / 8 - 1, 5, 0, 0, 0];
  assert.match(
    printed(ip6(random, 135, [header, body]), 1),
    /^mobility: BU seq#=77 AK lifetime=40\(refresh: 20\)\(ni: ho=0x0001 co=0x0002\)\(alt-CoA: 2001:db8::1\)\(padn\)\(pad1\)\(unknown: type-#9 len=1\)/,
  );
  assert.equal(
    printed(ip6(random, 135, [59, 0, 3, 0, 0, 0, 0, 0])),
    'mobility: HoT (header length 8 < 24) (invalid)',
  );
});

// Texts of Kerberos and the lightweight resolver in tcpdump 5.0 that the installed 4.99 does not have.

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

test('Kerberos is named; the lightweight resolver’s other versions want all their bytes', () => {
  assert.equal(datagram(88, 0, [0x6a, 0x81]), 'kerberos v5');
  assert.equal(datagram(88, 0, [4, 6, 4, 'me\0', 1, 2]), 'kerberos v4 be APPL_REQUEST: v4 me (1) (2)');
  assert.equal(datagram(88, 0, [9]), 'kerberos');
  const header = [be16(1), be16(0), Array<number>(20).fill(0)];
  assert.equal(datagram(921, 0, [be32(28), header]), ' lwres v1');
  assert.equal(datagram(921, 0, [be32(29), header]), ' lwres v1 [|lwres]');
});

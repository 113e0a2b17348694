// Texts of Broadcom's lawful interception in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram behind its ports. */
function datagram(source: number, destination: number, verbose: number, ...payload: Part[]): string {
  const data = bytes(...payload);
  const packet = ip4(random, 17, [be16(source), be16(destination), be16(8 + data.length), be16(0), data]);
  return printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');
}

test('Broadcom’s lawful interception, and what its port is not taken for', () => {
  const inner = ip4(random, 59, [], { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] });
  const shim = be32(((2 << 29) | (5 << 25) | (3 << 22) | 4711) >>> 0);
  const text = 'BCM-LI-SHIM: direction egress, pkt-type ipv4, pkt-subtype untagged, li-id 4711';
  assert.equal(datagram(49152, 9, 0, shim, inner), text);
  assert.match(
    datagram(49152, 9, 1, shim, inner),
    new RegExp(`^\n {4}${text}\n {4}IP .*no next header$`, 's'),
  );
  assert.equal(datagram(49152, 9, 0, [1]), ' (length 1 < 4) (invalid)');
  assert.equal(datagram(9, 49152, 0, shim), 'UDP, length 4');
  assert.equal(datagram(49152, 53, 0, shim), 'domain [length 4 < 12] (invalid)');
});

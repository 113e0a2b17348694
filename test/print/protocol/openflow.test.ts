// Texts of OpenFlow that the installed tcpdump 4.99 does not have, and what hostile messages do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ethernet, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of an OpenFlow message behind its first line. */
function openflow(verbose: number, version: number, type: number, ...parts: Part[]): string {
  const body = bytes(...parts);
  const header = [be16(6653), be16(40001), random.bytes(8), 0x50, 0x18, be16(0), be32(0)];
  const message = [version, type, be16(body.length + 8), be32(7), body];
  return printPacket(ip4(random, 6, [header, message]), { verbose }).replace(/^.*: OpenFlow\n/s, '');
}

test('a length of an OpenFlow action that is too large', () => {
  const start = [be32(0xffffffff), be16(1), be16(8)];
  const text = openflow(1, 1, 13, start, be16(0), be16(16), be32(0));
  assert.equal(
    text,
    '\tversion 1.0, type PACKET_OUT, length 24, xid 0x00000007\n' +
      '\t buffer_id 0xffffffff, in_port 1, actions_len 8\n' +
      '\t action type OUTPUT, len 16 [alen 16 > 8] (invalid)',
  );
});

test('a port of an OpenFlow switch that is cut off', () => {
  const text = openflow(1, 1, 6, be32(0), be32(1), be32(0), [1, 0, 0, 0], be32(0), be32(0), [0]);
  assert.match(text, /\n\t actions 0x00000000 \[\n\t {2}port def\. length 1 < 48\] \(invalid\)$/);
});

test('a frame in an OpenFlow message prints with three -v less', () => {
  const frame = ethernet(random, 0x0800, ip4(random, 17, [be16(1), be16(40001), be16(8), be16(0)]));
  const packetIn = [be32(0xffffffff), be16(42), be16(1), 0, 0, frame];
  assert.match(
    openflow(3, 1, 10, packetIn),
    /buffer_id NONE, total_len 42, in_port 1, reason NO_MATCH\n\t data \(42 octets\), frame decoding below\nIP 10\S+ > \S+: UDP, length 0$/,
  );
});

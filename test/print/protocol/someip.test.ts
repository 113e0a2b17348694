// Texts of SOME/IP and VTP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const ETHERNET = 1;

/** The text of a UDP datagram behind its ports. */
function udp(port: number, payload: Part, options: Partial<PrintOptions> = {}, fromPort = false): string {
  const body = bytes(payload);
  const ports = fromPort ? [be16(port), be16(40001)] : [be16(40001), be16(port)];
  const packet = ip4(random, 17, [ports, be16(body.length + 8), be16(0), body]);
  return printPacket(packet, options).replace(/^.*?\.\d+: (\[no cksum\] )?/s, '');
}

/** The text of an Ethernet frame of a type. */
function frame(type: number, payload: Part, options: Partial<PrintOptions> = {}): string {
  const packet = bytes([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], be16(type), payload);
  return printPacket(packet, options, ETHERNET);
}

test('SOME/IP and VTP say which lengths are wrong', () => {
  assert.equal(udp(30490, [1, 2, 3]), 'SOMEIP [length 3 < 16] (invalid)');
  const snap = [0xaa, 0xaa, 3, 0, 0, 12, be16(0x2003)];
  assert.equal(frame(12, [snap, 1, 2, 3, 4]), 'VTP [length 4 < 36] (invalid)');
  const vtp = (version: number) => [snap, version, 1, 0, 1, 'a', Array<number>(63).fill(0)];
  assert.equal(frame(76, vtp(0)), 'VTP [version 0 < 1] (invalid)');
  assert.equal(frame(76, vtp(4)), 'VTP [version 4 > 3] (invalid)');
});

// Texts of ZEP and AODV in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a UDP datagram behind its ports. */
function udp(port: number, payload: Part, options: Partial<PrintOptions> = {}, fromPort = false): string {
  const body = bytes(payload);
  const ports = fromPort ? [be16(port), be16(40001)] : [be16(40001), be16(port)];
  const packet = ip4(random, 17, [ports, be16(body.length + 8), be16(0), body]);
  return printPacket(packet, options).replace(/^.*?\.\d+: (\[no cksum\] )?/s, '');
}

test('ZEP has the time stamps of NTP, AODV says what is too short', () => {
  const zep = [
    'EX',
    2,
    1,
    11,
    be16(7),
    0,
    9,
    be32(3832540832),
    be32(0x80000000),
    be32(5),
    Array(10).fill(0),
    0,
  ];
  assert.equal(
    udp(17754, zep as Part),
    'ZEPv2 Type 1, Channel ID 11, Device ID 0x0007, LQI 9, 3832540832.500000000 (2021-06-13T02:40:32Z)' +
      ', seq# = 5, inner len = 0',
  );
  assert.equal(udp(654, [1, 0]), ' aodv rreq [message length 2 < 24] (invalid)');
  assert.equal(
    udp(654, [3, 0x80, 0, 1, 1]),
    ' aodv rerr [D] [items 1] [5]: [remaining length 1 < 8] (invalid)',
  );
});

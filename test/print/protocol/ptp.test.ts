// Texts of PTP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

const ETHERNET = 1;

/** The text of an Ethernet frame of a type. */
function frame(type: number, payload: Part, options: Partial<PrintOptions> = {}): string {
  const packet = bytes([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], be16(type), payload);
  return printPacket(packet, options, ETHERNET);
}

/** A PTP message of version 2.1. */
const ptp = (type: number, control: number, body: Part): Part => [
  [0x10 | type, 0x12, be16(44), 5, 0, be16(0x0200)],
  [0, 0, 0, 0, 0, 7, 0, 8, be32(9), be32(0xa), be32(0xb), be16(3), be16(4), control, 1],
  body,
];

const PTP =
  ', length: 44, domain: 5, reserved1: 0, Flags [two step], NS correction: 7, sub NS correction: 8, reserved2: 9' +
  ', clock identity: 0xa0000000b, port id: 3, seq id: 4, control: ';

test('PTP has two parts of a version, and fields of management', () => {
  const stamp: Part = [be16(0), be32(1582303626), be32(67062623)];
  assert.equal(
    frame(0x88f7, ptp(0, 0, stamp)),
    `PTPv2.1, majorSdoId: 0x1, msg type: sync msg${PTP}0 (Sync), log message interval: 1` +
      ', originTimeStamp: 1582303626.067062623 seconds',
  );
  const port: Part = [be32(0), be32(0xc), be16(2)];
  assert.equal(
    frame(0x88f7, ptp(13, 4, [port, 1, 2, 0x13, 4])),
    `PTPv2.1, majorSdoId: 0x1, msg type: management msg${PTP}4 (Management), log message interval: 1` +
      ', port identity: 0xc, port id: 2, start boundary hops: 1, boundary hops: 2, flags: 0x13, reserved: 0x4',
  );
  assert.equal(frame(0x88f7, [0, 3, Array<number>(32).fill(0)]), 'PTPv3 (unsupported)');
  assert.equal(frame(0x88f7, [0, 1, Array<number>(32).fill(0)]), 'PTPv1 (not implemented)');
  assert.equal(frame(0x88f7, [0, 2]), 'PTP [length 2 < 34] (invalid)');
});

// Texts of Frame Relay that the installed tcpdump 4.99 does not have, and what hostile frames do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkType } from '../../../src/packet/index.js';
import { bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

const CONTROL = 'FRF.16 Control, Flags [Begin, End, Control], ';

/** The text of a control frame of a bundle. */
function control(verbose: number, ...elements: Part[]): string {
  const text = printPacket(bytes([0xe1, 0, 4], elements), { verbose }, LinkType.MFR);
  return text.replace(/^FRF.*?length \d+/, '');
}

test('a time stamp of a bundle that is too long', () => {
  const stamp = [5, 17, Array<number>(15).fill(0xab)];
  const heading = '\n\tIE Timestamp (5), length 17: [Timestamp IE length 15 > 14] (invalid)';
  const dump = '\n\t  0x0000:  abab abab abab abab abab abab abab ab';
  assert.equal(control(1, stamp), heading);
  assert.equal(control(2, stamp), heading + dump);
});

test('a time stamp of a bundle is in a format of its sender', () => {
  const stamp = [5, 10, Array<number>(8).fill(0xab)];
  assert.equal(control(1, stamp), '\n\tIE Timestamp (5), length 10: \n\t  0x0000:  abab abab abab abab');
});

test('a name of a bundle in control characters', () => {
  assert.equal(control(1, [1, 6, 0x1b, 0x41, 0x9b, 0]), '\n\tIE Bundle ID (1), length 6: ^[AM-^[');
});

test('a bundle of 64 KiB of elements of no length', () => {
  const text = printPacket(bytes([0xe1, 0, 1], Array<number>(65000).fill(5)), { verbose: 3 }, LinkType.MFR);
  assert.ok(text.startsWith(CONTROL));
  assert.ok(text.length < 2_000_000);
  assert.equal(control(1, Array<number>(65000).fill(2)), '\n\tIE Link ID (2), length 2: ');
});

test('signalling of shifts alone', () => {
  const frame = bytes([0, 1, 3, 8, 0, 0x7d], Array<number>(65000).fill(0x9d));
  const text = printPacket(frame, {}, LinkType.FRELAY);
  assert.equal(text, 'Q.933, CCITT, codeset 5, Status Reply, length 65002');
});

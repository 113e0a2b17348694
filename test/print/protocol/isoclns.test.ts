// Texts of the OSI network layer in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes } from '../generator.js';
import { printPacket } from '../run.js';

test('OSI in PPP in OSI ends', () => {
  const PPP = 9;
  const nested = bytes([0xff, 3], ...Array.from({ length: 20_000 }, () => [0, 0x23, 0xcf]));
  assert.match(printPacket(nested, { verbose: 1 }, PPP), /\[nesting too deep\] \(invalid\)$/);
  const quoted = [0x81, 11, 1, 0, 1, 0, 0, 0, 0, 0, 0];
  const errors = bytes([0xff, 3, 0, 0x23], ...Array.from({ length: 5_000 }, () => quoted));
  assert.ok(printPacket(errors, { verbose: 1 }, PPP).length < 20_000);
});

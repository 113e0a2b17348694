// Texts of AppleTalk in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

test('LocalTalk', () => {
  const frame = (...parts: Part[]): string => printPacket(bytes(...parts), {}, 114);
  assert.equal(frame(1, 2), ' [LLAP length 2 < 3] (invalid)');
  assert.equal(frame(1, 2, 1, [0, 5, 4]), ' [SDDP length 3 < 5] (invalid)');
  assert.equal(frame(1, 2, 2, [0, 13, 0, 0]), ' [DDP length 4 < 13] (invalid)');
  assert.equal(frame(1, 2, 1, [0, 5, 4, 1, 4]), '0.2.1 > 0.1.4: at-echo 0');
});

// Texts of per-packet information in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, le16, le32 } from '../generator.js';
import { printPacket } from '../run.js';

const LinkType = { RAW_IP: 101, WIFI: 105, PPI: 192, BROADCOM: 281 } as const;

test('a link type for private use within PPI has a name', () => {
  const packet = bytes([0, 0], le16(8), le32(147), [1, 2]);
  assert.match(printPacket(packet, {}, LinkType.PPI), /^V\.0 DLT USER0 \(147\) len 8, length 10: /);
  assert.match(printPacket(packet, { quiet: true }, LinkType.PPI), /^USER0, length 10: /);
});

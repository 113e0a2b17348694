// Texts of switches' tags in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, bytes } from '../generator.js';
import { printPacket } from '../run.js';

const LinkType = { RAW_IP: 101, WIFI: 105, PPI: 192, BROADCOM: 281 } as const;

test('Broadcom’s tag: class, ports and reasons', () => {
  const tagged = (...tag: number[]): string =>
    printPacket(bytes(Array<number>(12).fill(2), tag, be16(0x88b5)), {}, LinkType.BROADCOM);
  assert.match(tagged(0x2c, 0, 0, 0x80), /^BRCM tag OP: IG, TC: 3, TE: None, TS: 0, DST map: \[port 7\], /);
  assert.match(tagged(0x20, 0x82, 1, 1), /TC: 0, TE: Header, TS: 1, DST map: \[port 0, port 8\], /);
  assert.match(tagged(0, 5, 0x20, 0x61), /^BRCM tag OP: EG, CID: 5, RC: \[exception\], TC: 3, port: 1, /);
});

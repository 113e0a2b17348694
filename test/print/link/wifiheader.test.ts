// Texts of 802.11 headers in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be32, bytes, ip4, le16, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const LinkType = { RAW_IP: 101, WIFI: 105, PPI: 192, BROADCOM: 281 } as const;

test('802.11: HT Control ends the header of management frames and of data with quality of service', () => {
  const wifi = (changed: object, ...parts: Part[]): string =>
    printPacket(bytes(...parts), changed, LinkType.WIFI);
  const six = (n: number): number[] => Array<number>(6).fill(n);
  const probe: Part[] = [
    [0x40, 0x80],
    le16(0),
    six(1),
    six(2),
    six(3),
    le16(0),
    be32(0xcaabd6f6),
    [0, 2, 'hi'],
  ];
  assert.equal(wifi({}, ...probe), 'Probe Request (hi)');
  assert.match(wifi({ linkHeader: true, verbose: 1 }, ...probe), /^\+HTC 0us BSSID:03/);
  const data: Part[] = [[0x88, 0x80], le16(0), six(1), six(2), six(3), le16(0), le16(0), be32(7)];
  assert.match(wifi({}, ...data, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ip4(random, 59, [])), /no next header$/);
});

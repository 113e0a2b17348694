// Texts of IPv6 in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, ip6, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const SOURCE = [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];

const DESTINATION = [...SOURCE.slice(0, 15), 2];

const ADDRESSES = { source: SOURCE, destination: DESTINATION, hopLimit: 64 };

const LinkType = { RAW_IP: 101, WIFI: 105, PPI: 192, BROADCOM: 281 } as const;

const six = (next: number, payload: Part, length?: number): Uint8Array =>
  ip6(random, next, payload, length === undefined ? ADDRESSES : { ...ADDRESSES, length });

test('IPv6: a cut header, no next header, a fragment without length, a segment not yet segmented', () => {
  const cut = six(0, Array<number>(20).fill(0)).subarray(0, 39);
  const header = '(hlim 64, next-header HBH (0), payload length 20) ';
  assert.equal(printPacket(cut, { verbose: 1 }, LinkType.RAW_IP, 60), `IP6 ${header} [|ip6]`);
  assert.equal(printPacket(cut, {}, LinkType.RAW_IP, 60), 'IP6  [|ip6]');
  const none = six(59, []);
  const ends = '2001:db8::1 > 2001:db8::2: ';
  assert.equal(
    printPacket(none, { verbose: 1 }),
    `IP6 (hlim 64, next-header No Next Header (59), payload length 0) ${ends}no next header`,
  );
  const fragment = six(44, [17, 0, be16(1280), be32(1), [1, 2, 3, 4]], 0);
  assert.equal(printPacket(fragment), `IP6 ${ends}frag (1280|[length < 0] (invalid))`);
  const tcp = [be16(1000), be16(2000), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const big = six(6, [tcp, Array<number>(70000).fill(0)], 0);
  const text = 'Flags [P], seq 1:70001, win 9, length 70000';
  assert.equal(printPacket(big), `IP6 2001:db8::1.1000 > 2001:db8::2.2000: ${text}`);
  assert.match(
    printPacket(big, { verbose: 1 }),
    /payload length 0\) \[real length 70060, presumed BIG TCP\] 2001:/,
  );
});

// Texts of CDP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, ethernet, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const cdp = (verbose: number, ...tlvs: Part[]): string => {
  const frame = ethernet(random, 0, [0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2, 180, 0, 0, tlvs]);
  return printPacket(frame, { verbose }, 1);
};

test('CDP: power available, gaps among the types, no dumps without -v', () => {
  const power = [0, 26, 0, 20, 0, 1, 0, 2, be32(15000), be32(4294967295), be32(3)];
  assert.equal(
    cdp(1, power),
    'CDPv2, ttl: 180s, checksum: 0x0000 (unverified), length 24\n' +
      '\tPower available (0x001a), value length: 16 bytes: reqid 1, mgmtid 2, pwravail 15000 mW 4294967295 mW 3 mW',
  );
  assert.equal(cdp(0, power, [0, 1, be16(6), 'S1']), "CDPv2, ttl: 180s, Device-ID 'S1', length 30");
  assert.equal(cdp(0, [0, 26, 0, 8, be32(0)]), 'CDPv2, ttl: 180s (malformed TLV), length 12');
  const unknown = cdp(1, [0, 25, 0, 6, 1, 2], [0, 27, 0, 6, 1, 2]).split('\n');
  assert.deepEqual(unknown.slice(1), [
    '\tunknown field type (0x0019), value length: 2 bytes: ',
    '\tunknown field type (0x001b), value length: 2 bytes: ',
    '\t  0x0000:  0102',
  ]);
});

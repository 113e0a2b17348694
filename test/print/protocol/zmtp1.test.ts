// Texts of ZMTP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a TCP segment's payload. */
function tcp(payload: Part, options: Partial<PrintOptions>): string {
  const header = [be16(40001), be16(40002), be32(1), be32(1), 0x50, 0x18, be16(99), be16(0), be16(0)];
  return printPacket(ip4(random, 6, [header, payload]), options).replace(/^.*?, length \d+(?=: ZMTP)/s, '');
}

test('ZMTP names the bits of its flags, and ends no frame with an empty line', () => {
  const zmtp = { packetType: 'zmtp1' };
  assert.equal(
    tcp([3, 1, 'ab', 1, 0], zmtp),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 3, flags 0x01\n\t frame flags+body  (8-bit) length 1, flags 0x00',
  );
  assert.equal(
    tcp([3, 0x83, 'ab', 1, 0], { ...zmtp, verbose: 1 }),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 3, flags 0x83 (MORE, R1, R7), first 2 byte(s) of body:' +
      `\n\t 0x0000:  6162${' '.repeat(37)}ab` +
      '\n\t frame flags+body  (8-bit) length 1, flags 0x00 (none)',
  );
  assert.equal(
    tcp([0, 0xff, be32(0), be32(2), 0, 'a'], zmtp),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 0\n\t frame flags+body (64-bit) length 2, flags 0x00',
  );
  assert.equal(
    tcp([0xff, be32(0xffffffff), be32(0xfffffff7), 1, 'a'], zmtp),
    ': ZMTP/1.0\n\t frame flags+body (64-bit) length 18446744073709551607 (2 captured), flags 0x01 [|zmtp1]',
  );
});

/** The text of a ZMTP datagram behind the header of PGM. */
function pgm(payload: Part): string {
  const body = bytes(payload);
  const header = [be16(40001), be16(40002), 4, 0, be16(0), [0, 0, 0, 0, 0, 9], be16(body.length)];
  const packet = ip4(random, 113, [header, be32(7), be32(3), body]);
  const text = printPacket(packet, { packetType: 'pgm_zmtp1', verbose: 1 });
  const length = 24 + body.length;
  return text.replace(/^.*PGM, /s, '').replace(` 0x000000000009 ODATA trail 3 seq 7 [${length}]`, '');
}

test('ZMTP in datagrams says where messages begin', () => {
  const dump = `\n\t 0x0000:  6162${' '.repeat(37)}ab`;
  assert.equal(
    pgm([be16(2), 'ab', 1, 0]),
    `length 6\n\t frame offset 0x0002\n\t frame intermediate part, 2 bytes, first 2 byte(s):${dump}` +
      '\n\t frame flags+body  (8-bit) length 1, flags 0x00 (none)',
  );
  assert.equal(
    pgm([be16(0xffff), 'ab']),
    `length 4\n\t frame offset 0xffff\n\t frame intermediate part, 2 bytes, first 2 byte(s):${dump}`,
  );
  assert.equal(
    pgm([be16(9), 'ab']),
    'length 4\n\t frame offset 0x0009 (exceeds datagram declared length) [|zmtp1]',
  );
});

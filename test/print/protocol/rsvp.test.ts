// Texts of RSVP in 5.0 that the installed tcpdump 4.99 does not have, and what a random packet hardly meets.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { general } from '../../../src/print/float.js';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const RSVP = 46;

function message(...objects: Part[]): Uint8Array {
  const body = bytes(...objects);
  return bytes([0x10, 20], be16(0xabcd), [64, 0], be16(body.length + 8), body);
}

function object(number: number, type: number, ...value: Part[]): Uint8Array {
  const body = bytes(...value);
  return bytes(be16(body.length + 4), number, type, body);
}

/** The text of a message behind the head of its first object. */
function behind(payload: Uint8Array, options: Partial<PrintOptions> = {}): string {
  const text = printPacket(ip4(random, RSVP, payload), { verbose: 1, ...options });
  return text.replace(/^.*?Class-Type: [^\n]*?, length: \d+/s, '');
}

test('the capability object', () => {
  assert.equal(
    behind(message(object(134, 1, be32(5)))),
    '\n\t    Flags: [RecoveryPath Transmit Enabled, RecoveryPath Srefresh Capable]',
  );
  assert.equal(
    behind(message(object(134, 1, be32(0x80000000)))),
    '\n\t    [reserved=0x80000000 must be zero]\n\t    Flags: [none]',
  );
});

test('services whose lengths do not fit', () => {
  const version = be32(0);
  assert.equal(
    behind(message(object(12, 2, version, [5, 0], be16(1)))),
    '\n\t    Msg-Version: 0, length: 0' +
      '\n\t    Service Type: Controlled Load (5), break bit not set, Service length: 4 [obj_tlen 0 < 4] (invalid)',
  );
  assert.equal(
    behind(message(object(12, 2, version, [5, 0], be16(1), [4, 0], be16(2)))),
    '\n\t    Msg-Version: 0, length: 0' +
      '\n\t    Service Type: Controlled Load (5), break bit not set, Service length: 4' +
      '\n\t      Parameter ID: IS hop cnt (4), length: 8, Flags: [0x00] [obj_tlen 4 < 12] (invalid)' +
      '\n\t    Service Type: unknown (4), break bit not set, Service length: 8 [obj_tlen 0 < 4] (invalid)',
  );
});

test('a part of the user interface that is too short', () => {
  assert.equal(
    behind(message(object(229, 1, be16(6), [9, 1], be16(0), be16(0)))),
    '\n\t    Subobject Type: Unknown (9), AF: IPv4 (1), length: 6 [total_subobj_len 2 < 4] (invalid)',
  );
});

test('digests under -M', () => {
  const secret = 'key';
  const unsigned = message(object(4, 1, [0x80, 0], Array<number>(14).fill(1), Array<number>(16).fill(0)));
  const cleared = Uint8Array.from(unsigned);
  cleared.set([0, 0], 2);
  const digest = createHmac('md5', secret).update(cleared).digest();
  const signed = Uint8Array.from(unsigned);
  signed.set(digest, signed.length - 16);
  const line = (sum: string) =>
    '\n\t    Key-ID 0x010101010101, Sequence 0x0101010101010101, Flags [Handshake]' +
    `\n\t    MD5-sum 0x${sum} `;
  const right = digest.toString('hex');
  const none = '0'.repeat(32);
  assert.equal(behind(signed, { tcpMd5Secret: secret }), `${line(right)} (valid)`);
  assert.equal(behind(signed), `${line(right)} (unchecked)`);
  assert.equal(behind(unsigned, { tcpMd5Secret: secret }), `${line(none)}${right} (invalid)`);
});

test('numbers with a point as C writes them', () => {
  for (const [value, text] of [
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [1234.5, '1234.5'],
    [131072.03125, '131072.0312'],
    [131072.09375, '131072.0938'],
    [2 ** -15, '3.051757812e-05'],
    [1e10, '1e+10'],
    [9999999999.5, '1e+10'],
    [0.0001, '0.0001'],
    [-0.25, '-0.25'],
    [3.4e38, '3.4e+38'],
    [1e-100, '1e-100'],
  ] as const) {
    assert.equal(general(value, 10), text);
  }
});

// What stands in for Node in browsers does what Node does: ciphers, Buffer.

import assert from 'node:assert/strict';
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Buffer as Own } from '../../src/browser/instead/buffer.js';
import { aesBlock, hmacSha256, openGcm } from '../../src/browser/instead/ciphers.js';
import * as node from '../../src/decode/facts/payload/ciphers.js';

const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');

test('HMAC with SHA-256, of keys and data of every length around a block', () => {
  // RFC 4231, test case 2.
  assert.equal(
    hex(hmacSha256(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'))),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  for (let length = 0; length < 140; length++) {
    const key = randomBytes((length * 7) % 100);
    const data = randomBytes(length);
    assert.equal(hex(hmacSha256(key, data)), createHmac('sha256', key).update(data).digest('hex'));
  }
});

test('AES-128 by the block, and GCM with good and bad tags', () => {
  // FIPS 197, appendix C.1.
  assert.equal(
    hex(
      aesBlock(
        Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
        Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      ),
    ),
    '69c4e0d86a7b0430d8cdb78070b4c55a',
  );
  for (let length = 0; length < 70; length++) {
    const key = randomBytes(16);
    const nonce = randomBytes(12);
    const header = randomBytes((length * 5) % 40);
    const plain = randomBytes(length);
    const block = randomBytes(16);
    assert.equal(hex(aesBlock(key, block)), hex(node.aesBlock(key, block)));
    const cipher = createCipheriv('aes-128-gcm', key, nonce);
    cipher.setAAD(header);
    const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
    const tag = cipher.getAuthTag();
    for (const open of [openGcm, node.openGcm]) {
      assert.equal(hex(open(key, nonce, header, ciphertext, tag)), plain.toString('hex'));
      const wrong = Buffer.from(tag);
      wrong[length % 16]! ^= 1 << (length % 8);
      assert.equal(open(key, nonce, header, ciphertext, wrong), null);
      assert.equal(open(key, nonce, Buffer.concat([header, Buffer.of(0)]), ciphertext, tag), null);
    }
  }
});

test('Buffer, as far as the house uses it', () => {
  const texts = ['', 'abc', 'é', '\ufeffmark', '漢字', '\u{1f600}', 'a\0b', '\ud800'];
  for (const text of texts) {
    assert.equal(hex(Own.from(text)), Buffer.from(text).toString('hex'));
    assert.equal(hex(Own.from(text, 'utf8')), Buffer.from(text).toString('hex'));
    assert.equal(Own.byteLength(text), Buffer.byteLength(text));
    assert.equal(Own.from(text).toString(), Buffer.from(text).toString());
  }
  const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
  const own: Own = Own.from(bytes.buffer, 3, 9000);
  const other = Buffer.from(bytes.buffer, 3, 9000);
  assert.equal(own.length, 9000);
  for (const encoding of ['utf8', 'latin1', 'hex'] as const) {
    assert.equal(own.toString(encoding), other.toString(encoding));
    assert.equal(own.toString(encoding, 7, 300), other.toString(encoding, 7, 300));
  }
  assert.equal(
    Own.prototype.latin1Slice.call(bytes as Own, 5, 21),
    Buffer.from(bytes).toString('latin1', 5, 21),
  );
  assert.equal(
    Own.prototype.utf8Slice.call(bytes as Own, 5, 210),
    Buffer.from(bytes).toString('utf8', 5, 210),
  );
  assert.equal(hex(Own.from('00ff7f80', 'hex')), '00ff7f80');
  assert.equal(hex(Own.from('aé\xff', 'latin1')), '61e9ff');
  assert.equal(hex(Own.from([1, 256, -1])), '0100ff');
  assert.equal(hex(Own.of(1, 2)), '0102');
  const some = ['', '00', '0001', '01', 'ff', '00ff'].map((text) => Buffer.from(text, 'hex'));
  for (const one of some)
    for (const two of some) assert.equal(Own.compare(one, two), Buffer.compare(one, two));
  assert.equal(
    hex(Own.concat([own.subarray(0, 3), bytes.subarray(0, 2)])),
    hex(Buffer.concat([other.subarray(0, 3), bytes.subarray(0, 2)])),
  );
  const copy: Own = Own.from(bytes.subarray(0, 4));
  copy[0] = 99;
  assert.equal(bytes[0], 0);
  const view: Own = Own.from(bytes.buffer, 0, 4);
  assert.ok(view.buffer === bytes.buffer && view.subarray(1) instanceof Own);
  const target = new Uint8Array(4);
  assert.equal(Own.from('abcdef').copy(target, 1, 2), 3);
  assert.equal(hex(target), '00636465');
  const numbers: Own = Own.alloc(12);
  numbers.writeInt32LE(-2);
  numbers.writeBigUInt64LE(0x0102030405060708n, 4);
  assert.equal(hex(numbers), 'feffffff0807060504030201');
});

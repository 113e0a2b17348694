// gzip without zlib: the same bytes as zlib's, and the same files refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { BrokenStream } from '../../src/savefile/bytestream.js';
import { GzipDecompressor } from '../../src/savefile/compression/inflate.js';

interface Made {
  readonly plain: Buffer;
  readonly error: string | null;
}

/** @param piece bytes that come at a time */
function inflate(bytes: Uint8Array, piece = 16_384): Made {
  const parts: Uint8Array[] = [];
  const decompressor = new GzipDecompressor((part) => parts.push(part));
  let error: string | null = null;
  try {
    for (let at = 0; at < bytes.length; ) at += decompressor.push(bytes.subarray(at, at + piece));
    decompressor.finish();
  } catch (broken) {
    assert.ok(broken instanceof BrokenStream);
    error = broken.message;
  }
  return { plain: Buffer.concat(parts), error };
}

/** Numbers that look random, the same in each run. */
function noise(length: number, seed: number, bits = 8): Buffer {
  let state = seed * 2654435761 + 1;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> (32 - bits);
    }),
  );
}

const samples: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.alloc(1_000_000),
  noise(100_000, 1),
  noise(300_000, 2, 2),
  Buffer.concat([noise(40_000, 3), Buffer.alloc(70_000, 'abcabd'), noise(40_000, 3)]),
  Buffer.from(Array.from({ length: 30_000 }, (_, i) => `packet ${i} of ${i * i}\n`).join('')),
];

test('what zlib makes at every level and strategy, by pieces of any size', () => {
  for (const [i, plain] of samples.entries()) {
    for (const level of [0, 1, 6, 9])
      for (const strategy of [
        constants.Z_DEFAULT_STRATEGY,
        constants.Z_FIXED,
        constants.Z_HUFFMAN_ONLY,
        constants.Z_RLE,
      ]) {
        const { plain: got, error } = inflate(
          gzipSync(plain, { level, strategy }),
          i % 2 === 0 ? 16_384 : 977,
        );
        assert.equal(error, null);
        assert.ok(got.equals(plain), `${i} ${level} ${strategy}`);
      }
  }
  const small = samples[6]!.subarray(0, 3000);
  for (const piece of [1, 2, 3, 7])
    assert.deepEqual(inflate(gzipSync(small), piece), { plain: small, error: null });
});

test('members, headers with everything, padding', () => {
  const [a, b] = [samples[1]!, samples[6]!];
  assert.deepEqual(inflate(Buffer.concat([gzipSync(a), gzipSync(b), gzipSync(a)]), 5), {
    plain: Buffer.concat([a, b, a]),
    error: null,
  });
  assert.deepEqual(inflate(Buffer.concat([gzipSync(a), Buffer.alloc(1000)])), { plain: a, error: null });
  assert.deepEqual(inflate(Buffer.concat([gzipSync(a), Buffer.from('xy')])), {
    plain: a,
    error: 'gzip: incorrect header check',
  });
  const whole = gzipSync(b);
  // Extra field, name, comment and the header's own check value.
  const head = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x1e, 1, 2, 3, 4, 0, 3, 5, 0]),
    Buffer.from('extra'),
    Buffer.from('name\0a comment\0'),
  ]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crcOf(head) & 0xffff);
  const full = Buffer.concat([head, check, whole.subarray(10)]);
  assert.ok(gunzipSync(full).equals(b));
  for (const piece of [1, 16_384]) assert.deepEqual(inflate(full, piece), { plain: b, error: null });
  check[0]! ^= 1;
  assert.equal(inflate(Buffer.concat([head, check, whole.subarray(10)])).error, 'gzip: header crc mismatch');
});

function crcOf(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('cut anywhere: what comes before, and that it breaks off', () => {
  const plain = samples[6]!.subarray(0, 2000);
  const whole = gzipSync(plain);
  for (let end = 2; end < whole.length; end++) {
    const { plain: got, error } = inflate(whole.subarray(0, end));
    assert.equal(error, 'gzip: unexpected end of file');
    assert.ok(plain.subarray(0, got.length).equals(got));
  }
});

test('broken bytes are refused where zlib refuses them, and nothing is made up', () => {
  let refused = 0;
  const plain = Buffer.concat([samples[6]!.subarray(0, 3000), noise(300, 9)]);
  for (const strategy of [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED]) {
    const whole = gzipSync(plain, { strategy });
    for (let i = 0; i < 600; i++) {
      const bytes = Buffer.from(whole);
      bytes[2 + ((i * 7919) % (bytes.length - 2))]! ^= 1 << (i % 8);
      let wanted: Buffer | null = null;
      try {
        wanted = gunzipSync(bytes);
      } catch {
        refused++;
      }
      const { plain: got, error } = inflate(bytes);
      assert.equal(error === null, wanted !== null, `${i}: ${error}`);
      if (wanted !== null) assert.ok(got.equals(wanted));
    }
  }
  assert.ok(refused > 1000, `${refused}`);
  // Raw noise behind a header: no crash, no end.
  for (let seed = 0; seed < 300; seed++)
    assert.notEqual(
      inflate(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), noise(500, seed)])).error,
      null,
    );
});

test('a bomb is made by small pieces', () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  let most = 0;
  let made = 0;
  let before = 0;
  const decompressor = new GzipDecompressor((part) => {
    made += part.length;
  });
  for (let at = 0; at < bomb.length; ) {
    at += decompressor.push(bomb.subarray(at, at + 16_384));
    most = Math.max(most, made - before);
    before = made;
  }
  decompressor.finish();
  assert.equal(made, 64 << 20);
  assert.ok(most < 6 << 20, `${most}`);
});

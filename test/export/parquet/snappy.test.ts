// Snappy: what is compressed is the same again, by a decompressor that knows nothing of ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snappyUncompress } from 'hyparquet';
import { snappyCompress } from '../../../src/export/parquet/snappy.js';
import { Random } from '../../print/generator.js';

function check(input: Uint8Array): number {
  const packed = snappyCompress(input);
  const out = new Uint8Array(input.length);
  snappyUncompress(packed, out);
  assert.deepEqual(out, input);
  return packed.length;
}

test('bytes of every kind and length', () => {
  const random = new Random(1);
  for (let length = 0; length < 80; length++) {
    check(Uint8Array.from(random.bytes(length)));
    check(new Uint8Array(length));
  }
  for (const length of [1000, 65_535, 65_536, 70_000, 300_000]) {
    check(Uint8Array.from(random.bytes(length)));
    assert.ok(check(new Uint8Array(length)) < length / 15);
    const words = Array.from({ length: 50 }, () => random.bytes(random.between(3, 40)));
    const text: number[] = [];
    while (text.length < length) text.push(...random.pick(words));
    assert.ok(check(Uint8Array.from(text)) < text.length * (length > 1000 ? 0.5 : 1));
  }
});

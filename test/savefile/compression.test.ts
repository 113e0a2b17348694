// Compressed savefiles, told by their first bytes; broken ones give what comes before the break.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { XxHash32 } from '../../src/savefile/compression/xxhash.js';
import { XxHash64 } from '../../src/savefile/compression/xxhash64.js';
import { ZstdDecompressor } from '../../src/savefile/compression/zstd.js';
import { build, description, enhanced, pcapHeader, pcapRecord, section } from './build.js';
import { fileOf, has, readAll, udp } from './helpers.js';

const LE = 'little';
const COUNT = 20_000;

/** A capture large enough for many blocks, compressible and not. */
const capture = Buffer.concat([
  section(LE),
  description(LE, 1, 0),
  ...Array.from({ length: COUNT }, (_, i) => {
    const noise = Array.from({ length: i % 64 }, (_, j) =>
      String.fromCharCode(33 + ((i * 7919 + j * j * 31) % 90)),
    );
    return enhanced(LE, { units: BigInt(i) }, udp(`packet ${i} ${noise.join('')}`));
  }),
]);
const small = Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 1), pcapRecord(LE, 7, 8, udp())]);

async function assertWhole(bytes: Uint8Array): Promise<void> {
  const { packets, error } = await readAll(fileOf(bytes));
  assert.equal(error, null);
  assert.equal(packets.length, COUNT);
  packets.forEach((packet, i) => {
    assert.equal(packet.nanoseconds, i * 1000);
    assert.ok(Buffer.from(packet.data, 'hex').includes(`packet ${i} `));
  });
}

async function assertBroken(bytes: Uint8Array, reason: RegExp, atLeast: number): Promise<void> {
  const path = fileOf(bytes);
  const { packets, error } = await readAll(path);
  assert.match(error?.message ?? '', reason);
  assert.ok(error?.message.includes(`(${path}, byte `), error?.message);
  assert.ok(packets.length >= atLeast && packets.length < COUNT, String(packets.length));
}

function outputOf(command: string, ...args: string[]): Buffer {
  return execFileSync(command, args, {
    input: capture,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

test('gzip', async () => {
  const whole = gzipSync(capture);
  await assertWhole(whole);
  await assertWhole(Buffer.concat([gzipSync(capture.subarray(0, 1000)), gzipSync(capture.subarray(1000))]));
  assert.equal((await readAll(fileOf(gzipSync(small)))).packets[0]!.seconds, 7);
  // Padding behind the last member, which may begin anywhere in what is read at once; anything else is no gzip.
  for (const padding of [1, 89, 100_000]) await assertWhole(Buffer.concat([whole, Buffer.alloc(padding)]));
  // An extra field (RFC 1952, 2.3.1.1) that makes it end where what is read at once ends.
  const extra = Buffer.alloc(2 + 16384 - ((whole.length + 2) % 16384));
  extra.writeUInt16LE(extra.length - 2);
  const fitting = Buffer.concat([whole.subarray(0, 10), extra, whole.subarray(10)]);
  fitting[3] = 4;
  await assertWhole(Buffer.concat([fitting, Buffer.alloc(16384 + 5)]));
  const { packets, error } = await readAll(fileOf(Buffer.concat([whole, Buffer.alloc(9, 'x')])));
  assert.match(error?.message ?? '', /^gzip: incorrect header check/);
  assert.equal(packets.length, COUNT);
  await assertBroken(whole.subarray(0, whole.length >> 1), /^gzip: unexpected end of file/, COUNT / 4);
  const flipped = Buffer.from(whole);
  flipped.fill(0xff, whole.length >> 1, (whole.length >> 1) + 50);
  // zlib may notice only after it has handed garbage on, which the reader then refuses.
  await assertBroken(flipped, /^(gzip: |block |.*too large|truncated)/, 1);
});

/** An LZ4 frame made by hand. */
function lz4Frame(flags: number, ...blocks: Buffer[]): Buffer {
  const descriptor = Buffer.from([0x40 | flags, 0x40]);
  const check = (new XxHash32().update(descriptor).digest() >> 8) & 0xff;
  return Buffer.concat([
    build(LE).u32(0x184d2204).bytes(descriptor).u8(check).done(),
    ...blocks.map((block) => Buffer.concat([build(LE).u32(block.length).done(), block])),
    Buffer.alloc(4),
  ]);
}

/** A block of literals only. */
function literals(bytes: Buffer): Buffer {
  const rest = bytes.length - 15;
  return Buffer.concat([
    Buffer.from([0xf0]),
    Buffer.alloc(Math.floor(rest / 255), 255),
    Buffer.from([rest % 255]),
    bytes,
  ]);
}

test('lz4', async () => {
  const stored = build(LE)
    .u32(0x80000000 + small.length)
    .bytes(small)
    .done();
  const frame = lz4Frame(0x20);
  const whole = Buffer.concat([frame.subarray(0, 7), stored, Buffer.alloc(4)]);
  assert.equal((await readAll(fileOf(whole))).packets[0]!.nanoseconds, 8000);
  assert.equal((await readAll(fileOf(lz4Frame(0x20, literals(small))))).packets[0]!.nanoseconds, 8000);
  // Zeros by a match that overlaps itself, across a skippable frame and blocks that depend on one another.
  const packet = Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 1), pcapRecord(LE, 7, 8, Buffer.alloc(60))]);
  const zeros = Buffer.concat([
    Buffer.from([0x1f, 0, 1, 0, 60 - 1 - 5 - 4 - 15 + 0]),
    Buffer.from([0x50, 0, 0, 0, 0, 0]),
  ]);
  const two = lz4Frame(0, literals(packet.subarray(0, 40)), zeros);
  const skippable = build(LE).u32(0x184d2a53, 3).bytes('abc').done();
  const { packets } = await readAll(fileOf(Buffer.concat([two, skippable])));
  assert.deepEqual(
    packets.map((p) => p.data),
    ['00'.repeat(60)],
  );

  const bad = (bytes: Buffer): Promise<void> => assertBroken(bytes, /^lz4: /, 0);
  await bad(lz4Frame(0x21, literals(small)));
  await bad(lz4Frame(0x20, Buffer.from([0x10, 0xd4, 9, 0])));
  await bad(lz4Frame(0x20, Buffer.from([0x10, 0xd4, 0, 0])));
  await bad(lz4Frame(0x20, Buffer.from([0xf0, 255, 255])));
  await bad(lz4Frame(0x20, literals(Buffer.alloc(70_000))));
  await bad(
    lz4Frame(0x20, Buffer.concat([Buffer.from([0x1f, 0, 1, 0]), Buffer.alloc(400, 255), Buffer.alloc(1)])),
  );
  const wrong = lz4Frame(0x20, literals(small));
  wrong[6]! ^= 1;
  await bad(wrong);
  await assertBroken(whole.subarray(0, whole.length - 2), /^lz4: unexpected end of file/, 1);
});

test('what the lz4 program makes', { skip: !has('lz4') && 'no lz4' }, async () => {
  for (const args of [
    [],
    ['-BD', '-B4'],
    ['-9', '-B7', '-BX'],
    ['--content-size', '-B5'],
    ['--no-frame-crc'],
  ]) {
    const bytes = outputOf('lz4', '-c', ...args);
    await assertWhole(bytes);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1]! ^= 0xff;
    if (!args.includes('--no-frame-crc')) {
      const { error } = await readAll(fileOf(flipped));
      assert.match(error?.message ?? '', /^lz4: |pcapng|packet|block/);
    }
  }
});

test('xxHash as its specification has it', () => {
  const bytes = Buffer.from(Array.from({ length: 101 }, (_, i) => (i * 37) & 0xff));
  assert.equal(new XxHash32().digest(), 0x02cc5d05);
  assert.equal(new XxHash32().update(Buffer.from('abc')).digest(), 0x32d153ff);
  const whole = new XxHash32().update(bytes).digest();
  for (const cut of [1, 15, 16, 17, 50]) {
    assert.equal(new XxHash32().update(bytes.subarray(0, cut)).update(bytes.subarray(cut)).digest(), whole);
  }
});

/** A zstd frame of raw blocks. */
function zstdFrame(bytes: Buffer, window = 0x58): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window]), head, bytes]);
}

test('zstd', async () => {
  assert.equal((await readAll(fileOf(zstdFrame(small)))).packets[0]!.nanoseconds, 8000);
  const skippable = build(LE).u32(0x184d2a53, 3).bytes('abc').done();
  const parts = [
    zstdFrame(small.subarray(0, 5)),
    skippable,
    zstdFrame(small.subarray(5)),
    zstdFrame(Buffer.alloc(0)),
  ];
  assert.equal((await readAll(fileOf(Buffer.concat(parts)))).packets[0]!.nanoseconds, 8000);
  await assertBroken(zstdFrame(small).subarray(0, -1), /^zstd: unexpected end of file/, 0);
  await assertBroken(zstdFrame(small, 0xa0), /^zstd: window of 1073741824 bytes is larger than 134217728/, 0);
  await assertBroken(Buffer.concat([zstdFrame(small), Buffer.from('rubbish')]), /^zstd: not a frame/, 0);
  // A checksum of what is in it: right, and wrong by one bit, which is said behind its packets.
  const checked = zstdFrame(small);
  checked[4] = 4;
  const sum = new XxHash64().update(small).low();
  const low = Buffer.alloc(4);
  for (const [told, error] of [
    [sum, /^$/],
    [(sum ^ 1) >>> 0, /^zstd: content has a wrong checksum \(.*, byte \d+\)$/],
  ] as const) {
    low.writeUInt32LE(told);
    const read = await readAll(fileOf(Buffer.concat([checked, low])));
    assert.equal(read.packets.length, 1);
    assert.match(read.error?.message ?? '', error);
  }
});

test('zstd programs of every level and size, to the byte', { skip: !has('zstd') && 'no zstd' }, () => {
  // Repetition near and far, single bytes, noise: every kind of block, literals and tables.
  const noise = Buffer.from(
    Array.from({ length: 50_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff),
  );
  const text = readFileSync(fileURLToPath(import.meta.url));
  const inputs = [
    Buffer.alloc(0),
    Buffer.from('a'),
    Buffer.alloc(300_000, 'z'),
    noise,
    text,
    Buffer.concat([text, noise, Buffer.alloc(200_000), text, noise, text.subarray(100)]),
    capture.subarray(0, 3_000_000),
  ];
  for (const input of inputs) {
    for (const level of [
      '--fast=9',
      '-1',
      '-3',
      '-8',
      '-13',
      '-19',
      '--ultra -22',
      '-3 --no-check',
      '-5 --long=27',
    ]) {
      const packed = execFileSync('zstd', ['-q', '-c', ...level.split(' ')], { input, maxBuffer: 1 << 28 });
      const parts: Uint8Array[] = [];
      const decompressor = new ZstdDecompressor((bytes) => parts.push(bytes));
      for (let at = 0; at < packed.length; ) at += decompressor.push(packed.subarray(at, at + 10_007));
      decompressor.finish();
      assert.ok(Buffer.concat(parts).equals(input), `${input.length} bytes, ${level}`);
    }
  }
});

test('what the zstd program makes', { skip: !has('zstd') && 'no zstd' }, async () => {
  for (const args of [
    ['-1'],
    ['-19', '--no-check'],
    ['--long=24'],
    ['-3', `--stream-size=${capture.length}`],
  ]) {
    const bytes = outputOf('zstd', '-c', ...args);
    await assertWhole(bytes);
    await assertBroken(bytes.subarray(0, bytes.length * 0.8), /^zstd: unexpected end of file/, 1);
  }
});

test('a compressed file that holds no capture', async () => {
  const path = fileOf(gzipSync(Buffer.from('not a capture')));
  const { error } = await readAll(path);
  assert.equal(error?.message, `unknown file format (${path}, byte 0)`);
  const { error: short } = await readAll(fileOf(gzipSync(Buffer.alloc(0))));
  assert.match(short?.message ?? '', /^truncated dump file; tried to read 4 file header bytes, only got 0/);
  assert.ok(readFileSync(fileOf(small)).length > 0);
});

// Files made to cost much: time grows with their size alone, memory has bounds, and what is left off is said.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { compileExpressions, compileMetadataFilter } from '../../src/filter/index.js';
import type { PacketFilter } from '../../src/packet/index.js';
import { XxHash64 } from '../../src/savefile/compression/xxhash64.js';
import { createSavefile, openSavefile, type Savefile } from '../../src/savefile/index.js';
import { zstdBomb } from './bombs.js';
import { block, build, description, enhanced, option, processBlock, processEntry, section } from './build.js';
import { factsOf, fileOf, newPath, readAll, udp } from './helpers.js';

const order = 'little';
const frame = udp();
const u32 = (...values: number[]) => build(order).u32(...values);

/** Milliseconds of processor time that reading takes. */
async function cost(path: string, prepare: (source: Savefile) => PacketFilter | null): Promise<number> {
  const source = await openSavefile(path);
  const filter = prepare(source);
  const before = process.cpuUsage();
  await source.run((packet) => {
    filter?.(packet);
    return true;
  });
  const { user, system } = process.cpuUsage(before);
  source.close();
  return (user + system) / 1000;
}

/** Four times the file takes about four times as long; what grows with the square takes sixteen. */
async function isLinear(
  make: (count: number) => Buffer,
  count: number,
  prepare: (source: Savefile) => PacketFilter | null,
): Promise<void> {
  const small = fileOf(make(count));
  const large = fileOf(make(4 * count));
  await cost(small, prepare);
  const one = Math.max(5, await cost(small, prepare));
  const four = await cost(large, prepare);
  assert.ok(four < 10 * one, `${four} ms for four times what takes ${one} ms`);
}

const interfaces = (count: number): Buffer => {
  const parts = [section(order)];
  for (let i = 0; i < count; i++)
    parts.push(description(order, 1, 0), enhanced(order, { interface: i }, frame));
  return Buffer.concat(parts);
};

test('an interface before each packet, with a packet filter', async () => {
  const filter = compileExpressions('udp port 9', 262144, true);
  await isLinear(interfaces, 8000, (source) => {
    source.passes = () => () => false;
    return filter;
  });
});

test('an interface before each packet, with a metadata filter', async () => {
  const { matches } = compileMetadataFilter('proc = zz');
  await isLinear(interfaces, 8000, (source) => {
    source.wants = () => false;
    return matches;
  });
});

test('a process before each packet, after many interfaces', async () => {
  const many = Buffer.concat(Array.from({ length: 20_000 }, () => description(order, 1, 0)));
  const make = (count: number): Buffer => {
    const parts = [section(order), many];
    for (let i = 0; i < count; i++)
      parts.push(processBlock(order, i), enhanced(order, {}, frame, option(order, 0x8001, u32(i))));
    return Buffer.concat(parts);
  };
  await isLinear(make, 2000, (source) => {
    source.wants = () => false;
    return null;
  });
});

test('interfaces whose descriptions take too much', async () => {
  const large = description(
    order,
    1,
    0,
    ...Array.from({ length: 20 }, () => option(order, 0x7000, Buffer.alloc(60_000))),
  );
  const { packets, error } = await readAll(
    fileOf(Buffer.concat([section(order), large, enhanced(order, {}, frame), ...Array(20).fill(large)])),
  );
  assert.equal(packets.length, 1);
  assert.match(error?.message ?? '', /^more than 16777216 bytes of interfaces in one section/);
  const sections = Array.from({ length: 20 }, () =>
    Buffer.concat([section(order), large, enhanced(order, {}, frame)]),
  );
  assert.equal((await readAll(fileOf(Buffer.concat(sections)))).packets.length, 20, 'each section anew');
});

test('a block takes one entry, however many there are of its process ID', async () => {
  const entry = (start: number): Buffer =>
    processEntry(order, 7, [option('little', 9, build('little').u64(BigInt(start) * 1_000_000_000n))]);
  const at = (second: number): Buffer =>
    enhanced(
      order,
      { units: BigInt(second) * 1_000_000n },
      frame,
      option(order, 8, u32(7, 7)),
      option(order, 0x8001, u32(0)),
    );
  const bytes = Buffer.concat([
    section(order),
    description(order, 1, 0),
    ...[1, 2, 3].map(entry),
    block(order, 4, build(order).u16(0, 0)),
    processBlock(order, 7, option(order, 2, 'x'.repeat(1000))),
    ...[2, 3, 1, 2].map(at),
  ]);
  const path = fileOf(bytes);
  const { packets } = await readAll(path);
  const processes = new Set(packets.map((packet) => packet.metadata?.process));
  assert.equal(processes.size, 1);
  assert.equal((factsOf([...processes][0]) as { startTime: bigint }).startTime, 2_000_000_000n);
  const copy = newPath();
  const source = await openSavefile(path);
  const writer = await createSavefile(copy, { format: 'pcapng', linkType: 1, copyOf: source });
  await source.run((packet) => {
    writer.packet(packet);
    return true;
  });
  writer.close();
  source.close();
  assert.ok(statSync(copy).size < 2 * bytes.length);
});

test('comments, all different and long: none of them is lost', async () => {
  const long = 'y'.repeat(60_000);
  const parts = [section(order), description(order, 1, 0)];
  for (let i = 0; i < 300; i++) parts.push(enhanced(order, {}, frame, option(order, 1, `${i}€${long}`)));
  const { packets } = await readAll(fileOf(Buffer.concat(parts)));
  assert.deepEqual(
    packets.map((packet) => packet.comments?.[0]?.slice(0, 4)),
    Array.from({ length: 300 }, (_, i) => `${i}€${long}`.slice(0, 4)),
  );
});

test('a compressed file that becomes far too large ends, and says so', async () => {
  const source = await openSavefile(fileOf(zstdBomb()));
  let packets = 0;
  await assert.rejects(
    source.run(() => {
      packets++;
      return true;
    }),
    /^SavefileError: the compressed file becomes more than 500 times as large: decompress it first to read all of it/,
  );
  source.close();
  assert.ok(packets > 1000, 'what came before is shown');
});

test('the checksum of zstd frames, at every length that matters', () => {
  const bytes = Uint8Array.from({ length: 101 }, (_, i) => i);
  // Of the first n bytes, in any pieces. From the reference program.
  const known: readonly (readonly [number, number])[] = [[0, 0x51d8e999]];
  for (const [length, low] of known)
    assert.equal(new XxHash64().update(bytes.subarray(0, length)).low(), low);
  assert.equal(new XxHash64().update(Buffer.from('a')).low(), 0xa98c6e5b);
  assert.equal(new XxHash64().update(Buffer.from('abc')).low(), 0xad770999);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const pieces = new XxHash64().update(bytes.subarray(0, cut)).update(bytes.subarray(cut));
    assert.equal(pieces.low(), new XxHash64().update(bytes).low());
  }
});

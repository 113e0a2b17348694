// The fuzzer in short (npm run fuzz is the long one), and what it has found.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createSavefile, openSavefile } from '../../src/savefile/index.js';
import {
  build,
  description,
  enhanced,
  option,
  pcapHeader,
  pcapRecord,
  processBlock,
  processEntry,
  section,
  udp,
} from './build.js';
import { Judge } from './fuzz/judge.js';
import { mutate, random } from './fuzz/mutate.js';
import { seeds } from './fuzz/seeds.js';
import { factsOf, fileOf, folder, newPath, readAll } from './helpers.js';

const LE = 'little';
const COUNT = 1500;

test('files broken at random are read to a well-worded end, and copied whole', async () => {
  // Breaking gzip takes long: zlib answers from another thread.
  const all = seeds(null).filter((bytes) => bytes[0] !== 0x1f);
  const judge = new Judge(join(folder, 'copy'));
  for (const [i, bytes] of all.entries()) await judge.judge(bytes, random(i), true);
  const pick = random(Number(process.env['SEED'] ?? 20_261_125));
  for (let i = 0; i < COUNT; i++) {
    const bytes = mutate(all[pick(all.length)]!, all[pick(all.length)]!, pick);
    await judge.judge(bytes, pick, i % 2 === 0);
  }
});

test('gzip: what comes before a broken end is not lost', async () => {
  const whole = gzipSync(
    Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 1), pcapRecord(LE, 7, 8, udp()), pcapRecord(LE, 9, 0, udp())]),
  );
  const wrong = Buffer.from(whole);
  wrong[whole.length - 8]! ^= 1;
  const { packets, error } = await readAll(fileOf(wrong));
  assert.deepEqual(
    packets.map((one) => one.seconds),
    [7, 9],
  );
  assert.match(error?.message ?? '', /^gzip: incorrect data check \(.*, byte 150\)$/);
});

test('zstd: what comes before a broken header is not lost', async () => {
  const record = pcapRecord(LE, 7, 8, udp());
  const block = (last: number, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(3);
    head.writeUIntLE((bytes.length << 3) | last, 0, 3);
    return Buffer.concat([head, bytes]);
  };
  const frame = Buffer.concat([
    Buffer.from('28b52ffd0058', 'hex'),
    block(1, Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 1), record])),
  ]);
  const { packets, error } = await readAll(fileOf(Buffer.concat([frame, Buffer.from('rubbish')])));
  assert.equal(packets.length, 1);
  assert.match(error?.message ?? '', /^zstd: not a frame \(.*, byte 87\)$/);
});

test('process IDs below 0 are nobody’s, in every dialect', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      enhanced(LE, {}, udp(), option(LE, 8, build(LE).u32(0xfffc_1267, 5))),
    ]),
  );
  const { packets } = await readAll(path);
  assert.deepEqual([packets[0]!.metadata?.process, packets[0]!.metadata?.threadId], [null, 0]);
});

test('NULs at the end of a command in a comment are no part of its name', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      enhanced(LE, {}, udp(), option(LE, 1, 'PID: 5\nCmd: /bin/sh\0\0\nParentPID: 1')),
    ]),
  );
  const { packets } = await readAll(path);
  assert.deepEqual(factsOf(packets[0]!.metadata?.process), {
    pid: 5,
    name: 'sh',
    path: '/bin/sh',
    parentPid: 1,
  });
});

test('a link type of more than 16 bits is refused by pcapng, not cut', async () => {
  const path = fileOf(Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 0x80_0001), pcapRecord(LE, 7, 8, udp())]));
  const source = await openSavefile(path);
  const { linkType } = source;
  const writer = await createSavefile(newPath(), { format: 'pcapng', linkType, copyOf: source });
  await assert.rejects(
    source.run((packet) => {
      writer.packet(packet);
      return true;
    }),
    /^Error: link type 8388609 does not fit into a pcapng file$/,
  );
  source.close();
});

test('service classes of any number are copied', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      ...[0x8000_0000, 0xffff_fffe].map((number) =>
        enhanced(
          LE,
          {},
          udp(),
          option(LE, 0x8002, build(LE).u32(number)),
          option(LE, 8, build(LE).u32(7, 0)),
        ),
      ),
    ]),
  );
  const source = await openSavefile(path);
  const out = newPath();
  const writer = await createSavefile(out, { format: 'pcapng', linkType: 1, copyOf: source });
  await source.run((packet) => {
    writer.packet(packet);
    return true;
  });
  writer.close();
  source.close();
  assert.deepEqual(
    (await readAll(out)).packets.map((one) => one.metadata?.serviceClass),
    [-0x8000_0000, -2],
  );
});

test('a process block that is not there leaves the standard’s process ID', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      processBlock(LE, 7, option(LE, 2, 'a')),
      processEntry(LE, 7, [option(LE, 2, 'a')]),
      ...[0, 9].map((number) =>
        enhanced(
          LE,
          {},
          udp(),
          option(LE, 8, build(LE).u32(number === 0 ? 7 : 8, 1)),
          option(LE, 0x8001, build(LE).u32(number)),
        ),
      ),
    ]),
  );
  const { packets } = await readAll(path);
  assert.deepEqual(
    packets.map((one) => factsOf(one.metadata?.process)),
    [
      { pid: 7, name: 'a' },
      { pid: 8, name: '' },
    ],
  );
});

test('where a process block says there is no process ID, there is no thread either', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      processBlock(LE, -1, option(LE, 2, 'a')),
      enhanced(LE, {}, udp(), option(LE, 8, build(LE).u32(7, 3)), option(LE, 0x8001, build(LE).u32(0))),
    ]),
  );
  const [packet] = (await readAll(path)).packets;
  assert.deepEqual([packet!.metadata?.process?.name, packet!.metadata?.threadId], ['a', 0]);
});

test('zstd: a code table in which nothing is likely ends', async () => {
  const bytes = Buffer.from(
    '28b52ffd045875020052c40f1ef027ad017800a1832cc1ec81718ef1d3958aa314b7ee05e3973142a44c01839490' +
      '60e5015118b7b2d5cbd9320326677f372d715060f1f65a8f47281810010400a410e4a5b472270201e2ab7196ef',
    'hex',
  );
  const { error } = await readAll(fileOf(bytes));
  assert.match(error?.message ?? '', /^zstd: bad block \(/);
});

// pcapng files built block by block: sections, interfaces, clocks, the three kinds of packet, and what is broken.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { openSavefile } from '../../src/savefile/index.js';
import { Clock, unitsOf } from '../../src/savefile/pcapng/time.js';
import { block, build, description, enhanced, ORDERS, option, section } from './build.js';
import { fileOf, has, readAll, run, udp } from './helpers.js';

const frame = udp();
const hex = Buffer.from(frame).toString('hex');
/** 2023-11-14 22:13:20.123456789 in ns. */
const TIME = 1_700_000_000_123_456_789n;

for (const order of ORDERS) {
  test(`interfaces and their packets, ${order}-endian`, async () => {
    const mac = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const path = fileOf(
      Buffer.concat([
        section(order, option(order, 2, 'x86'), option(order, 1, 'comment')),
        description(
          order,
          1,
          1000,
          option(order, 2, 'en0\0'),
          option(order, 3, 'Wi-Fi'),
          option(order, 6, mac),
          option(order, 8, build(order).u64(1_000_000_000n)),
          option(order, 9, Uint8Array.of(9)),
          option(order, 11, '\0tcp port 80'),
          option(order, 12, 'Darwin'),
          option(order, 15, 'chip'),
        ),
        description(order, 101, 0),
        enhanced(order, { units: TIME, length: 99 }, frame, option(order, 1, 'hi')),
        enhanced(order, { interface: 1, units: TIME / 1000n }, frame.subarray(14)),
      ]),
    );
    const source = await openSavefile(path);
    assert.deepEqual(
      [source.format, source.linkType, source.snapshotLength, source.precision],
      ['pcapng', 1, 1000, 'nano'],
    );
    source.close();
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.deepEqual(
      packets.map((p) => [p.seconds, p.nanoseconds, p.length, p.linkType, p.data, p.comments]),
      [
        [1_700_000_000, 123_456_789, 99, 1, hex, ['hi']],
        [1_700_000_000, 123_456_000, 33, 101, hex.slice(28), null],
      ],
    );
    assert.deepEqual(packets[0]!.interface, {
      name: 'en0',
      description: 'Wi-Fi',
      linkType: 1,
      snapshotLength: 1000,
      host: null,
      index: 0,
      type: 0,
      mac,
      speed: 1_000_000_000n,
      os: 'Darwin',
      hardware: 'chip',
      filter: 'tcp port 80',
    });
    assert.deepEqual([packets[1]!.interface?.name, packets[1]!.interface?.linkType], ['', 101]);
  });

  test(`simple and obsolete packet blocks, ${order}-endian`, async () => {
    const old = build(order)
      .u16(0, 3)
      .u32(Number((TIME / 1000n) >> 32n), Number((TIME / 1000n) & 0xffffffffn), frame.length, 60)
      .bytes(frame)
      .pad();
    const path = fileOf(
      Buffer.concat([
        section(order),
        description(order, 1, 20),
        block(order, 3, build(order).u32(47).bytes(frame.subarray(0, 20))),
        block(order, 3, build(order).u32(10).bytes(frame.subarray(0, 10)).pad()),
        block(order, 2, old, option(order, 2, build(order).u32(1))),
      ]),
    );
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.deepEqual(
      packets.map((p) => [p.seconds, p.nanoseconds, p.length, p.data, p.dropCount, p.metadata?.direction]),
      [
        [0, 0, 47, hex.slice(0, 40), 0, 0],
        [0, 0, 10, hex.slice(0, 20), 0, 0],
        [1_700_000_000, 123_456_000, 60, hex, 3, 1],
      ],
    );
    if (has('tshark')) {
      const fields = ['frame.time_epoch', 'frame.len', 'frame.cap_len'];
      const text = run('tshark', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]));
      assert.equal(text, '\t47\t20\n\t10\t10\n1700000000.123456000\t60\t47\n');
    }
  });
}

test('sections of both byte orders in one file', async () => {
  const parts = (['big', 'little', 'big'] as const).flatMap((order, i) => [
    section(order),
    description(order, i === 1 ? 113 : 1, 0, option(order, 2, `if${i}`)),
    block(order, 0x12345678, build(order).u32(1, 2, 3)),
    enhanced(order, { units: BigInt(i) * 1_000_000n }, frame),
  ]);
  const { packets, error } = await readAll(fileOf(Buffer.concat(parts)));
  assert.equal(error, null);
  assert.deepEqual(
    packets.map((p) => [p.seconds, p.interface?.name, p.linkType, p.data]),
    [
      [0, 'if0', 1, hex],
      [1, 'if1', 113, hex],
      [2, 'if2', 1, hex],
    ],
  );
});

test('every resolution and offset of time', async () => {
  for (const resolution of [
    0, 1, 3, 6, 7, 8, 9, 10, 12, 15, 16, 18, 0x80, 0x81, 0x89, 0x8a, 0x94, 0x97, 0x98, 0xa0, 0xb4, 0xb5, 0xbf,
  ]) {
    const units = resolution < 0x80 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution - 0x80);
    const clock = new Clock(resolution, -3600n);
    for (const seconds of [0n, 1n, 1_700_000_000n, 0xffff_ffffn, 0x1_0000_0000n]) {
      for (const part of [0n, units / 3n, units / 2n, units - 1n]) {
        const count = seconds * units + part;
        if (count >= 1n << 64n) continue;
        clock.set(Number(count >> 32n), Number(count & 0xffff_ffffn));
        const wanted = [Number(seconds) - 3600, Number((part * 1_000_000_000n) / units)];
        assert.deepEqual([clock.seconds, clock.nanoseconds], wanted, `${resolution} ${count}`);
      }
    }
  }
  const result = { high: 0, low: 0 };
  for (const perSecond of [1_000_000, 1_000_000_000] as const) {
    for (const seconds of [0, 1, 65_535, 65_536, 1_700_000_000, 0xffff_ffff]) {
      for (const nanoseconds of [0, 1, 999, 1000, 999_999_999]) {
        unitsOf(seconds, nanoseconds, perSecond, result);
        const fraction = perSecond === 1_000_000 ? Math.floor(nanoseconds / 1000) : nanoseconds;
        const wanted = BigInt(seconds) * BigInt(perSecond) + BigInt(fraction);
        assert.equal((BigInt(result.high) << 32n) | BigInt(result.low), wanted);
      }
    }
  }
});

test('broken files: everything before the break, then the reason and where', async () => {
  const order = 'little';
  const head = Buffer.concat([section(order), description(order, 1, 0), enhanced(order, {}, frame)]);
  const broken = async (
    bytes: Uint8Array,
    count: number,
    reason: string,
    offset: number,
    { tcpdump = true, maximumBlock = 16 * 1024 * 1024 } = {},
  ): Promise<void> => {
    const path = fileOf(bytes);
    const { packets, error } = await readAll(path, { maximumBlock });
    assert.equal(error?.message, `${reason} (${path}, byte ${offset})`);
    assert.equal(packets.length, count);
    if (!tcpdump || !has('tcpdump')) return;
    let said = '';
    try {
      execFileSync('tcpdump', ['-nr', path], { stdio: 'pipe' });
    } catch (thrown) {
      said = String((thrown as { stderr: Buffer }).stderr);
    }
    assert.ok(said.includes(reason), `${said} lacks ${reason}`);
  };
  const after = (bytes: Uint8Array): Buffer => Buffer.concat([head, bytes]);
  const at = head.length;
  const truncated = 'truncated pcapng dump file; tried to read';
  const next = enhanced(order, {}, frame);
  await broken(after(next.subarray(0, 7)), 1, `${truncated} 12 bytes, only got 7`, at, { tcpdump: false });
  await broken(after(next.subarray(0, 40)), 1, `${truncated} 80 bytes, only got 40`, at, { tcpdump: false });
  const length = (value: number): Buffer => {
    const bytes = Buffer.from(next);
    bytes.writeUInt32LE(value, 4);
    return bytes;
  };
  await broken(after(length(8)), 1, 'block in pcapng dump file has a length of 8 < 12', at);
  const odd = 'block in pcapng dump file has a length of 81 that is not a multiple of 4';
  await broken(after(length(81)), 1, odd, at);
  await broken(after(length(0x3000_0000)), 1, 'pcapng block size 805306368 > maximum 16777216', at);
  await broken(after(enhanced(order, {}, Buffer.alloc(100))), 1, 'pcapng block size 132 > maximum 100', at, {
    tcpdump: false,
    maximumBlock: 100,
  });
  const trailer = Buffer.from(next);
  trailer.writeUInt32LE(4, trailer.length - 4);
  await broken(after(trailer), 1, "block total length in header and trailer don't match", at);
  const missing =
    "a packet arrived on interface 5, but there's no Interface Description Block for that interface";
  await broken(after(enhanced(order, { interface: 5 }, frame)), 1, missing, at);
  const short = Buffer.from(next);
  short.writeUInt32LE(5000, 8 + 12);
  await broken(after(short), 1, 'block of type 6 in pcapng dump file is too short', at, { tcpdump: false });
  await broken(
    after(block(order, 6, build(order).u32(0, 0, 0))),
    1,
    'block of type 6 in pcapng dump file is too short',
    at,
  );
  const magic = section(order);
  magic.writeUInt32LE(1, 8);
  await broken(after(magic), 1, 'the file has a section with a bad byte order magic field', at, {
    tcpdump: false,
  });
  const version = section(order);
  version.writeUInt16LE(2, 12);
  await broken(after(version), 1, 'unsupported pcapng savefile version 2.0', at, { tcpdump: false });
  const early = 'the capture file has a packet block before any Interface Description Blocks';
  await broken(Buffer.concat([section(order), next]), 0, early, 28);
  await broken(section(order), 0, 'the capture file has no Interface Description Blocks', 28);
  const resolution = (...value: number[]): Buffer =>
    Buffer.concat([section(order), description(order, 1, 0, option(order, 9, Uint8Array.from(value)))]);
  const what = 'Interface Description Block';
  await broken(resolution(1, 2), 0, `${what} has if_tsresol option with length 2 != 1`, 28);
  await broken(resolution(20), 0, `${what} if_tsresol option resolution 10^-20 is too high`, 28);
  await broken(resolution(0xc0), 0, `${what} if_tsresol option resolution 2^-64 is too high`, 28);
});

test('options that claim more than there is end the options, not the file', async () => {
  const order = 'big';
  const bad = build(order).u16(1, 4000).bytes('abcd').done();
  const path = fileOf(
    Buffer.concat([
      section(order),
      description(order, 1, 0),
      enhanced(order, {}, frame, option(order, 2, build(order).u32(2)), bad),
      enhanced(order, {}, frame),
    ]),
  );
  const { packets, error } = await readAll(path);
  assert.equal(error, null);
  assert.deepEqual(
    packets.map((p) => [p.metadata?.direction, p.comments]),
    [
      [2, null],
      [0, null],
    ],
  );
});

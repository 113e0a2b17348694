// pcap files of every kind, built byte by byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSavefile } from '../../src/savefile/index.js';
import { build, ORDERS, pcapHeader, pcapRecord } from './build.js';
import { fileOf, has, readAll, run, udp } from './helpers.js';

const frame = udp();

for (const order of ORDERS) {
  test(`micro- and nanoseconds, ${order}-endian`, async () => {
    for (const [magic, nanoseconds, precision] of [
      [0xa1b2c3d4, 123_456_000, 'micro'],
      [0xa1b23c4d, 123_456, 'nano'],
    ] as const) {
      const path = fileOf(
        Buffer.concat([
          pcapHeader(order, magic, 1, 1000),
          pcapRecord(order, 1_700_000_000, 123_456, frame),
          pcapRecord(order, 0xffff_ffff, 0, frame.subarray(0, 20), 47),
        ]),
      );
      const source = await openSavefile(path);
      assert.deepEqual(
        [source.format, source.linkType, source.snapshotLength, source.precision, source.fcsLength],
        ['pcap', 1, 1000, precision, null],
      );
      source.close();
      const { packets, error } = await readAll(path);
      assert.equal(error, null);
      assert.deepEqual(
        packets.map((p) => [p.seconds, p.nanoseconds, p.length, p.linkType, p.data, p.metadata, p.interface]),
        [
          [1_700_000_000, nanoseconds, 47, 1, Buffer.from(frame).toString('hex'), null, null],
          [0xffff_ffff, 0, 47, 1, Buffer.from(frame.subarray(0, 20)).toString('hex'), null, null],
        ],
      );
    }
  });

  test(`Kuznetzov’s records, ${order}-endian`, async () => {
    const extra = build(order).u32(2).u16(0x0800).u8(4, 0).done();
    const path = fileOf(
      Buffer.concat([
        pcapHeader(order, 0xa1b2cd34, 1),
        pcapRecord(order, 7, 8, frame, frame.length, extra),
        pcapRecord(order, 9, 10, frame, frame.length, extra),
      ]),
    );
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.deepEqual(
      packets.map((p) => [p.seconds, p.nanoseconds, p.data]),
      [
        [7, 8000, Buffer.from(frame).toString('hex')],
        [9, 10_000, Buffer.from(frame).toString('hex')],
      ],
    );
    if (has('tcpdump'))
      assert.match(run('tcpdump', '-tt', '-nr', path), /^7\.000008 IP .*\n9\.000010 IP .*\n$/);
  });

  test(`IXIA’s headers, ${order}-endian`, async () => {
    for (const magic of [0x1c0001ac, 0x1c0001ab]) {
      const record = pcapRecord(order, 7, 5, frame);
      const path = fileOf(
        Buffer.concat([
          pcapHeader(order, magic, 1),
          build(order)
            .u32(record.length * 2)
            .done(),
          record,
          record,
        ]),
      );
      const { packets, error } = await readAll(path);
      assert.equal(error, null);
      assert.deepEqual(
        packets.map((p) => [p.seconds, p.nanoseconds, p.data]),
        [1, 2].map(() => [7, 5000, Buffer.from(frame).toString('hex')]),
      );
      if (!has('tshark')) continue;
      const times = run('tshark', '-r', path, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len');
      assert.equal(times, '7.000005000\t47\n7.000005000\t47\n');
    }
  });

  test(`frame check sequences beside the link type, ${order}-endian`, async () => {
    const path = fileOf(
      Buffer.concat([
        pcapHeader(order, 0xa1b2c3d4, 0x2400_0001),
        pcapRecord(order, 1, 2, Buffer.concat([frame, Buffer.alloc(4)])),
      ]),
    );
    const source = await openSavefile(path);
    assert.deepEqual([source.linkType, source.fcsLength], [1, 4]);
    source.close();
    assert.equal((await readAll(path)).packets[0]!.length, 51);
  });

  test(`lengths in the other order before version 2.3, ${order}-endian`, async () => {
    const header = pcapHeader(order, 0xa1b2c3d4, 1);
    order === 'little' ? header.writeUInt16LE(2, 6) : header.writeUInt16BE(2, 6);
    const record = build(order).u32(1, 2, 100, frame.length).bytes(frame).done();
    const path = fileOf(Buffer.concat([header, record]));
    const { packets } = await readAll(path);
    assert.deepEqual([packets[0]!.length, packets[0]!.data], [100, Buffer.from(frame).toString('hex')]);
  });
}

test('bytes beyond the snapshot length are no part of the packet', async () => {
  const path = fileOf(
    Buffer.concat([pcapHeader('little', 0xa1b2c3d4, 1, 20), pcapRecord('little', 1, 2, frame)]),
  );
  const { packets } = await readAll(path);
  assert.deepEqual([packets[0]!.data.length / 2, packets[0]!.length], [20, 47]);
});

test('broken files: everything before the break, then the reason, in libpcap’s words', async () => {
  const record = pcapRecord('little', 1, 2, frame);
  const head = pcapHeader('little', 0xa1b2c3d4, 1);
  const broken = async (
    bytes: Uint8Array,
    count: number,
    reason: string,
    offset: number | null,
  ): Promise<void> => {
    const path = fileOf(bytes);
    const { packets, error } = await readAll(path);
    assert.equal(packets.length, count);
    assert.equal(error?.message, offset === null ? reason : `${reason} (${path}, byte ${offset})`);
    if (!has('tcpdump')) return;
    let said = '';
    try {
      const { execFileSync } = await import('node:child_process');
      execFileSync('tcpdump', ['-nr', path], { stdio: 'pipe' });
    } catch (thrown) {
      said = String((thrown as { stderr: Buffer }).stderr);
    }
    assert.ok(said.includes(reason), `${said} lacks ${reason}`);
  };
  const truncated = 'truncated dump file; tried to read';
  await broken(Buffer.alloc(0), 0, `${truncated} 4 file header bytes, only got 0`, 0);
  await broken(Buffer.from([0xd4, 0xc3]), 0, `${truncated} 4 file header bytes, only got 2`, 0);
  await broken(Buffer.from('Hello, world'), 0, 'unknown file format', 0);
  await broken(head.subarray(0, 23), 0, `${truncated} 24 file header bytes, only got 19`, 0);
  await broken(
    Buffer.concat([head, record, record.subarray(0, 15)]),
    1,
    `${truncated} 16 header bytes, only got 15`,
    87,
  );
  await broken(
    Buffer.concat([head, record, record.subarray(0, 40)]),
    1,
    `${truncated} 47 captured bytes, only got 24`,
    87,
  );
  const huge = build('little').u32(1, 2, 0x4000_0000, 60).done();
  await broken(
    Buffer.concat([head, record, huge]),
    1,
    'invalid packet capture length 1073741824, bigger than snaplen of 65535',
    87,
  );
  const newer = Buffer.from(head);
  newer.writeUInt16LE(3, 4);
  await broken(newer, 0, 'unsupported pcap savefile version 3.4', 0);
  newer.writeUInt16LE(1, 4);
  await broken(newer, 0, 'archaic pcap savefile format', 0);
});

test('what can’t be opened', async () => {
  const message = async (path: string): Promise<string | undefined> => (await readAll(path)).error?.message;
  assert.equal(await message('/nonexistent/file'), '/nonexistent/file: No such file or directory');
  assert.equal(await message('/'), '/: Is a directory');
});

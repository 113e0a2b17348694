// Copies: nothing is lost from pcapng to pcapng, and the formats turn into one another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LinkType, type Packet } from '../../src/packet/index.js';
import { type CreateOptions, createSavefile, openSavefile } from '../../src/savefile/index.js';
import {
  block,
  build,
  description,
  enhanced,
  ORDERS,
  type Order,
  option,
  pcapHeader,
  pcapRecord,
  processBlock,
  processEntry,
  section,
} from './build.js';
import { factsOf, fileOf, has, newPath, readAll, run, udp } from './helpers.js';

const frame = udp();
const LE = 'little';

async function copy(
  path: string,
  options: Partial<CreateOptions> = {},
  filter: (packet: Packet) => boolean = () => true,
): Promise<string> {
  const out = newPath();
  const source = await openSavefile(path);
  const writer = await createSavefile(out, {
    format: source.format,
    linkType: source.linkType,
    snapshotLength: source.snapshotLength,
    copyOf: source,
    ...options,
  });
  await source.run((packet) => {
    if (filter(packet)) writer.packet(packet);
    return true;
  });
  writer.close();
  source.close();
  return out;
}

/** Blocks of a pcapng file: type and bytes. */
function blocks(path: string, order: Order): { type: number; bytes: Buffer }[] {
  const bytes = readFileSync(path);
  const u32 = (at: number): number => (order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const found = [];
  for (let at = 0; at < bytes.length; at += u32(at + 4)) {
    found.push({ type: u32(at), bytes: bytes.subarray(at, at + u32(at + 4)) });
  }
  return found;
}

const u32 = (order: Order, ...values: number[]) => build(order).u32(...values);

for (const order of ORDERS) {
  const head = section(
    order,
    option(order, 2, 'x86'),
    option(order, 4, 'other'),
    option(order, 1, 'why'),
    option(order, 0x7fff, 'odd'),
  );
  const first = description(
    order,
    1,
    1000,
    option(order, 2, 'eth0'),
    option(order, 9, Uint8Array.of(12)),
    option(order, 14, build(order).u64(-5n)),
    option(order, 4, Uint8Array.of(10, 0, 0, 1, 255, 0, 0, 0)),
    option(order, 0x8001, u32(order, 3)),
  );
  const second = description(order, 1, 0, option(order, 2, 'unused'));
  const names = block(order, 4, build(order).u16(1, 8).u8(127, 0, 0, 1).bytes('one\0').u16(0, 0));
  const secrets = block(order, 10, u32(order, 0x544c534b, 6).bytes('CLIENT').pad());
  const journal = block(order, 9, build(order).bytes('__REALTIME_TIMESTAMP=1700000000000000\n').pad());
  const event = block(order, 0x80000002, u32(order, 1, 2, 3, 4).bytes('boot'));
  const unknown = block(order, 0x0badcafe, u32(order, 1, 2, 3));
  const custom = block(order, 0x0bad, u32(order, 4242).bytes('theirs').pad());
  const otherEntry = block(order, 0x0bad, u32(order, 32622), build(LE).u32(9, 4, 1));
  const private_ = block(order, 0x40000bad, u32(order, 4242).bytes('mine'));
  const statistics = block(
    order,
    5,
    u32(order, 1, 7, 8),
    option(order, 4, build(order).u64(99n)),
    Buffer.alloc(4),
  );
  const times = 1_700_000_123_456_789_012n;
  const odd = [
    option(order, 3, Uint8Array.of(2, 1, 2, 3, 4)),
    option(order, 5, build(order).u64(77n)),
    option(order, 0x7ffe, 'x'),
  ];

  test(`a copy keeps every block and option, ${order}-endian`, async () => {
    const path = fileOf(
      Buffer.concat([
        head,
        first,
        second,
        names,
        secrets,
        journal,
        event,
        unknown,
        custom,
        otherEntry,
        private_,
        enhanced(
          order,
          { units: times, length: 99 },
          frame,
          option(order, 1, 'PID: 5\nParentCmd: /bin/x'),
          option(order, 2, u32(order, 0x8000_01a6)),
          ...odd,
          option(order, 19372, u32(order, 4242).bytes('private')),
        ),
        statistics,
      ]),
    );
    const out = await copy(path);
    const found = blocks(out, order);
    const kept = [head, first, second, names, secrets, journal, event, unknown, custom, otherEntry];
    for (const [i, wanted] of kept.entries()) {
      // The options of interfaces come in our order; everything else is the same to the byte.
      if (wanted === first) assert.equal(found[i]!.bytes.length, wanted.length);
      else assert.deepEqual(found[i]!.bytes, wanted, `block ${i}`);
    }
    // ptcpdump's comment stays, and gets the blocks of the other dialects.
    assert.deepEqual(
      found.slice(kept.length).map(({ type }) => type),
      [0x80000001, 6, 5],
    );
    assert.deepEqual(
      found[kept.length + 1]!.bytes,
      enhanced(
        order,
        { units: times, length: 99 },
        frame,
        option(order, 1, 'PID: 5\nParentCmd: /bin/x'),
        ...odd,
        option(order, 2, u32(order, 0x8000_01a6)),
        option(order, 8, u32(order, 5, 0)),
        option(order, 0x8001, u32(order, 0)),
      ),
    );
    assert.deepEqual(found.at(-1)!.bytes, statistics);
    const [before, after] = [await readAll(path), await readAll(out)];
    assert.deepEqual(after.packets[0]!.interface, before.packets[0]!.interface);
    assert.deepEqual([after.packets[0]!.seconds, after.packets[0]!.nanoseconds], [1_699_995, 123_456_789]);
    // The copy of a copy is the same to the byte.
    assert.deepEqual(readFileSync(await copy(out)), readFileSync(out));
    if (has('tshark')) {
      const fields = [
        '-T',
        'fields',
        '-e',
        'frame.time_epoch',
        '-e',
        'frame.len',
        '-e',
        'frame.packet_flags',
      ];
      const shown = (file: string): string[] =>
        run('tshark', '-r', file, ...fields)
          .split('\n')
          .filter((line) => /^\d/.test(line));
      assert.deepEqual(shown(out), shown(path));
      // The packet, and the journal's entry, which tshark takes for a frame.
      assert.equal(shown(out).length, 2);
    }
  });

  test(`only processes still referred to, renumbered, ${order}-endian`, async () => {
    const packet = (number: number, pid: number, extra: Buffer[] = []): Buffer =>
      enhanced(
        order,
        {},
        frame,
        option(order, 8, u32(order, pid, 0)),
        option(order, 0x8001, u32(order, number)),
        ...extra,
      );
    const path = fileOf(
      Buffer.concat([
        section(order),
        description(order, 1, 0),
        ...[10, 11, 12, 13].map((pid) =>
          Buffer.concat([
            processBlock(order, pid, option(order, 2, `p${pid}`), option(order, 0x7000, 'odd')),
            processEntry(order, pid, [option(LE, 2, `p${pid}`), option(LE, 0x6000, 'strange')]),
          ]),
        ),
        packet(0, 10),
        packet(3, 13, [option(order, 0x8003, u32(order, 2))]),
        packet(1, 11),
        packet(3, 13),
      ]),
    );
    const notFirst = (packet: Packet): boolean => packet.metadata!.process!.pid !== 10;
    const out = await copy(path, { dialect: 'wireshark', ownerComments: 'none' }, notFirst);
    const found = blocks(out, order);
    assert.deepEqual(
      found.map(({ type }) => type.toString(16)),
      ['a0d0d0a', '1', '80000001', 'bad', '80000001', 'bad', '6', '80000001', 'bad', '6', '6'],
    );
    assert.deepEqual(
      found[2]!.bytes,
      processBlock(order, 13, option(order, 2, 'p13'), option(order, 0x7000, 'odd')),
    );
    assert.deepEqual(
      found[3]!.bytes,
      processEntry(order, 13, [option(LE, 2, 'p13'), option(LE, 0x6000, 'strange')]),
    );
    // Without entries, what they say is in the blocks, and becomes entries again.
    const blocksAlone = await copy(path, { ownerComments: 'none' }, notFirst);
    assert.deepEqual(
      blocks(blocksAlone, order).map(({ type }) => type.toString(16)),
      ['a0d0d0a', '1', '80000001', '80000001', '6', '80000001', '6', '6'],
    );
    const again = await copy(blocksAlone, { dialect: 'wireshark', ownerComments: 'none' });
    assert.deepEqual(readFileSync(again), readFileSync(out));
    const { packets } = await readAll(out);
    assert.deepEqual(
      packets.map((p) => [p.metadata?.process?.name, p.metadata?.effectiveProcess?.name]),
      [
        ['p13', 'p12'],
        ['p11', undefined],
        ['p13', undefined],
      ],
    );
  });
}

test('a copy of several sections keeps them', async () => {
  const one = (order: Order, name: string): Buffer =>
    Buffer.concat([
      section(order, option(order, 1, name)),
      description(order, 1, 0, option(order, 2, name)),
      processBlock(order, 9, option(order, 2, name)),
      block(order, 77, u32(order, 1)),
      enhanced(order, {}, frame, option(order, 0x8001, u32(order, 0))),
    ]);
  const parts = [one('big', 'a'), one('little', 'b'), one('big', 'c')];
  const out = await copy(fileOf(Buffer.concat(parts)));
  const { packets } = await readAll(out);
  assert.deepEqual(
    packets.map((p) => [p.interface?.name, p.metadata?.process?.name]),
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ],
  );
  const bytes = readFileSync(out);
  for (const order of ['big', 'little', 'big'] as const)
    assert.ok(bytes.includes(block(order, 77, u32(order, 1))));
});

test('a copy with a comment of its own, and in other precisions', async () => {
  const path = fileOf(
    Buffer.concat([
      section(LE, option(LE, 1, 'theirs')),
      description(LE, 1, 0, option(LE, 9, Uint8Array.of(9)), option(LE, 14, build(LE).u64(10n))),
      enhanced(LE, { units: 5_123_456_789n }, frame),
    ]),
  );
  const out = await copy(path, { precision: 'micro', section: { comments: ['ours', 'too'] } });
  const found = blocks(out, LE);
  const comments = ['theirs', 'ours', 'too'].map((text) => option(LE, 1, text));
  assert.deepEqual(found[0]!.bytes, section(LE, ...comments));
  assert.deepEqual(found[1]!.bytes, block(LE, 1, build(LE).u16(1, 0).u32(0), Buffer.alloc(4)));
  assert.deepEqual(found[2]!.bytes, enhanced(LE, { units: 15_123_456n }, frame));
});

test('between pcap, pcapng and PKTAP', async () => {
  const record = (bytes: Uint8Array): Buffer => pcapRecord(LE, 1, 123_456_789, bytes, bytes.length + 4);
  const nano = fileOf(Buffer.concat([pcapHeader(LE, 0xa1b23c4d, 0x2400_0001, 2000), record(frame)]));
  assert.deepEqual(readFileSync(await copy(nano)), readFileSync(nano), 'pcap to pcap');
  const ng = await copy(nano, { format: 'pcapng' });
  const [head, interface_, packet] = blocks(ng, LE);
  assert.deepEqual(head!.bytes, section(LE));
  assert.deepEqual(
    interface_!.bytes,
    description(LE, 1, 2000, option(LE, 9, Uint8Array.of(9)), option(LE, 13, Uint8Array.of(4))),
  );
  assert.deepEqual(packet!.bytes, enhanced(LE, { units: 1_123_456_789n, length: 51 }, frame));
  assert.deepEqual(readFileSync(await copy(ng, { format: 'pcap' })), readFileSync(nano), 'and back');
  const micro = await copy(nano, { precision: 'micro' });
  assert.deepEqual(
    readFileSync(micro),
    Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 0x2400_0001, 2000), pcapRecord(LE, 1, 123_456, frame, 51)]),
  );
  const big = fileOf(Buffer.concat([pcapHeader('big', 0xa1b2c3d4, 1), pcapRecord('big', 1, 2, frame)]));
  assert.deepEqual(
    readFileSync(await copy(big)),
    Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 1), pcapRecord(LE, 1, 2, frame)]),
  );
});

test('PKTAP headers are kept in pcap and turn into blocks in pcapng', async () => {
  // A header of a length of its own: only the one that came with the packet has it.
  const header = build(LE)
    .u32(112, 1, 1)
    .bytes('en0', 24)
    .u32(1, 2, 14, 0, 4711)
    .bytes('curl', 17)
    .u8(6)
    .u16(0)
    .u32(0)
    .u16(6, 7)
    .u32(-1)
    .bytes('', 17 + 3)
    .u32(5)
    .done();
  for (const linkType of [LinkType.PKTAP, LinkType.USER2]) {
    const file = Buffer.concat([
      pcapHeader(LE, 0xa1b2c3d4, linkType),
      pcapRecord(LE, 1, 2, Buffer.concat([header, frame])),
    ]);
    const path = fileOf(file);
    assert.deepEqual(readFileSync(await copy(path)), file);
    const out = await copy(path, { format: 'pcapng' });
    const { packets } = await readAll(out);
    assert.deepEqual(
      [
        packets[0]!.linkType,
        packets[0]!.interface?.name,
        packets[0]!.metadata?.direction,
        packets[0]!.metadata?.flowId,
      ],
      [1, 'en0', 1, 5],
    );
    assert.deepEqual(factsOf(packets[0]!.metadata?.process), { pid: 4711, name: 'curl' });
    if (has('tcpdump'))
      assert.match(run('tcpdump', '-nr', out), /IP 127\.0\.0\.1\.1000 > 127\.0\.0\.2\.2000/);
  }
  const inside = fileOf(
    Buffer.concat([
      section('big'),
      description('big', 258, 0, option('big', 2, 'pktap')),
      enhanced('big', {}, Buffer.concat([header, frame]), option('big', 1, 'a'), option('big', 0x7000, 'b')),
    ]),
  );
  const found = blocks(await copy(inside), 'big');
  assert.deepEqual(
    found.map(({ type }) => type),
    [0x0a0d0d0a, 1, 0x80000001, 6],
  );
  assert.equal(found[1]!.bytes.readUInt16BE(8), 1);
  assert.ok(found[3]!.bytes.includes(option('big', 0x7000, 'b')));
  assert.ok(found[3]!.bytes.includes(option('big', 1, 'a')));
});

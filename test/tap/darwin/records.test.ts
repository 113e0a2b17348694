// Buffers of /dev/bpf taken apart: padding, cut packets, what makes no sense; 100,000 broken ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PktapUnwrapper } from '../../../src/decode/index.js';
import { LinkType, Packet } from '../../../src/packet/index.js';
import { BpfRecords } from '../../../src/tap/darwin/records.js';
import { buffer, dropped, ethernet, ipv4, loopback, record, version1, version2 } from './build.js';

/** What a buffer holds, and whether it broke off. */
function all(bytes: Uint8Array): [records: [number, number, number, number, string][], broken: boolean] {
  const records = new BpfRecords(new Uint8Array(bytes));
  records.begin(bytes.length);
  const found: [number, number, number, number, string][] = [];
  while (records.next()) {
    const { seconds, microseconds, captured, length, offset } = records;
    const text = Buffer.from(records.bytes.subarray(offset, offset + captured)).toString('latin1');
    found.push([seconds, microseconds, captured, length, text]);
  }
  return [found, records.broken];
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

test('records stand at multiples of 4, whatever their headers’ and packets’ lengths', () => {
  const bytes = buffer(
    record(text('a'), { seconds: 1, microseconds: 2 }),
    record(text('four'), { seconds: 3, microseconds: 4, header: 20, length: 1500 }),
    record(text(''), { seconds: 5, microseconds: 6, header: 26 }),
    record(text('last!'), { seconds: 0x80000000, microseconds: 999_999 }),
  );
  assert.deepEqual(all(bytes), [
    [
      [1, 2, 1, 1, 'a'],
      [3, 4, 4, 1500, 'four'],
      [5, 6, 0, 0, ''],
      [0x80000000, 999_999, 5, 5, 'last!'],
    ],
    false,
  ]);
  assert.deepEqual(all(Buffer.concat([bytes, Buffer.alloc(3)]))[0].length, 4, 'padding at the end');
  assert.deepEqual(all(new Uint8Array(0)), [[], false]);
});

test('a record that says more than there is ends its buffer, and those before it stay', () => {
  const good = record(text('good'));
  const breaks: [string, (bytes: Buffer) => void][] = [
    ['captured', (bytes) => bytes.writeUInt32LE(0xffffffff, 8)],
    ['one byte too many', (bytes) => bytes.writeUInt32LE(5, 8)],
    ['a header longer than the buffer', (bytes) => bytes.writeUInt16LE(0xffff, 16)],
    ['a header that ends within itself', (bytes) => bytes.writeUInt16LE(17, 16)],
    ['no header', (bytes) => bytes.writeUInt16LE(0, 16)],
  ];
  for (const [name, spoil] of breaks) {
    const bad = Buffer.from(good);
    spoil(bad);
    const [found, broken] = all(buffer(good, bad));
    assert.deepEqual([found.length, broken], [1, true], name);
  }
  assert.deepEqual(all(buffer(good, good.subarray(0, 17)))[1], true, 'a header cut off');
  const claims = record(text('more'), { length: 2 });
  assert.equal(all(claims)[0][0]![3], 4, 'no packet is shorter than what was captured of it');
});

test('100,000 broken buffers: every packet lies in its buffer, and nothing else happens', () => {
  let state = 12_345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const uuid = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
  const good = buffer(
    record(version1(ethernet(ipv4(1, 2)), { uuid })),
    record(version2(loopback(ipv4(3, 4)), { dlt: 0, uuid })),
    record(dropped(ethernet(ipv4(5, 6)), {}, 1, 2, 'somewhere')),
    record(version1(ipv4(7, 8), { dlt: 12, effectivePid: 3, effectiveName: 'x' })),
  );
  const unwrapper = new PktapUnwrapper(262_144, false);
  const bytes = new Uint8Array(good.length);
  const records = new BpfRecords(bytes);
  const packet = new Packet();
  let packets = 0;
  for (let i = 0; i < 100_000; i++) {
    bytes.set(good);
    for (let n = 1 + random(4); n > 0; n--) bytes[random(bytes.length)] = random(256);
    const size = random(4) === 0 ? random(bytes.length + 1) : bytes.length;
    records.begin(size);
    while (records.next()) {
      packet.buffer = bytes;
      packet.offset = records.offset;
      packet.capturedLength = records.captured;
      packet.length = records.length;
      packet.linkType = LinkType.PKTAP;
      unwrapper.unwrap(packet);
      packets++;
      assert.ok(packet.offset + packet.capturedLength <= size && packet.capturedLength >= 0);
      assert.ok(packet.length >= packet.capturedLength);
    }
  }
  assert.ok(packets > 200_000, `${packets} packets`);
});

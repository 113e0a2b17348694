// The whole files that the fuzzer breaks: every format and dialect, in both byte orders, plain and compressed.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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
  udp,
} from '../build.js';
import { dropped, version1, version2 } from '../headers.js';

const frame = udp();
const uuid = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
/** Largest capture of a folder taken. */
const LARGEST = 16_384;

function pcaps(order: Order): Buffer[] {
  const record = pcapRecord(order, 1_700_000_000, 123_456, frame);
  const kuznetzov = pcapRecord(order, 7, 8, frame, 60, build(order).u32(2).u16(0x0800).u8(4, 0).done());
  const old = pcapHeader(order, 0xa1b2c3d4, 1);
  order === 'little' ? old.writeUInt16LE(3, 6) : old.writeUInt16BE(3, 6);
  const headers = [
    Buffer.concat([version1(), frame]),
    Buffer.concat([version1({ length: 108 }), frame]),
    Buffer.concat([dropped(513, 'tcp_input'), frame]),
    Buffer.concat([dropped(0, ''), frame]),
    Buffer.concat([version2(), frame.subarray(14)]),
  ].map((bytes) => pcapRecord(order, 1, 2, bytes));
  return [
    Buffer.concat([pcapHeader(order, 0xa1b2c3d4, 1), record, record]),
    Buffer.concat([pcapHeader(order, 0xa1b23c4d, 0x2400_0001), record, record]),
    Buffer.concat([old, record, record]),
    Buffer.concat([pcapHeader(order, 0xa1b2cd34, 1), kuznetzov, kuznetzov]),
    Buffer.concat([pcapHeader(order, 0x1c0001ac, 1), build(order).u32(126).done(), record, record]),
    ...[258, 149].map((type) => Buffer.concat([pcapHeader(order, 0xa1b2c3d4, type, 262_144), ...headers])),
  ];
}

function pcapngs(order: Order): Buffer[] {
  const u32 = (...values: number[]) => build(order).u32(...values);
  const le = (...values: number[]) => build('little').u32(...values);
  const head = section(order, option(order, 1, 'why'), option(order, 2, 'x86'), option(order, 4, 'other'));
  const first = description(
    order,
    1,
    262_144,
    option(order, 2, 'eth0'),
    option(order, 6, Uint8Array.of(2, 0, 0, 0, 0, 1)),
    option(order, 8, build(order).u64(1_000_000n)),
    option(order, 9, Uint8Array.of(9)),
    option(order, 11, '\0port 80'),
    option(order, 13, Uint8Array.of(4)),
    option(order, 0x8001, u32(3)),
  );
  const binary = description(
    order,
    101,
    0,
    option(order, 9, Uint8Array.of(0x94)),
    option(order, 14, build(order).u64(-3600n)),
  );
  const apple = [
    processBlock(
      order,
      4711,
      option(order, 2, 'curl'),
      option(order, 3, '/usr/bin/curl'),
      option(order, 4, uuid),
    ),
    processBlock(order, 12, option(order, 2, 'agent'), option(order, 1, 'note')),
  ];
  const entry = processEntry(order, 4711, [
    option('little', 2, 'curl'),
    option('little', 4, 'curl\0-s\0'),
    option('little', 5, le(1)),
    option('little', 7, 'ada'),
    option('little', 9, build('little').u64(5_000_000_000n)),
    option('little', 1, 'ContainerID: abc'),
    option('little', 1, 'note'),
  ]);
  const known = [
    option(order, 2, u32(0xc2)),
    option(order, 8, u32(4711, 4712)),
    option(order, 0x8001, u32(0)),
    option(order, 0x8002, u32(900)),
    option(order, 0x8003, u32(1)),
    option(order, 0x8004, u32(0xff)),
    option(order, 0x8005, u32(77)),
    option(order, 0x8006, build(order).u16(3)),
  ];
  const drop = [
    option(order, 0x8007, u32(77)),
    option(order, 0x8008, build(order).u16(513)),
    option(order, 0x8009, 'tcp_input'),
    option(order, 0x800a, u32(5)),
    option(order, 4, build(order).u64(2n)),
    option(order, 1, 'Drop reason: NO_SOCKET'),
  ];
  const old = block(order, 2, build(order).u16(0, 3).u32(0, 7, frame.length, 60).bytes(frame).pad());
  const simple = block(order, 3, u32(frame.length).bytes(frame).pad());
  const rest = [
    block(order, 4, build(order).u16(1, 8).u8(127, 0, 0, 1).bytes('one\0').u16(0, 0)),
    block(order, 5, u32(0, 7, 8), option(order, 4, build(order).u64(99n)), Buffer.alloc(4)),
    block(order, 9, build(order).bytes('__REALTIME_TIMESTAMP=1700000000000000\n').pad()),
    block(order, 10, u32(0x544c534b, 6).bytes('CLIENT').pad()),
    block(order, 0x80000002, u32(1, 2, 3, 4).bytes('boot')),
    block(order, 0x0bad, u32(4242).bytes('theirs').pad()),
    block(order, 0x40000bad, u32(4242).bytes('mine')),
    block(order, 0x0badcafe, u32(1, 2, 3)),
  ];
  const one = Buffer.concat([
    head,
    first,
    ...apple,
    entry,
    enhanced(order, { units: 1_700_000_000_123_456_789n }, frame, ...known),
    enhanced(order, { units: 1n }, frame, ...known, ...drop),
    enhanced(order, {}, frame),
  ]);
  const two = Buffer.concat([
    head,
    first,
    binary,
    ...rest,
    old,
    simple,
    enhanced(order, { interface: 1, units: 5n }, frame.subarray(14), option(order, 8, u32(4711, 0))),
    entry,
    enhanced(order, { interface: 1, units: 1n << 40n }, frame.subarray(14), option(order, 8, u32(4711, 0))),
    enhanced(order, {}, frame, option(order, 1, 'PID: 5\nCmd: /bin/sh\nArgs: -c x\nParentPID: 1')),
    enhanced(order, {}, frame, option(order, 19372, u32(4242).bytes('x')), option(order, 0x7ffe, 'odd')),
  ]);
  const pktap = Buffer.concat([
    section(order),
    description(order, 258, 0, option(order, 2, 'pktap')),
    enhanced(order, {}, Buffer.concat([version1(), frame]), option(order, 1, 'a')),
    enhanced(order, {}, Buffer.concat([version2(), frame.subarray(14)])),
  ]);
  const empty = Buffer.concat([section(order), description(order, 1, 0)]);
  return [one, two, pktap, empty];
}

/** An LZ4 frame of one block as it is: what is in it can be broken without a checksum noticing. */
function lz4(bytes: Buffer): Buffer {
  const head = Buffer.from('04224d18604082', 'hex');
  return Buffer.concat([
    head,
    build('little')
      .u32(0x8000_0000 + bytes.length)
      .done(),
    bytes,
    Buffer.alloc(4),
  ]);
}

function zstd(bytes: Buffer): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), head, bytes]);
}

/** What a program makes of it, where there is one. */
function packed(command: string, bytes: Buffer): Buffer[] {
  try {
    return [execFileSync(command, ['-c'], { input: bytes, stdio: ['pipe', 'pipe', 'ignore'] })];
  } catch {
    return [];
  }
}

/** Small captures in a folder, where there is one. */
function captures(folder: string): Buffer[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => /\.(pcap|pcapng|cap)$/.test(path) && statSync(path).size < LARGEST)
    .map((path) => readFileSync(path));
}

/** @param more captures of a folder, to break these too */
export function seeds(more: string | null): Buffer[] {
  const own = ORDERS.flatMap((order) => [...pcaps(order), ...pcapngs(order)]);
  own.push(Buffer.concat([pcapngs('little')[0]!, pcapngs('big')[1]!, pcapngs('little')[1]!]));
  const compressed = [own[0]!, own.at(-1)!].flatMap((bytes) => [
    lz4(bytes),
    zstd(bytes),
    ...packed('lz4', bytes),
    ...packed('zstd', bytes),
  ]);
  // Each takes as long as a hundred others: zlib answers from another thread.
  compressed.push(gzipSync(own.at(-1)!, { level: 0 }), gzipSync(own[7]!));
  return [...own, ...compressed, ...captures('examples'), ...(more === null ? [] : captures(more))];
}

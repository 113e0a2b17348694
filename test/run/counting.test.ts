// Large files are counted on two threads, with the same result as on one.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import {
  build,
  description,
  enhanced,
  option,
  pcapHeader,
  pcapRecord,
  section,
  udp,
} from '../savefile/build.js';
import { version1 } from '../savefile/headers.js';
import { fileOf, has } from '../savefile/helpers.js';
import { command, type Ended } from '../savefile/program.js';

const LE = 'little';
/** What else runs here decides nothing. */
process.env['PKTAP_THREADS'] = '2';
/** Above what a second thread is worth. */
const SIZE = 66 << 20;
const large = Buffer.alloc(40_000, 'x');
const piece = Buffer.concat([
  enhanced(LE, { units: 1n }, udp(), option(LE, 8, build(LE).u32(7, 7))),
  enhanced(LE, { units: 2n }, udp('some more'.repeat(90))),
  enhanced(LE, { units: 3n }, Buffer.concat([udp(), large])),
]);
const records = Buffer.concat(
  [udp(), udp('some more'.repeat(91)), Buffer.concat([udp(), large])].map((bytes) =>
    pcapRecord(LE, 1_700_000_000, 5, bytes),
  ),
);

const times = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(size / bytes.length) }, () => bytes);

/** Runs it on all processors, and on one. */
function both(...args: string[]): [two: Ended, one: Ended] {
  const run = (name: string, ...more: string[]): Ended => {
    const { status, stdout, stderr } = spawnSync(name, more, { encoding: 'utf8' });
    return { status, out: stdout, err: stderr };
  };
  return [run(command, ...args), run('taskset', '-c', '0', command, ...args)];
}

const head = Buffer.concat([section(LE), description(LE, 1, 0), description(LE, 101, 0)]);
const pcap = pcapHeader(LE, 0xa1b2c3d4, 1, 262_144);
const half = SIZE / 2;
const tapped = Buffer.concat(
  [17, 4711].flatMap((pid) => {
    const header = version1();
    header.writeUInt32LE(pid, 52);
    return [udp(), Buffer.concat([udp(), large])].map((bytes) =>
      pcapRecord(LE, 1_700_000_000, 5, Buffer.concat([header, bytes])),
    );
  }),
);
const cases: { [name: string]: () => Buffer } = {
  pcapng: () => Buffer.concat([head, ...times(piece, SIZE)]),
  pcap: () => Buffer.concat([pcap, ...times(records, SIZE)]),
  'a pcap file of PKTAP packets': () =>
    Buffer.concat([pcapHeader(LE, 0xa1b2c3d4, 258, 262_144), ...times(tapped, SIZE)]),
  'a pcapng file with a broken end': () => Buffer.concat([head, ...times(piece, SIZE)]).subarray(0, -9),
  'a pcap file with a broken end': () => Buffer.concat([pcap, ...times(records, SIZE)]).subarray(0, -9),
  'a pcapng file broken in its first half': () =>
    Buffer.concat([head, ...times(piece, half / 2), Buffer.alloc(16, 1), ...times(piece, SIZE)]),
  'a new section in the first half': () =>
    Buffer.concat([head, ...times(piece, half), section(LE), description(LE, 1, 0), ...times(piece, half)]),
  'a new section and byte order in the second half': () =>
    Buffer.concat([
      head,
      ...times(piece, half * 1.8),
      section('big'),
      description('big', 1, 0),
      enhanced('big', {}, udp()),
    ]),
  // What lies in the middle looks like packets, but is inside of one.
  'packets in a packet': () =>
    Buffer.concat([
      head,
      ...times(piece, half * 0.95),
      ...times(enhanced(LE, {}, Buffer.concat([Buffer.alloc(8), ...times(piece, 5 << 20)])), half),
    ]),
};

for (const [name, bytes] of Object.entries(cases)) {
  test(`counting on two threads: ${name}`, {
    skip: (availableParallelism() < 2 || !has('taskset')) && 'one processor, or no taskset',
  }, () => {
    const path = fileOf(bytes());
    for (const filter of [[], ['udp and greater 500'], ['-Q', 'pid = 4711 and dir = out']]) {
      const [two, one] = both('--count', '-r', path, ...filter);
      assert.deepEqual(two, one, filter.join(' '));
      assert.match(
        two.out,
        filter[0] === '-Q' && !name.includes('PKTAP') ? /^\d+ packets\n$/ : /^[1-9]\d+ packets\n$/,
      );
    }
    rmSync(path);
  });
}

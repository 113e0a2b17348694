// Numbers that nothing said would be what they are: they are written as they are, and never as NUL bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { defaultPrintOptions, TextOutput } from '../../src/print/index.js';
import { LineWriter } from '../../src/print/writer.js';

function written(write: (w: LineWriter) => void): string {
  const w = new LineWriter();
  write(w);
  return w.since(0);
}

test('decimal numbers of every kind', () => {
  const decimals = [
    0,
    9,
    999,
    1000,
    999_999,
    1_000_000,
    0xffffffff,
    2 ** 32,
    2 ** 53,
    -1,
    -1000,
    -(2 ** 31),
    NaN,
  ];
  for (const n of decimals) {
    assert.equal(
      written((w) => w.dec(n)),
      String(n),
    );
    assert.equal(
      written((w) => w.int(n)),
      String(n),
    );
  }
  const padded: [number, number, string][] = [
    [5, 6, '000005'],
    [-5, 6, '-00005'],
    [-5, 2, '-5'],
    [-1_000_000, 6, '-1000000'],
    [1_234_567, 6, '1234567'],
    [-1, 9, '-00000001'],
  ];
  for (const [n, width, text] of padded) {
    assert.equal(
      written((w) => w.dec0(n, width)),
      text,
    );
  }
  assert.equal(
    written((w) => w.hex(-1)),
    'ffffffff',
  );
  assert.equal(
    written((w) => w.hex0(-1, 4)),
    'ffffffff',
  );
});

/** The beginnings of the lines of packets with these times, [seconds, nanoseconds]. */
function times(timestamp: number, ...packets: [number, number][]): string[] {
  let text = '';
  const output = new TextOutput({ ...defaultPrintOptions(), numeric: true, timestamp }, (bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  });
  const packet = new Packet();
  packet.buffer = new Uint8Array(14);
  packet.capturedLength = 14;
  packet.length = 14;
  packet.linkType = 1;
  for (const [seconds, nanoseconds] of packets) {
    packet.seconds = seconds;
    packet.nanoseconds = nanoseconds;
    output.packet(packet);
  }
  output.close();
  return [...text.matchAll(/^([ -]?\d\d:\d\d:\d\d\.\d+(?: \(invalid us\))?) /gm)].map((match) => match[1]!);
}

test('differences of times, with fractions that are none', () => {
  assert.deepEqual(times(3, [10, 5000], [11, 4000], [10, 5000], [10, 5000]), [
    ' 00:00:00.000000',
    ' 00:00:00.999999',
    '-00:00:00.999999',
    ' 00:00:00.000000',
  ]);
  // 4294.967295 seconds of fraction, then none.
  assert.deepEqual(times(3, [10, 4_294_967_295_000], [20_000, 0]), [
    ' 00:00:00.000000',
    ' 04:21:35.032705 (invalid us)',
  ]);
  assert.deepEqual(times(3, [10, 4_294_967_295_000], [11, 0]), [
    ' 00:00:00.000000',
    '-01:11:33.967295 (invalid us)',
  ]);
});

test('a process whose ID is negative', () => {
  let text = '';
  const output = new TextOutput(
    { ...defaultPrintOptions(), numeric: true, timestamp: 1, metadata: 'NP' },
    (bytes) => {
      text += Buffer.from(bytes).toString('latin1');
    },
  );
  const packet = new Packet();
  packet.buffer = new Uint8Array(14);
  packet.capturedLength = 14;
  packet.length = 14;
  packet.linkType = 1;
  packet.metadata = new PacketMetadata();
  packet.metadata.process = makeProcess({ pid: -2, name: 'x' });
  output.packet(packet);
  output.close();
  assert.match(text, /^\(proc x:-2\) /);
});

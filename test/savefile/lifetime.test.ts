// Files that are closed: twice, while they are read, before they are read; what is asked of them then throws.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Packet } from '../../src/packet/index.js';
import { defaultPrintOptions, TextOutput } from '../../src/print/index.js';
import {
  type CreateOptions,
  createSavefile,
  type OpenOptions,
  openMergedSavefiles,
  openSavefile,
  openSavefileList,
} from '../../src/savefile/index.js';
import { pcapHeader, pcapRecord, udp } from './build.js';
import { fileOf, newPath } from './helpers.js';

const order = 'little';
const capture = Buffer.concat([
  pcapHeader(order, 0xa1b2c3d4, 1),
  ...Array.from({ length: 5000 }, (_, i) => pcapRecord(order, i, 0, udp())),
]);
const plain = fileOf(capture);
const packed = fileOf(gzipSync(capture));

const sources: readonly (readonly [
  string,
  () =>
    | ReturnType<typeof openSavefile>
    | ReturnType<typeof openSavefileList>
    | ReturnType<typeof openMergedSavefiles>,
])[] = [
  ['a file', () => openSavefile(plain)],
  ['a compressed file', () => openSavefile(packed)],
  ['a list', () => openSavefileList([plain, plain])],
  ['files merged', () => openMergedSavefiles([plain, packed])],
];

const descriptors = (): number => readdirSync('/proc/self/fd').length;

for (const [name, open] of sources) {
  test(`${name}, closed by the handler`, async () => {
    const before = descriptors();
    const source = await open();
    let packets = 0;
    await source.run(() => {
      if (++packets === 3) source.close();
      return true;
    });
    assert.equal(packets, 3);
    assert.equal(descriptors(), before);
    await assert.rejects(
      source.run(() => true),
      /closed$/,
    );
    source.close();
    source.stop();
    assert.ok(source.counts().received >= 3);
  });

  test(`${name}, closed twice: a stranger's descriptor stays`, async () => {
    const source = await open();
    source.close();
    const stranger = openSync(plain, 'r');
    source.close();
    assert.ok(fstatSync(stranger).isFile());
    closeSync(stranger);
    await assert.rejects(
      source.run(() => true),
      /closed$/,
    );
  });

  test(`${name}, closed by a timer while it is read`, async () => {
    const source = await open();
    let closed = false;
    let late = 0;
    setImmediate(() => {
      closed = true;
      source.close();
    });
    const until = performance.now() + 40;
    await source.run(() => {
      if (closed) late++;
      // Slowly, so that the run gives others their turn.
      while (performance.now() < Math.min(until, performance.now() + 0.1));
      return true;
    });
    assert.equal(late, 0);
    source.close();
  });
}

test('a FIFO, closed while it is waited for', async () => {
  const path = newPath();
  execFileSync('mkfifo', [path]);
  const writer = openSync(path, 'r+');
  const { writeSync } = await import('node:fs');
  writeSync(writer, capture.subarray(0, 100));
  const source = await openSavefile(path);
  let packets = 0;
  const run = source.run(() => {
    packets++;
    return true;
  });
  setTimeout(() => source.close(), 50);
  await run;
  assert.equal(packets, 1, 'what is whole');
  source.close();
  closeSync(writer);
});

test('outputs that are closed', async () => {
  const writer = await createSavefile(newPath(), { format: 'pcap', linkType: 1 });
  const packet = new Packet();
  packet.buffer = udp();
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = 1;
  writer.packet(packet);
  writer.close();
  const stranger = openSync(plain, 'r');
  writer.close();
  assert.ok(fstatSync(stranger).isFile());
  closeSync(stranger);
  for (const use of [() => writer.packet(packet), () => writer.flush(), () => writer.reopen()])
    assert.throws(use, /the savefile is closed$/);
  const text = new TextOutput({ ...defaultPrintOptions(), numeric: true }, () => {});
  text.packet(packet);
  text.close();
  text.close();
  for (const use of [() => text.packet(packet), () => text.flush()]) assert.throws(use, /is closed$/);
});

test('the last file of a rotation takes no more packets, and can be closed', async () => {
  const writer = await createSavefile(newPath(), {
    format: 'pcap',
    linkType: 1,
    rotation: { seconds: 1, files: 1 },
  });
  const packet = new Packet();
  packet.buffer = udp();
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = 1;
  writer.packet(packet);
  await new Promise((done) => setTimeout(done, 1100));
  writer.packet(packet);
  assert.ok(writer.limitReached);
  writer.packet(packet);
  writer.flush();
  writer.close();
  assert.equal(writer.packets, 1);
});

test('options with wrong names or values', async () => {
  const wrong: [object, RegExp][] = [
    [{ maximumblock: 1 }, /^openSavefile: there is no option "maximumblock"$/],
    [{ maximumBlock: '1' }, /^openSavefile: maximumBlock must be a whole number, 1 or more, not '1'$/],
    [{ bytesOnly: 1 }, /^openSavefile: bytesOnly must be true or false, not 1$/],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(openSavefile(plain, options as OpenOptions), { name: 'TypeError', message });
  (await openSavefile(plain, { maximumBlock: undefined } as unknown as OpenOptions)).close();
  const creating: [object, RegExp][] = [
    [{ format: 'pcap' }, /^createSavefile: linkType must be given$/],
    [{ format: 'cap', linkType: 1 }, /^createSavefile: format must be one of 'pcap', 'pcapng', not 'cap'$/],
    [{ format: 'pcap', linkType: 1, snaplen: 1 }, /no option "snaplen"$/],
    [
      { format: 'pcap', linkType: 1, rotation: { sise: 1 } },
      /^createSavefile: rotation must be an object without "sise", not an object$/,
    ],
  ];
  for (const [options, message] of creating)
    await assert.rejects(createSavefile(newPath(), options as CreateOptions), { name: 'TypeError', message });
  const printing = { ...defaultPrintOptions(), metadata: 'Z' };
  assert.throws(() => new TextOutput(printing, () => {}), {
    name: 'TypeError',
    message: /metadata must be letters/,
  });
});

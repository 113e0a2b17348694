// -V and --sort: several files as one, as the command's users see it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { openMergedSavefiles } from '../../src/savefile/index.js';
import { block, build, description, enhanced, option, section } from './build.js';
import { fileOf, has, keep, newPath, readAll, run, udp } from './helpers.js';
import { listOf, pcapOf, pktap } from './program.js';

const times = (text: string): number[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [parseFloat(line)]));

test('-V reads the files of a list one after the other, as tcpdump does', () => {
  const list = listOf(pcapOf([3000, 1000]), pcapOf([2000]), pcapOf([]));
  const { status, out, err } = pktap(['-nttV', list]);
  assert.equal(status, 0);
  assert.deepEqual(times(out), [3, 1, 2]);
  assert.equal(
    err.match(/^reading from file .*, link-type EN10MB \(Ethernet\), snapshot length 65535$/gm)?.length,
    3,
  );
  assert.equal(pktap(['-nttV', '-'], { input: readFileSync(list, 'utf8') }).out, out);
  if (has('tcpdump')) assert.equal(run('tcpdump', '-Z', 'root', '-nttV', list), out);
});

test('-V as input of -w, and what it refuses', () => {
  const list = listOf(pcapOf([3000]), pcapOf([1000, 2000]));
  const output = newPath();
  assert.equal(pktap(['-V', list, '-w', output]).status, 0);
  assert.deepEqual(times(pktap(['-nttr', output]).out), [3, 1, 2]);
  const empty = fileOf(Buffer.alloc(0), '.list');
  assert.equal(pktap(['-V', empty]).err, `pktap: Nothing in ${empty}\n`);
  assert.equal(pktap(['-V', '/nowhere']).err, 'pktap: /nowhere: No such file or directory\n');
  assert.match(pktap(['-V', list, '-r', list]).err, /^pktap: -V and -r are mutually exclusive/);
  assert.match(pktap(['--sort', '-r', output]).err, /^pktap: --sort needs -V/);
});

test('files of several link types do not fit into one pcap file', () => {
  const ethernet = pcapOf([1000]);
  const raw = newPath('.raw');
  pktap(['-r', ethernet, '-y', 'RAW', '-w', raw]);
  const list = listOf(ethernet, raw);
  const refused = pktap(['-V', list, '-w', newPath()]);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /\.raw: new dlt doesn't match the first; -P writes pcapng, which takes both\n$/);
  const output = newPath();
  assert.equal(pktap(['-V', list, '-P', '-w', output]).status, 0);
  assert.equal(pktap(['-r', output, '--count']).out, '2 packets\n');
  // A merge has seen all link types before it begins.
  assert.equal(pktap(['-V', list, '--sort', '-w', output]).status, 0);
  assert.equal(pktap(['-r', output, '--count']).out, '2 packets\n');
});

test('--sort merges in the order of time, equal times in the order of the list', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(40), { maxLength: 12 }), { minLength: 1, maxLength: 9 }),
      async (files) => {
        const sorted = files.map((one) => one.toSorted((a, b) => a - b));
        const expected = sorted
          .flatMap((one, file) => one.map((time) => ({ time, file })))
          .sort((a, b) => a.time - b.time || a.file - b.file);
        const paths = sorted.map((one, file) => pcapOf(one, String(file)));
        const merged = await openMergedSavefiles(paths);
        const seen: { time: number; file: number }[] = [];
        await merged.run((packet) => {
          const file = Number(String.fromCharCode(packet.buffer[packet.offset + 42]!));
          seen.push({ time: packet.seconds * 1000 + packet.nanoseconds / 1e6, file });
          return true;
        });
        merged.close();
        assert.deepEqual(seen, expected);
        assert.equal(merged.counts().received, expected.length);
      },
    ),
    { numRuns: 60 },
  );
});

test('--sort writes what mergecap writes, and keeps the interfaces of all inputs', {
  skip: !has('mergecap') && 'no mergecap',
}, async () => {
  const secrets = block('little', 10, build('little').u32(0x544c534b, 8).bytes('CLIENT_x'));
  const ng = (name: string, ...ms: number[]): string =>
    fileOf(
      Buffer.concat([
        section('little', option('little', 1, `comment of ${name}`)),
        description('little', 1, 65535, option('little', 2, name)),
        ...(name === 'en0' ? [secrets] : []),
        ...ms.map((time) => enhanced('little', { units: BigInt(time) * 1000n }, udp(name))),
      ]),
      '.pcapng',
    );
  const paths = [ng('en0', 1000, 5000), ng('en1', 2000, 4000), pcapOf([3000], 'pc')];
  const output = newPath();
  assert.equal(pktap(['-V', listOf(...paths), '--sort', '-w', output]).status, 0);
  const { packets, error } = await readAll(output);
  assert.equal(error, null);
  assert.deepEqual(
    packets.map((one) => [one.seconds, one.interface!.name]),
    [
      [1, 'en0'],
      [2, 'en1'],
      [3, ''],
      [4, 'en1'],
      [5, 'en0'],
    ],
  );
  const bytes = readFileSync(output);
  for (const kept of ['comment of en0', 'comment of en1', 'CLIENT_x']) assert.ok(bytes.includes(kept), kept);
  const judge = newPath();
  run('mergecap', '-w', judge, ...paths);
  const listing = (path: string): string =>
    run('tshark', '-nr', path, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'data');
  assert.equal(listing(output), listing(judge));
});

test('a broken file of several says so; the others are read, and the status is 1', async () => {
  const whole = pcapOf([1000, 3000]);
  const cut = fileOf(readFileSync(whole).subarray(0, -5));
  for (const sort of [[], ['--sort']]) {
    const { status, out, err } = pktap(['-nttV', listOf(cut, whole), ...sort]);
    assert.equal(status, 1);
    assert.deepEqual(times(out).sort(), [1, 1, 3]);
    assert.match(err, new RegExp(`^pktap: truncated dump file; .* \\(${cut}, byte 83\\)$`, 'm'));
  }
  const kept: unknown[] = [];
  const merged = await openMergedSavefiles([whole, cut]);
  await assert.rejects(
    merged.run((packet) => kept.push(keep(packet)) > 0),
    /truncated dump file/,
  );
  assert.equal(kept.length, 2);
  merged.close();
});

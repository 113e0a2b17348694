// Savefiles as the command's users see them: comments, conversions, limits, what can't be read.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { block, build, description, enhanced, option, processBlock, section } from './build.js';
import { fileOf, has, newPath, readAll, run, udp } from './helpers.js';
import { command, header, pcapOf, pktap, record, start, until } from './program.js';

const LE = 'little';

/** The last line on standard error. */
const complaint = (args: readonly string[]): string => {
  const { status, err } = pktap(args);
  assert.equal(status, 1, err);
  return err.split('\n').at(-2)!;
};

test('--comment writes comments on the section, in pcapng whatever was read; -k C shows a packet’s', () => {
  const out = newPath();
  assert.equal(pktap(['-r', pcapOf([1000]), '-w', out, '--comment', 'why', '--comment', 'zwei ü']).status, 0);
  const written = Buffer.concat([option(LE, 1, 'why'), option(LE, 1, 'zwei ü')]);
  assert.deepEqual(readFileSync(out).subarray(24, 24 + written.length), written);
  if (has('capinfos')) assert.match(run('capinfos', '-k', out), /Capture comment: +why\n(.*\n)*.*zwei ü/);
  const again = newPath();
  pktap(['-r', out, '-w', again, '--comment', 'third']);
  const bytes = readFileSync(again);
  assert.deepEqual(bytes.subarray(24, 24 + written.length), written);
  assert.ok(bytes.subarray(0, bytes.readUInt32LE(4)).includes(option(LE, 1, 'third')));
  assert.match(
    complaint(['-r', out, '-y', 'RAW', '-w', again, '--comment', 'x']),
    /^pktap: --comment needs a pcapng/,
  );

  const commented = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 0),
      enhanced(LE, {}, udp(), option(LE, 1, 'one'), option(LE, 1, 'two')),
      enhanced(LE, {}, udp()),
    ]),
  );
  const [first, second] = pktap(['-tn', '-k', 'C', '-r', commented]).out.split('\n');
  assert.match(first!, /^\(.*one.*two.*\) IP 127/);
  assert.match(second!, /^\(\) IP 127/);
});

test('pcap, PKTAP and pcapng turn into one another, in micro- and nanoseconds', async () => {
  const uuid = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
  const path = fileOf(
    Buffer.concat([
      section(LE),
      description(LE, 1, 262_144, option(LE, 2, 'eth0'), option(LE, 9, Uint8Array.of(9))),
      processBlock(LE, 4711, option(LE, 2, 'curl'), option(LE, 4, uuid)),
      enhanced(LE, { units: 5_123_456_789n }, udp(), option(LE, 0x8001, build(LE).u32(0))),
    ]),
  );
  const magics: { [args: string]: [magic: number, linkType: number, nanoseconds: number, name: string] } = {
    '-y PKTAP': [0xa1b2_3c4d, 258, 123_456_789, 'curl'],
    '-y PKTAP --micro': [0xa1b2_c3d4, 258, 123_456_000, 'curl'],
    '-y EN10MB --nano': [0xa1b2_3c4d, 1, 123_456_789, ''],
    '-y RAW --micro': [0xa1b2_c3d4, 101, 123_456_000, ''],
  };
  for (const [args, [magic, linkType, nanoseconds, name]] of Object.entries(magics)) {
    const out = newPath();
    assert.equal(pktap(['-r', path, ...args.split(' '), '-w', out]).status, 0, args);
    const bytes = readFileSync(out);
    assert.deepEqual([bytes.readUInt32LE(0), bytes.readUInt32LE(20)], [magic, linkType], args);
    const back = newPath();
    assert.equal(pktap(['-r', out, '-P', '-w', back]).status, 0, args);
    const [packet] = (await readAll(back)).packets;
    assert.deepEqual(
      [packet!.seconds, packet!.nanoseconds, packet!.metadata?.process?.name ?? ''],
      [5, nanoseconds, name],
      args,
    );
  }
});

test('--max-block-size is the largest block taken, 16 MiB without it', () => {
  const large = Buffer.concat([
    section(LE),
    description(LE, 1, 0),
    block(LE, 0x4000_0001, Buffer.alloc(17 << 20)),
    enhanced(LE, {}, udp()),
  ]);
  const path = fileOf(large);
  const size = (17 << 20) + 12;
  assert.equal(
    complaint(['-nr', path]),
    `pktap: pcapng block size ${size} > maximum 16777216 (${path}, byte 48)`,
  );
  const { status, out } = pktap(['-tnr', path, '--max-block-size', '32M']);
  assert.deepEqual([status, out.startsWith('IP 127.0.0.1.1000')], [0, true]);
  assert.equal(
    complaint(['-nr', path, '--max-block-size', '20']),
    `pktap: pcapng block size 28 > maximum 20 (${path}, byte 0)`,
  );
  assert.match(complaint(['-nr', path, '--max-block-size', '1T']), /^pktap: invalid block size 1T/);
});

test('what can’t be read says so in one line', () => {
  const folder = newPath('.d');
  mkdirSync(folder);
  assert.equal(complaint(['-r', folder]), `pktap: ${folder}: Is a directory`);
  assert.equal(complaint(['-r', '/nowhere']), 'pktap: /nowhere: No such file or directory');
  const text = fileOf(Buffer.from('no capture at all'));
  assert.equal(complaint(['-r', text]), `pktap: unknown file format (${text}, byte 0)`);
  const cut = fileOf(readFileSync(pcapOf([1000, 2000])).subarray(0, -5));
  const { status, out, err } = pktap(['-ttnr', cut]);
  assert.equal(status, 1);
  assert.match(out, /^1\.000000 IP .*\n$/);
  assert.match(
    err,
    /\npktap: truncated dump file; tried to read 43 captured bytes, only got 38 \(.*, byte 83\)\n$/,
  );
});

/** Most memory a run took, in MiB, with its status. */
function memoryOf(args: readonly string[], input: string): { memory: number; status: number; err: string } {
  const watch =
    'import json,resource,subprocess,sys\n' +
    'child = subprocess.run(sys.argv[2:], stdin=open(sys.argv[1]), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n' +
    'print(json.dumps([resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, child.returncode, child.stderr.decode()]))';
  const { stdout } = spawnSync('python3', ['-c', watch, input, command, ...args], { encoding: 'utf8' });
  const [memory, status, err] = JSON.parse(stdout) as [number, number, string];
  return { memory, status, err };
}

/** Most memory that reading may take, in MiB. */
const MEMORY = 150;

test('a compressed file that becomes a thousand times as large takes no more memory', {
  skip: !has('python3') && 'no python3',
}, () => {
  const zeros = Buffer.alloc(1 << 20);
  const head = Buffer.concat([section(LE), description(LE, 1, 0)]);
  // One block after the other, each as large as can be; and one that claims to be larger than all there is.
  const blocks = Array.from({ length: 200 }, () => block(LE, 0x4000_0001, zeros));
  const bomb = gzipSync(Buffer.concat([head, ...blocks]));
  assert.ok(bomb.length < 400_000);
  const whole = memoryOf(['-r', fileOf(bomb), '--count'], '/dev/null');
  assert.equal(whole.status, 0, whole.err);
  assert.ok(whole.memory < MEMORY, `${whole.memory} MiB`);
  for (const [program, bytes] of [
    ['gzip', gzipSync(Buffer.concat([head, build(LE).u32(6, 0x7fff_fffc).done(), ...blocks]))],
    ['zstd', null],
    ['lz4', null],
  ] as const) {
    if (bytes === null && !has(program)) continue;
    const input = Buffer.concat([head, build(LE).u32(6, 0x7fff_fffc).done(), ...blocks]);
    const packed =
      bytes ??
      execFileSync(program, ['-c'], { input, maxBuffer: 1 << 24, stdio: ['pipe', 'pipe', 'ignore'] });
    const { status, err, memory } = memoryOf(['-r', '-', '--count'], fileOf(packed));
    assert.equal(status, 1);
    assert.match(err, /pktap: pcapng block size 2147483644 > maximum 16777216 \(-, byte 48\)\n$/);
    assert.ok(memory < MEMORY, `${program}: ${memory} MiB`);
  }
});

test('compressed captures are read from FIFOs while they grow', {
  skip: !has('gzip') && 'no gzip',
}, async () => {
  const path = newPath('.fifo');
  execFileSync('mkfifo', [path]);
  const reading = start(['-lnttr', path]);
  const descriptor = openSync(path, 'r+');
  const { createGzip, constants } = await import('node:zlib');
  const gzip = createGzip();
  gzip.on('data', (chunk: Buffer) => writeSync(descriptor, chunk));
  const send = (bytes: Buffer): Promise<void> =>
    new Promise((done) => {
      gzip.write(bytes, () => gzip.flush(constants.Z_SYNC_FLUSH, done));
    });
  await send(Buffer.concat([header, record(1000, 'a')]));
  await until(() => reading.text().includes('1.000000 IP'), 'the first packet');
  await send(record(2000, 'b'));
  await until(() => reading.text().includes('2.000000 IP'), 'the second packet');
  reading.child.kill('SIGINT');
  assert.equal((await reading.end()).status, 0);
});

test('-z gets the name as one word, whatever is in it', async () => {
  const folder = newPath('.d');
  mkdirSync(folder);
  const script = newPath('.sh');
  writeFileSync(script, '#!/bin/sh\necho "$#:$1" >"$1.ran"\n', { mode: 0o755 });
  const out = join(folder, 'a b; $(touch oops) *');
  const input = pcapOf(
    Array.from({ length: 3 }, (_, i) => i),
    'x'.repeat(900),
  );
  pktap(['-r', input, '-C', '1k', '-z', script, '-w', out], { cwd: folder });
  await until(() => existsSync(`${out}.ran`) && readFileSync(`${out}.ran`, 'utf8') !== '', 'the command');
  assert.equal(readFileSync(`${out}.ran`, 'utf8'), `1:${out}\n`);
  assert.ok(!existsSync(join(folder, 'oops')));
  const { err, status } = pktap(['-r', input, '-C', '1k', '-z', '/nowhere', '-w', join(folder, 'c')]);
  assert.equal(status, 0);
  assert.ok(err.includes(`\npktap: can't run /nowhere ${join(folder, 'c')}\n`), err);
});

// -w as the command's users see it: rotation, SIGHUP, full disks, sudden deaths, pipes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { has, newPath, readAll, smallDisk } from './helpers.js';
import { header, pcapOf, pktap, record, start, until } from './program.js';

function emptyFolder(): string {
  const path = newPath('.d');
  mkdirSync(path);
  return path;
}

/** A capture of `count` packets of about 1,000 bytes. */
function large(count: number): string {
  return pcapOf(
    Array.from({ length: count }, (_, i) => i),
    'x'.repeat(940),
  );
}

const contents = (folder: string): { [name: string]: string } =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

for (const options of [
  '-C 1',
  '-C 1 -W 3',
  '-C 1 -W 2',
  '-C 1 -W 11',
  '-C 1 -W 1',
  '-W 3',
  '-G 100',
  '-G 100 -C 1 -W 12',
]) {
  test(`${options}: files and bytes are tcpdump's`, { skip: !has('tcpdump') && 'no tcpdump' }, () => {
    const input = large(4200);
    const [ours, theirs] = [emptyFolder(), emptyFolder()];
    const args = ['-r', input, ...options.split(' '), '-w', 'out'];
    assert.equal(pktap(args, { cwd: ours }).status, 0);
    execFileSync('tcpdump', ['-Z', 'root', ...args], { cwd: theirs, stdio: 'ignore' });
    assert.deepEqual(contents(ours), contents(theirs));
  });
}

test('-C takes units', () => {
  for (const [size, count] of [
    ['100k', 2],
    ['50K', 4],
    ['1m', 1],
    ['1G', 1],
  ] as const) {
    const folder = emptyFolder();
    assert.equal(pktap(['-r', large(200), '-C', size, '-w', 'out'], { cwd: folder }).status, 0);
    assert.equal(readdirSync(folder).length, count, size);
  }
  for (const bad of ['0', '1x', 'k', '-1', '1.5', '99999999999999G']) {
    assert.match(pktap(['-r', large(1), '-C', bad, '-w', '/dev/null']).err, /^pktap: invalid file size/);
  }
});

test('every file of a rotation is whole, in pcapng too', async () => {
  const folder = emptyFolder();
  pktap(['-r', large(500), '-P', '-C', '100k', '-w', join(folder, 'out')]);
  const names = ['out', 'out1', 'out2', 'out3', 'out4'];
  assert.deepEqual(readdirSync(folder).sort(), names);
  const times: number[] = [];
  for (const name of names) {
    const { packets, error } = await readAll(join(folder, name));
    assert.equal(error, null);
    times.push(...packets.map((one) => one.seconds * 1000 + one.nanoseconds / 1e6));
  }
  assert.deepEqual(
    times,
    Array.from({ length: 500 }, (_, i) => i),
  );
});

/** Seconds that a busy machine may be behind. */
const LAG = 8;

test('-G begins a file when its time has come, and with -W ends with status 0', async () => {
  const folder = emptyFolder();
  const { child, end } = start(['-r', '-', '-G', '1', '-W', '3', '-w', 'out-%s', '-z', 'true'], folder);
  child.stdin!.write(header);
  child.stdin!.on('error', () => {});
  const timer = setInterval(() => child.stdin!.write(record(Date.now(), 'tick')), 50);
  const { status, err } = await end();
  clearInterval(timer);
  assert.equal(status, 0);
  assert.match(err, /^Maximum file limit reached: 3$/m);
  const names = readdirSync(folder).sort();
  assert.equal(names.length, 3, names.join(' '));
  for (const name of names) {
    const { packets, error } = await readAll(join(folder, name));
    assert.equal(error, null);
    assert.ok(packets.length > 0, name);
    const times = packets.map((one) => one.seconds + one.nanoseconds / 1e9);
    const span = times.at(-1)! - times[0]!;
    assert.ok(span < 2.5 + LAG, `${span} s in ${name}`);
    // The file is named after the second it was begun in, as the clock has it: at its first packet, which may have waited for a busy machine.
    const lag = Number(name.slice(4)) - packets[0]!.seconds;
    assert.ok(lag >= -1 && lag <= 1 + LAG, `${lag} s`);
  }
});

test('-z runs a command with each file that is closed, the last too', async () => {
  const folder = emptyFolder();
  const script = newPath('.sh');
  writeFileSync(script, `#!/bin/sh\necho "$1" >> ${folder}/ran\n`);
  chmodSync(script, 0o755);
  pktap(['-r', large(450), '-C', '100k', '-z', script, '-w', join(folder, 'out')]);
  await until(
    () =>
      existsSync(join(folder, 'ran')) && readFileSync(join(folder, 'ran'), 'utf8').split('\n').length === 6,
    'the command',
  );
  const ran = readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n').sort();
  assert.deepEqual(
    ran,
    ['out', 'out1', 'out2', 'out3', 'out4'].map((name) => join(folder, name)),
  );
});

test('SIGHUP begins the file anew when it was moved away, and else only writes it out', async () => {
  const folder = emptyFolder();
  const out = join(folder, 'out');
  const { child, end } = start(['-r', '-', '-w', out]);
  const lengthOf = (path: string): number => (existsSync(path) ? statSync(path).size : -1);
  child.stdin!.write(Buffer.concat([header, record(1000, 'a')]));
  await until(() => lengthOf(out) === 0, 'the file');
  // It may be busy with its start: the signal is sent until it has done its work.
  const hang = (done: () => boolean): Promise<void> => until(() => child.kill('SIGHUP') && done(), 'SIGHUP');
  const one = header.length + record(1000, 'a').length;
  await hang(() => lengthOf(out) === one);
  renameSync(out, join(folder, 'old'));
  await hang(() => existsSync(out));
  child.stdin!.end(record(2000, 'b'));
  assert.equal((await end()).status, 0);
  assert.equal(lengthOf(join(folder, 'old')), one);
  assert.equal((await readAll(out)).packets[0]!.seconds, 2);
});

test('-U writes each packet out as it comes; SIGUSR2 what there is', async () => {
  for (const option of ['-U', '--packet-buffered', 'SIGUSR2']) {
    const out = newPath();
    const signal = option === 'SIGUSR2';
    const { child, end } = start(['-r', '-', ...(signal ? [] : [option]), '-w', out]);
    child.stdin!.write(Buffer.concat([header, record(1000, 'a')]));
    await until(() => existsSync(out), 'the file');
    const size = header.length + record(1000, 'a').length;
    await until(() => {
      if (signal) child.kill('SIGUSR2');
      return statSync(out).size === size;
    }, option);
    child.stdin!.end();
    assert.equal((await end()).status, 0);
  }
});

test('killed at any time, what is there is readable to the last whole packet', async () => {
  for (const format of [[], ['-P'], ['-y', 'PKTAP']]) {
    const out = newPath();
    const { child, end } = start(['-r', '-', '-U', ...format, '-w', out]);
    child.stdin!.on('error', () => {});
    child.stdin!.write(header);
    let sent = 0;
    const timer = setInterval(() => child.stdin!.write(record(sent++, 'x'.repeat(300))), 1);
    await until(() => existsSync(out) && statSync(out).size > 20_000, 'packets');
    child.kill('SIGKILL');
    await end();
    clearInterval(timer);
    const { packets, error } = await readAll(out);
    assert.equal(error, null);
    assert.ok(packets.length > 30);
    packets.forEach((one, i) => {
      assert.equal(one.seconds * 1000 + one.nanoseconds / 1e6, i);
    });
  }
});

test('a full device says so, and the status is 1', () => {
  const input = large(10);
  for (const more of [[], ['-U'], ['-P']]) {
    const { status, err } = pktap(['-r', input, '-w', '/dev/full', ...more]);
    assert.equal(status, 1);
    assert.match(err, /^pktap: Unable to write to \/dev\/full: No space left on device\n$/m);
  }
  const full = openSync('/dev/full', 'w');
  const text = execFileSync('sh', ['-c', `bin/pktap -nr ${input} 2>&1 >&${3}; echo $?`], {
    stdio: ['ignore', 'pipe', 'inherit', full],
    encoding: 'utf8',
  });
  assert.match(text, /^pktap: Unable to write output: No space left on device\n1\n$/m);
});

test('a full disk keeps what is written, to the last whole packet', async (t) => {
  const disk = smallDisk();
  if (disk === null) return t.skip('no right to mount');
  t.after(() => execFileSync('umount', [disk]));
  for (const options of [[], ['-P'], ['-U'], ['-C', '400k']]) {
    const out = join(disk, 'out');
    const { status, err } = pktap(['-r', large(3000), '-w', out, ...options]);
    assert.equal(status, 1);
    assert.match(err, /^pktap: Unable to write to .*\/out\d*: No space left on device$/m);
    let count = 0;
    for (const name of readdirSync(disk).sort()) {
      const { packets, error } = await readAll(join(disk, name));
      assert.equal(error, null, name);
      for (const one of packets) assert.equal(one.seconds * 1000 + one.nanoseconds / 1e6, count++);
    }
    assert.ok(count > 900 && count < 1100, `${count} packets`);
    execFileSync('sh', ['-c', `rm ${disk}/*`]);
  }
});

test('a reader that goes away ends it quietly', () => {
  const out = execFileSync(
    'bash',
    ['-c', `bin/pktap -r ${large(5000)} -w - | head -c 10 | wc -c; echo \${PIPESTATUS[0]}`],
    { encoding: 'utf8' },
  );
  assert.deepEqual(out.trim().split(/\s+/), ['10', '0']);
});

test('what is read can’t be written at the same time', () => {
  const path = pcapOf([1000]);
  const before = readFileSync(path);
  assert.equal(
    pktap(['-r', path, '-w', path]).err.split('\n').at(-2),
    `pktap: ${path}: is read and can't be written at the same time`,
  );
  assert.deepEqual(readFileSync(path), before);
});

test('a FIFO is read while it grows', async () => {
  const path = newPath('.fifo');
  execFileSync('mkfifo', [path]);
  const reading = start(['-lnttr', path]);
  const descriptor = openSync(path, 'r+');
  // A packet in two pieces, and one whose header comes before its bytes.
  const bytes = Buffer.concat([header, record(1000, 'a'), record(2000, 'b')]);
  writeSync(descriptor, bytes, 0, 100);
  await until(() => reading.text().includes('1.000000 IP'), 'the first packet');
  assert.ok(!reading.text().includes('2.000000 IP'));
  writeSync(descriptor, bytes, 100);
  await until(() => reading.text().includes('2.000000 IP'), 'the second packet');
  reading.child.kill('SIGINT');
  assert.equal((await reading.end()).status, 0);
  // A file that breaks off in a pipe ends as one on disk.
  const { status, err } = pktap(['-nr', '-'], { input: '' });
  assert.equal(status, 1);
  assert.match(
    err,
    /^pktap: truncated dump file; tried to read 4 file header bytes, only got 0 \(-, byte 0\)$/m,
  );
});

// -r with -Z: root is given up before the first byte of a file is read.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';

const command = resolve('bin/pktap');
const cannot = process.getuid?.() === 0 ? false : 'only root can give root up';
const NOBODY = 'Uid:\t65534\t65534\t65534\t65534';

/** A pcap file of one packet of 60 zero bytes. */
function capture(): Buffer {
  const bytes = Buffer.alloc(24 + 16 + 60);
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(262144, 16);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(60, 32);
  bytes.writeUInt32LE(60, 36);
  return bytes;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'pktap-giveup-'));
  t.after(() => rmSync(path, { recursive: true }));
  chmodSync(path, 0o700);
  return path;
}

function uidOf(pid: number): string {
  return /^Uid:.*$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![0];
}

/** Whether a process waits for the first bytes of a FIFO: it has it open. */
function hasOpen(pid: number, path: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === path;
    } catch {
      return false; // it is closed by now
    }
  });
}

/** Runs pktap, gives `bytes` into the FIFO once it is open and a while later, and says who was reading by then. */
async function reader(
  fifo: string,
  bytes: Buffer,
  args: readonly string[],
): Promise<{ uid: string; status: number | null; out: string; err: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 50));
  while (child.exitCode === null && !hasOpen(child.pid!, fifo)) await pause();
  for (let tries = 0; tries < 200 && child.exitCode === null && uidOf(child.pid!) !== NOBODY; tries++)
    await pause();
  const uid = child.exitCode === null ? uidOf(child.pid!) : 'ended';
  writeFileSync(fifo, bytes);
  return { status: await closed, uid, out, err };
}

function makeFifo(path: string): string {
  execFileSync('mkfifo', ['-m', '600', path]);
  return path;
}

for (const [name, bytes] of [
  ['a file', capture()],
  ['a compressed file', gzipSync(capture())],
] as const) {
  test(`${name} that only root may open is read as -Z's user`, { skip: cannot }, async (t) => {
    const fifo = makeFifo(join(folder(t), 'fifo'));
    const { uid, status, out, err } = await reader(fifo, bytes, ['-Z', 'nobody', '--count', '-r', fifo]);
    assert.equal(uid, NOBODY);
    assert.equal(out, '1 packet\n', err);
    assert.equal(status, 0);
  });
}

for (const more of [[], ['--sort']]) {
  test(`all files of -V ${more} are opened by root and read as -Z's user`, { skip: cannot }, async (t) => {
    const at = folder(t);
    const fifo = makeFifo(join(at, 'fifo'));
    const file = join(at, 'behind.pcap.gz');
    writeFileSync(file, gzipSync(capture()), { mode: 0o600 });
    const list = join(at, 'list');
    // The same file twice, and one that is not there.
    writeFileSync(list, `${fifo}\n${file}\n${join(at, 'missing')}\n${file}\n`);
    const { uid, status, out, err } = await reader(fifo, capture(), [
      '-Z',
      'nobody',
      '--count',
      ...more,
      '-V',
      list,
    ]);
    assert.equal(uid, NOBODY);
    assert.equal(out, '3 packets\n', err);
    assert.match(err, /missing: No such file or directory/);
    assert.equal(status, 1);
  });
}

test('what only root could have opened is not opened again by the user', { skip: cannot }, async (t) => {
  const at = folder(t);
  const file = join(at, 'file.pcap');
  writeFileSync(file, capture(), { mode: 0o600 });
  chownSync(file, 0, 0);
  const out = execFileSync(command, ['-Z', 'nobody', '--count', '-r', file], { encoding: 'utf8' });
  assert.equal(out, '1 packet\n');
});

test('a FIFO of -V that is never read does not keep the run from its end', { skip: cannot }, async (t) => {
  const at = folder(t);
  const fifo = makeFifo(join(at, 'fifo'));
  const file = join(at, 'file.pcap');
  writeFileSync(file, capture());
  const list = join(at, 'list');
  writeFileSync(list, `${file}\n${fifo}\n`);
  const out = execFileSync(command, ['-Z', 'nobody', '-c', '1', '-tn', '-V', list], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(out.split('\n').length > 1, true);
});

// Captures that are looked at elsewhere: through a pipe, and through ssh, as `ssh host pktap -w - | wireshark -k -i -` has it.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSavefile } from 'pktap';
import { cannot, command, ip, makeNamespace } from './world.js';

const SSHD = '/usr/sbin/sshd';
const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'pktap-remote-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** All that a program writes, and a promise of the first bytes. */
class Stream {
  readonly chunks: Buffer[] = [];
  errors = '';
  readonly ended: Promise<number | null>;

  constructor(
    t: TestContext,
    readonly child: ChildProcess,
  ) {
    t.after(() => child.kill('SIGKILL'));
    child.stdout!.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    child.stderr!.on('data', (chunk: Buffer) => {
      this.errors += chunk;
    });
    this.ended = new Promise((done) => child.on('close', done));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  async has(count: number): Promise<void> {
    for (let i = 0; this.bytes.length < count; i++) {
      assert.ok(i < 600, `${this.bytes.length} bytes; ${this.errors}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/** Whether a process of these words is there: that of a capture in the namespace. */
function captures(word: string): number[] {
  const found = execFileSync(
    'sh',
    ['-c', 'grep -lz -- "$0" /proc/[0-9]*/cmdline 2>/dev/null || true', word],
    {
      encoding: 'utf8',
    },
  );
  return found
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => Number(path.split('/')[2]))
    .filter((pid) => pid !== process.pid && readWords(pid).includes('start.cjs'));
}

function readWords(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

async function gone(word: string): Promise<void> {
  for (let i = 0; captures(word).length > 0; i++) {
    assert.ok(i < 200, 'the capture is still there');
    await new Promise((done) => setTimeout(done, 50));
  }
}

test('a file’s head comes before the first packet; a reader that goes ends the capture', {
  skip: cannot,
}, async (t) => {
  const namespace = makeNamespace(t);
  const stream = new Stream(
    t,
    spawn(command, ['--netns', namespace, '-i', 'pktap,all', '-w', '-', 'udp port 4244']),
  );
  await stream.has(28);
  assert.equal(stream.bytes.readUInt32LE(0), 0x0a0d0d0a);
  // No packet comes, so that none tells that nobody reads.
  stream.child.stdout!.destroy();
  assert.equal(await stream.ended, 0, stream.errors);
});

for (const form of ['-n', '--json'])
  test(`a reader of ${form} that goes ends the capture, too`, { skip: cannot }, async (t) => {
    const namespace = makeNamespace(t);
    const args = ['--netns', namespace, '-i', 'pktap,all', form, 'udp port 4244'];
    const stream = new Stream(t, spawn(command, args));
    for (let i = 0; !stream.errors.includes('listening on'); i++) {
      assert.ok(i < 600, stream.errors);
      await new Promise((done) => setTimeout(done, 50));
    }
    stream.child.stdout!.destroy();
    assert.equal(await stream.ended, 0, stream.errors);
  });

test('through ssh: a whole file, nothing else, and no capture left behind', {
  skip: cannot || (!existsSync(SSHD) && 'no sshd'),
}, async (t) => {
  const namespace = makeNamespace(t);
  const path = folder(t);
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(path, key)]);
  writeFileSync(join(path, 'authorized'), readFileSync(join(path, 'user.pub')), { mode: 0o600 });
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.on('listening', done));
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(path, 'host')}`,
    `AuthorizedKeysFile ${join(path, 'authorized')}`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    `PidFile ${join(path, 'pid')}`,
  ];
  writeFileSync(join(path, 'config'), `${config.join('\n')}\n`);
  // The server's, which a machine without systemd may not have made.
  if (!existsSync('/run/sshd')) {
    mkdirSync('/run/sshd', { mode: 0o755 });
    t.after(() => rmSync('/run/sshd', { recursive: true, force: true }));
  }
  const server = spawn(SSHD, ['-D', '-e', '-f', join(path, 'config')], { stdio: 'ignore' });
  t.after(() => server.kill());
  const ssh = [
    ...['-F', 'none', '-i', join(path, 'user'), '-p', String(port)],
    ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(path, 'known')}`],
    ...['-o', 'ConnectionAttempts=20', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR', 'root@127.0.0.1'],
  ];
  const stream = new Stream(
    t,
    spawn('ssh', [...ssh, command, '--netns', namespace, '-i', 'pktap,all', '-w', '-', 'icmp'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  await stream.has(28);
  ip('netns', 'exec', namespace, 'ping', '-c', '1', '127.0.0.1');
  // A request and its answer, each as its sender and its receiver see it or once.
  for (let i = 0; stream.bytes.length < 28 + 2 * 98; i++) {
    assert.ok(i < 200, stream.errors);
    await new Promise((done) => setTimeout(done, 50));
  }
  await new Promise((done) => setTimeout(done, 500));
  stream.child.kill('SIGTERM');
  await stream.ended;
  await gone(namespace);
  const file = join(path, 'out.pcapng');
  writeFileSync(file, stream.bytes);
  const names = new Set<string | undefined>();
  let packets = 0;
  const source = await openSavefile(file);
  for await (const packet of source) {
    packets++;
    names.add(packet.metadata?.process?.name);
  }
  source.close();
  assert.ok(packets >= 2, `${packets}`);
  // The answer is the kernel's.
  assert.ok(names.has('ping'), [...names].join());
});

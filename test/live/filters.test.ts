// -Q by everything that is known of a process: what passes is what was asked for, and in files the same.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  Capture,
  cannot,
  command,
  makePair,
  metadataOf,
  python,
  runProgram,
  start,
  waitFor,
} from './world.js';

/** A port of its own for each test: all run at once on one loopback. */
const PORT = 20000 + (process.pid % 20000);

/** Sends one datagram that nobody waits for, as the user, from the program at that path. */
function send(port: number, options: { uid?: number; program?: string; argument?: string } = {}) {
  const code = `import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))`;
  const ran = spawnSync(options.program ?? 'python3', ['-c', code, options.argument ?? ''], {
    uid: options.uid,
    gid: options.uid,
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.pid;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const pidsOf = (lines: readonly string[]): number[] =>
  lines.map((line) => Number(/proc [^:]*:(\d+)/.exec(line)?.[1]));

test('user, executable, command line, parent: live, and the same from a file', {
  skip: cannot,
}, async (t) => {
  const port = PORT;
  const file = join(folder(t), 'all.pcapng');
  const program = join(folder(t), 'other-python');
  execFileSync('cp', [
    execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim(),
    program,
  ]);
  execFileSync('chmod', ['-R', 'a+rx', join(program, '..')]);
  const filters: Readonly<Record<string, (pids: Record<string, number>) => number[]>> = {
    'uid=65534': ({ nobody }) => [nobody!],
    'user=nobody': ({ nobody }) => [nobody!],
    'user=no-such-user,nobody': ({ nobody }) => [nobody!],
    'user!=nobody and proc!=""': ({ root, copied, named }) => [root!, copied!, named!],
    [`exe=${program}`]: ({ copied }) => [copied!],
    'exe ~ "other-python$"': ({ copied }) => [copied!],
    'cmd ~ "(^| )--flag=[a-z]+$"': ({ named }) => [named!],
    'cmd ~ "sendto" and not exe ~ "other" and user=root': ({ root, named }) => [root!, named!],
    [`ppid=${process.pid}`]: ({ root, nobody, copied, named }) => [root!, nobody!, copied!, named!],
    [`ppid=${process.pid} and proc=other-python,nothing`]: ({ copied }) => [copied!],
    [`netns=/proc/self/ns/net and uid=65534,65533`]: ({ nobody }) => [nobody!],
    'netns=1': () => [],
    'uid=0 and container=""': ({ root, copied, named }) => [root!, copied!, named!],
    'pod=x or container=y': () => [],
  };
  const whole = await Capture.begin(t, ['-i', 'pktap,lo', '-w', file, `udp port ${port}`]);
  const captures = await Promise.all(
    Object.keys(filters).map(async (text) => ({
      text,
      capture: await Capture.begin(t, [
        '-tkn',
        '-i',
        'pktap,lo',
        '-Q',
        `dir=out and (${text})`,
        `udp port ${port}`,
      ]),
    })),
  );
  const pids = {
    root: send(port),
    nobody: send(port, { uid: 65534 }),
    copied: send(port, { program }),
    named: send(port, { argument: '--flag=abc' }),
  };
  await whole.end();
  for (const { text, capture } of captures) {
    const { lines, err } = await capture.end();
    const expected = filters[text]!(pids);
    assert.deepEqual(pidsOf(lines), expected, `${text}\n${err}`);
    const read = execFileSync(command, ['-tknr', file, '-Q', `dir=out and (${text})`], { encoding: 'utf8' });
    assert.deepEqual(
      pidsOf(read.split('\n').filter((line) => line !== '')),
      expected,
      `from the file: ${text}`,
    );
  }
});

test('everything about a process, under its packets, live and from the file', { skip: cannot }, async (t) => {
  const port = PORT + 3;
  const file = join(folder(t), 'v.pcapng');
  const args = ['-tkvn', '-Q', 'dir=out', `udp port ${port}`];
  const capture = await Capture.begin(t, ['-i', 'pktap,lo', '-w', file, '--print', ...args]);
  const sender = await python(
    t,
    null,
    `
import os, socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))
print('ready')
import sys; sys.stdin.read()`,
  );
  const own = readFileSync(`/proc/${sender.pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  const { out } = await capture.end();
  const boot = Date.now() / 1000 - Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  const exe = readlinkSync(`/proc/${sender.pid}/exe`);
  const cgroup = /^0::(.*)$/m.exec(readFileSync(`/proc/${sender.pid}/cgroup`, 'utf8'))?.[1];
  const netns = statSync(`/proc/${sender.pid}/ns/net`).ino;
  const lines = out.split('\n');
  assert.match(
    lines[2]!,
    new RegExp(`^ {4}process python3:${sender.pid}, user root \\(0\\), parent ${process.pid}, started `),
  );
  const started = new Date(/started (.*)$/.exec(lines[2]!)![1]!.slice(0, 23)).getTime() / 1000;
  assert.ok(Math.abs(started - (boot + Number(own[19]) / 100)) < 2, lines[2]);
  assert.match(lines[3]!, new RegExp(`^ {4}executable ${exe}(, UUID [0-9a-f-]{36})?$`));
  const [program] = readFileSync(`/proc/${sender.pid}/cmdline`, 'latin1').split('\0');
  assert.ok(
    lines[4]!.startsWith(`    command ${program} -u -c '^Jimport os, socket^Jsocket.socket(`),
    lines[4],
  );
  assert.ok(lines[4]!.endsWith("^Jprint('\\''ready'\\'')^Jimport sys; sys.stdin.read()'"), lines[4]);
  assert.ok(out.includes(`\n    cgroup ${cgroup}, network namespace ${netns}\n`), out);
  assert.equal(execFileSync(command, [...args, '-r', file], { encoding: 'latin1' }), out);
});

test('a tree: those that run already, those forked later, those whose parents are gone', {
  skip: cannot,
}, async (t) => {
  const port = PORT + 1;
  const code = (depth: number): string => `
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def send(): s.sendto(b'pid=%d.' % os.getpid(), ('127.0.0.1', ${port}))
for i in range(${depth}):
    r, w = os.pipe()
    pid = os.fork()
    if pid: 
        os.read(r, 1)
        break
    os.write(w, b'x')
if not pid: print('ready', flush=True)
os.read(0, 1)
send()
# a daemon: its parent ends first
r, w = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.read(r, 1)
        send()
        os._exit(0)
    os._exit(0)
os.wait()
os.write(w, b'x')
os.execvp('python3', ['python3', '-c', '''
import os, socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'pid=%d.' % os.getpid(), ('127.0.0.1', ${port}))
print('sent', flush=True)'''])`;
  const family = start(t, 'python3', '-uc', code(3));
  await waitFor(family.stdout!, /ready/);
  const capture = await Capture.begin(t, [
    ...['-tkn', '-A', '-i', 'pktap,lo', '-Q', `tree=${family.pid} and dir=out`, `udp port ${port}`],
  ]);
  const stranger = send(port);
  family.stdin!.write('\n'.repeat(4));
  let sent = '';
  family.stdout!.on('data', (chunk: Buffer) => {
    sent += chunk.toString();
  });
  while ((sent.match(/sent/g) ?? []).length < 4) await new Promise((done) => setTimeout(done, 20));
  const { out, err } = await capture.end();
  const shown = [...out.matchAll(/\(lo, proc python3:(\d+), svc BE, out[^)]*\)[\s\S]*?pid=(\d+)\./g)];
  // Four processes send twice, each its own packet and one of its exec's, and a daemon of each once.
  assert.equal(shown.length, 12, `${out}\n${err}`);
  for (const [, named, real] of shown) assert.equal(named, real);
  assert.equal(new Set(shown.map((match) => match[1])).size, 8);
  assert.doesNotMatch(out, new RegExp(`:${stranger},`));
});

const hierarchy = readFileSync('/proc/self/mounts', 'utf8').match(/^\S+ (\S+) cgroup2 /m)?.[1];

test('a container by its cgroup, also when the process is gone at once', {
  skip: cannot || (hierarchy === undefined && 'cgroup2 is not mounted'),
}, async (t) => {
  const port = PORT + 2;
  const id = process.pid.toString(16).padStart(64, 'abcdef0123456789');
  const parent = join(hierarchy!, 'docker');
  const cgroup = join(parent, id);
  mkdirSync(cgroup, { recursive: true });
  t.after(() => {
    rmdirSync(cgroup);
    try {
      rmdirSync(parent);
    } catch {
      // another test's, or the system's
    }
  });
  const file = join(folder(t), 'c.pcapng');
  const capture = await Capture.begin(t, [
    ...['-i', 'pktap,lo', '-w', file, '-Q', `container=${id.slice(0, 12)} and dir=out`, `udp port ${port}`],
  ]);
  send(port);
  const inside = await runProgram(null, [
    'sh',
    '-c',
    `echo $$ >${cgroup}/cgroup.procs; exec python3 -c "import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))"`,
  ]);
  assert.equal(inside.status, 0, inside.output);
  const { err } = await capture.end();
  assert.match(err, /^1 packet captured$/m);
  const read = (filter: string): string =>
    execFileSync(command, ['-tknr', file, '-Q', filter], { encoding: 'utf8' }).trim();
  assert.equal(metadataOf(read(`container=${id}`)).proc, `python3:${inside.pid}`);
  assert.equal(read(`container ~ "^${id.slice(0, 20)}" and container!=other`).split('\n').length, 1);
  assert.equal(read('container=""'), '');
});

test('a network namespace by its name: the process inside is found on the host’s veth', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  const args = ['-tkn', '-i', `pktap,${pair.device}`, '-Q', `netns=${pair.namespace}`, 'udp port 7'];
  const capture = await Capture.begin(t, args);
  const inside = await python(
    t,
    pair.namespace,
    `import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('${pair.here}', 7)); print('ready')`,
  );
  await runProgram(null, [
    'python3',
    '-c',
    `import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('${pair.there}', 7))`,
  ]);
  const { lines } = await capture.end();
  assert.deepEqual(pidsOf(lines), [inside.pid]);
  assert.ok(statSync(`/run/netns/${pair.namespace}`).ino > 0);
});

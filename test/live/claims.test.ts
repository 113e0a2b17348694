// Sockets that are older than the capture: whose they are, by the kernel's own list of descriptors and by duplicates of them; what
// thousands of them with several holders cost, and what is said of those that there was no time for.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Capture, cannot, metadataOf, start, waitFor } from './world.js';

/** A process of another user that waits for nothing: what comes in for it is named by what is written of its sockets alone. */
async function holder(t: TestContext, code: string, user = 65534): Promise<{ pid: number; said: string[] }> {
  const other = `os.setgroups([]); os.setgid(${user}); os.setuid(${user})`;
  const child = start(
    t,
    'python3',
    '-u',
    '-c',
    `import os, socket, sys, time\n${other}\n${code}\nsys.stdin.readline()`,
  );
  const said = /ready (.*)\n/.exec(await waitFor(child.stdout!, /ready .*\n/))![1]!.split(' ');
  return { pid: child.pid!, said };
}

/** Sends to each: datagrams, or a connection. */
async function knock(t: TestContext, ports: readonly [kind: 'udp' | 'tcp', port: string][]): Promise<void> {
  const child = start(
    t,
    'python3',
    '-c',
    `import socket, sys
for word in sys.argv[1:]:
  kind, port = word.split(':')
  if kind == 'udp': socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'knock', ('127.0.0.1', int(port)))
  else: socket.create_connection(('127.0.0.1', int(port)))`,
    ...ports.map((each) => each.join(':')),
  );
  await new Promise<void>((done) => child.on('close', () => done()));
}

const OPEN = `
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 0))
s = socket.create_server(('127.0.0.1', 0))
m = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); m.bind(('127.0.0.1', 0)); m.listen()
print('ready', *(x.getsockname()[1] for x in (u, s, m)), flush=True)`;

const hasMultipath = (): boolean => {
  try {
    return readFileSync('/proc/sys/net/mptcp/enabled', 'latin1') === '1\n';
  } catch {
    return false;
  }
};

for (const [way, without] of [
  ['the kernel’s list', ''],
  ['duplicates', 'iterator'],
] as const)
  test(`older sockets have their holder’s name, ID and path at once: by ${way}`, {
    skip: cannot || (hasMultipath() ? false : 'no Multipath TCP'),
  }, async (t) => {
    const { pid, said } = await holder(t, OPEN);
    const [udp, tcp, multipath] = said as [string, string, string];
    const ports = `port ${udp} or port ${tcp} or port ${multipath}`;
    const args = [
      '-tnlk',
      'NPOX',
      '-i',
      'pktap,lo',
      '-Q',
      'dir=in',
      `(${ports}) and (udp or tcp[tcpflags] = tcp-syn)`,
    ];
    const capture = await Capture.begin(t, args, { PKTAP_WITHOUT: without });
    await knock(t, [
      ['udp', udp],
      ['tcp', tcp],
      ['tcp', multipath],
    ]);
    const { lines, err } = await capture.end();
    assert.equal(lines.length, 3, lines.join('\n'));
    for (const line of lines) {
      assert.equal(metadataOf(line).proc, `python3:${pid}`, line);
      assert.match(line, /user nobody, exe \S*python3/, line);
    }
    assert.doesNotMatch(err, /less exact/);
  });

test('a tree’s older sockets belong to it', { skip: cannot }, async (t) => {
  const { pid, said } = await holder(t, OPEN);
  const other = await holder(t, OPEN);
  const capture = await Capture.begin(t, ['-tnlk', '-i', 'pktap,lo', '-Q', `tree=${pid} and dir=in`, 'udp']);
  await knock(t, [
    ['udp', other.said[0]!],
    ['udp', said[0]!],
  ]);
  const { lines } = await capture.end();
  assert.deepEqual(
    lines.map((line) => metadataOf(line).proc),
    [`python3:${pid}`],
  );
});

/** `many` sockets, all of them held by `holders` processes; says the first one's port, and its own. */
const SHARED = (many: number, holders: number): string => `
u = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(${many})]
u[0].bind(('127.0.0.1', 0))
for _ in range(${holders} - 1):
  if os.fork() == 0:
    os.close(1)
    sys.stdin.readline()
    os._exit(0)
own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); own.bind(('127.0.0.1', 0))
print('ready', u[0].getsockname()[1], own.getsockname()[1], flush=True)`;

/** Ticks of 10 ms that a process and its threads have worked. */
function worked(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

test('thousands of sockets that forty processes hold cost a start next to nothing, and take no name from another', {
  skip: cannot,
}, async (t) => {
  const args = ['-tnlk', '-i', 'pktap,lo', '-Q', 'dir=in', 'udp'];
  const before = await Capture.begin(t, args);
  const ordinary = worked(before.child.pid!);
  await before.end();
  const { pid, said } = await holder(t, SHARED(900, 40));
  const capture = await Capture.begin(t, args);
  // 36,000 descriptors; what is asked of /proc has a tenth of a second.
  assert.ok(
    worked(capture.child.pid!) - ordinary < 80,
    `${ordinary} ticks, then ${worked(capture.child.pid!)}`,
  );
  await knock(t, [['udp', said[1]!]]);
  const { lines, err } = await capture.end();
  assert.deepEqual(
    lines.map((line) => metadataOf(line).proc),
    [`python3:${pid}`],
    err,
  );
  const told = err.split('\n').filter((line) => line.includes('less exact'));
  for (const line of told) assert.match(line, /^pktap: less exact: \d+ sockets from before, which several/);
  assert.ok(told.length <= 1, err);
});

test('without CAP_SYS_PTRACE older sockets have names, but for those of several processes', {
  skip: cannot,
}, async (t) => {
  const { pid, said } = await holder(t, SHARED(1, 2));
  const less = ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-sys_ptrace'];
  const args = ['-tnlk', '-i', 'pktap,lo', '-Q', 'dir=in', `udp port ${said[0]} or udp port ${said[1]}`];
  const capture = await Capture.begin(t, args, {}, less);
  await knock(t, [
    ['udp', said[0]!],
    ['udp', said[1]!],
  ]);
  const { lines, err } = await capture.end();
  assert.deepEqual(
    lines.map((line) => metadataOf(line).proc),
    [null, `python3:${pid}`],
    lines.join('\n'),
  );
  assert.match(err, /less exact: \d+ sockets? from before, which several processes hold, ha/);
});

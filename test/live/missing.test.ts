// Kernels that lack something: -v says what is less exact, and the rest is right all the same.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Capture, cannot, command, metadataOf, python, runProgram } from './world.js';

const PORT = 50000 + (process.pid % 10000);

const NO_TRACEPOINTS = ['send', 'recv'].map(
  (call) => `done without tp_btf/sock_${call}_length: this kernel has no such tracepoint (6.5 has)`,
);
const NO_CGROUP = 'done without cgroup hooks: no cgroup2 hierarchy';
const THREADS =
  'less exact: no BTF: names are those of threads; parents, start times and network namespaces are unknown';
const WORKERS =
  'less exact: no socket tracepoints (6.5 has them): a forked worker that only reads and writes may keep its parent’s name';
const LATE = 'less exact: no cgroup2: a socket has no owner until its first send or receive is over';
const BRIEF =
  'less exact: programs are not told of as they start: of those that live milliseconds, paths are unknown';

/** What is missing; what is said; how many of the client's packets on the wire have no owner. */
const CASES: readonly (readonly [string, readonly string[], number])[] = [
  ['', [], 0],
  ['btf', [...NO_TRACEPOINTS, THREADS, WORKERS, BRIEF], 0],
  ['tracepoints', [...NO_TRACEPOINTS, WORKERS], 0],
  ['cgroup2', [NO_CGROUP, LATE], 1],
  [
    'tcx',
    ['done without tcx (6.6 has it): attached by clsact, which the next start sweeps after a kill -9'],
    0,
  ],
  ['exec', [BRIEF], 0],
  [
    'tracepoints,cgroup2',
    [
      'no socket hook could be attached: packets of new sockets will have no processes',
      ...NO_TRACEPOINTS,
      NO_CGROUP,
      'less exact: no cgroup2: only sockets that are there now have owners',
    ],
    6,
  ],
];

for (const [i, [missing, said, unowned]] of CASES.entries()) {
  test(`without ${missing === '' ? 'nothing' : missing}`, { skip: cannot }, async (t) => {
    const port = PORT + i;
    const server = await python(
      t,
      null,
      `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', ${port})); print('ready')
while True:
    d, a = s.recvfrom(100); s.sendto(d, a)`,
    );
    const capture = await Capture.begin(t, ['-tknvg', '-i', 'pktap,lo', `udp port ${port}`], {
      PKTAP_WITHOUT: missing,
    });
    const client = await runProgram(null, [
      'python3',
      '-c',
      `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(3): s.sendto(b'x', ('127.0.0.1', ${port})); s.recv(100)`,
    ]);
    const { lines, err, status } = await capture.end();
    assert.equal(status, 0, err);
    const told = err.split('\n').filter((line) => /^pktap: (done|less|no )/.test(line));
    // tcx is found out about last.
    assert.deepEqual(
      told,
      said.map((line) => `pktap: ${line}`),
    );
    assert.equal(lines.length, 12);
    const owners = lines.map((line) => {
      const { proc, dir } = metadataOf(line);
      const toServer = line.includes(`> 127.0.0.1.${port}:`);
      return { proc, expected: `python3:${toServer === (dir === 'out') ? client.pid : server.pid}` };
    });
    for (const { proc, expected } of owners)
      if (proc !== null) assert.equal(proc, expected, lines.join('\n'));
    const none = owners.filter(({ proc }) => proc === null);
    assert.equal(none.length, unowned, lines.join('\n'));
    for (const { expected } of none) assert.equal(expected, `python3:${client.pid}`);
  });
}

test('without -v one line says what is less exact', { skip: cannot }, async (t) => {
  for (const [without, said] of [
    ['', []],
    ['tcx', []],
    ['tracepoints', [WORKERS]],
    ['btf', [`${[THREADS, WORKERS, BRIEF].join('; ').replaceAll('; less exact: ', '; ')}`]],
  ] as const) {
    const capture = await Capture.begin(t, ['-kn', '-i', 'pktap,lo'], { PKTAP_WITHOUT: without });
    const { err } = await capture.end();
    const told = err.split('\n').filter((line) => /^pktap: (done|less|no )/.test(line));
    assert.deepEqual(
      told,
      said.map((line) => `pktap: ${line}`),
    );
  }
});

test('without BTF the command and trees are found in /proc', { skip: cannot }, () => {
  const args = ['-tknvg', '-i', 'pktap,lo', `udp port ${PORT - 1}`, '--', 'sh', '-c'];
  const code = `import socket, time
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${PORT - 1})); time.sleep(0.5)`;
  const ran = spawnSync(command, [...args, `python3 -c "${code}"; exit 3`], {
    encoding: 'utf8',
    env: { ...process.env, PKTAP_WITHOUT: 'btf' },
  });
  assert.equal(ran.status, 3, ran.stderr);
  assert.match(ran.stdout, /^\(lo, proc python3:\d+, svc BE, out, nf, so\) IP [^\n]*\n$/);
  assert.match(ran.stderr, /^pktap: less exact: trees of processes are found in \/proc: .*$/m);
});

test('in a process ID namespace of its own: the command is captured, and what is not known is said', {
  skip: cannot || (spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status !== 0 && 'no unshare here'),
}, () => {
  const port = PORT - 2;
  const code = `import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))`;
  const words = ['-tknvg', '-i', 'pktap,lo', `udp port ${port}`, '--', 'python3', '-c', code];
  const ran = spawnSync('unshare', ['-pf', '--mount-proc', command, ...words], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /^\(lo, proc python3:\d+, svc BE, out, nf, so\) IP [^\n]*\n$/);
  assert.match(
    ran.stderr,
    /^pktap: less exact: a process ID namespace of its own: process IDs are the host’s, .*$/m,
  );
});

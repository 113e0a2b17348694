// --netns: captures in other network namespaces, and what hides the cgroup2 hierarchy in them.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Capture, cannot, command, ip, makePair, metadataOf, python, runProgram } from './world.js';

const UDP_SERVER = (address: string, port: number): string => `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('${address}', ${port})); print('ready')
while True:
    d, a = s.recvfrom(100); s.sendto(d, a)`;
const UDP_CLIENT = (address: string, port: number): string[] => [
  'python3',
  '-c',
  `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('${address}', ${port})); s.recv(100)`,
];

for (const attach of ['tcx', 'clsact']) {
  test(`two other namespaces and our own at once, by ${attach}`, { skip: cannot }, async (t) => {
    const one = makePair(t);
    const two = makePair(t);
    const servers = [
      await python(t, one.namespace, UDP_SERVER(one.there, 7)),
      await python(t, two.namespace, UDP_SERVER(two.there, 7)),
    ];
    const spaces = [
      '--netns',
      one.namespace,
      '--netns',
      String(servers[1]!.pid),
      '--netns',
      String(process.pid),
    ];
    // The second time it is the same namespace.
    const args = [...spaces, '--netns', `/run/netns/${one.namespace}`, '-tknq'];
    const interfaces = `pktap,eth0,${one.device},${two.device}`;
    const capture = await Capture.begin(t, [...args, '-i', interfaces, 'udp port 7'], {
      PKTAP_ATTACH: attach,
    });
    const clients = [
      await runProgram(null, UDP_CLIENT(one.there, 7)),
      await runProgram(null, UDP_CLIENT(two.there, 7)),
    ];
    const { lines, err, status } = await capture.end();
    assert.equal(status, 0, err);
    for (const [i, pair, label] of [
      [0, one, one.namespace],
      [1, two, String(servers[1]!.pid)],
    ] as const) {
      const client = `python3:${clients[i]!.pid}`;
      const server = `python3:${servers[i]!.pid}`;
      const shown = lines
        .filter((line) => line.includes(`${pair.there}.7`))
        .map((line) => [metadataOf(line).face, metadataOf(line).dir, metadataOf(line).proc].join(' '));
      // Each packet on both ends of the cable, each end naming its own.
      assert.deepEqual(
        shown.sort(),
        [
          `${pair.device} out ${client}`,
          `eth0@${label} in ${server}`,
          `eth0@${label} out ${server}`,
          `${pair.device} in ${client}`,
        ].sort(),
        lines.join('\n'),
      );
    }
    assert.equal(lines.length, 8);
    const tc = execFileSync('tc', ['-n', one.namespace, 'filter', 'show', 'dev', 'eth0', 'ingress']);
    assert.equal(tc.toString(), '', 'nothing stays behind');
  });
}

test('interfaces that appear in another namespace are joined, filters and files know their names', {
  skip: cannot,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'n.pcapng');
  const { namespace } = makePair(t);
  const args = ['--netns', namespace, '-i', 'pktap,all', '-Q', `if=late,other or if=lo@${namespace}`];
  const capture = await Capture.begin(t, [...args, '-w', file, 'icmp']);
  ip('-n', namespace, 'link', 'add', 'late', 'type', 'veth', 'peer', 'name', 'far0');
  ip('-n', namespace, 'link', 'set', 'far0', 'up');
  ip('-n', namespace, 'addr', 'add', '10.99.1.1/24', 'dev', 'late');
  ip('-n', namespace, 'link', 'set', 'late', 'up');
  await new Promise((done) => setTimeout(done, 200));
  // Nobody answers at the other end; the packet leaves all the same.
  ip('-n', namespace, 'neigh', 'add', '10.99.1.2', 'lladdr', '02:00:00:00:00:01', 'dev', 'late');
  await runProgram(namespace, ['ping', '-c', '1', '-W', '0.1', '10.99.1.2']);
  await runProgram(namespace, ['ping', '-c', '1', '127.0.0.1']);
  await capture.end();
  const read = (...more: string[]): string[] =>
    execFileSync(command, ['-k', 'ID', '-tnr', file, ...more], { encoding: 'utf8' })
      .split('\n')
      .slice(0, -1);
  const faces = (lines: string[]): string[] => lines.map((line) => metadataOf(line).face);
  const lo = `lo@${namespace}`;
  const late = `late@${namespace}`;
  assert.deepEqual(faces(read()), [late, lo, lo, lo, lo]);
  assert.deepEqual(faces(read('-Q', 'if=late')), [late]);
  assert.deepEqual(faces(read('-Q', `if=${late}`)), [late]);
  assert.deepEqual(read('-Q', 'if=late@other'), []);
  assert.equal(read('-Q', 'if != lo and if = l').length, 1);
});

test('a plain device of another namespace, and the best effort in one', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  // Older than the capture: a younger one is found at the next walk over /proc, seconds later on a busy machine.
  const server = await python(t, pair.namespace, UDP_SERVER(pair.there, 9));
  const plain = await Capture.begin(t, ['--netns', pair.namespace, '-i', 'eth0', '-tnq', 'udp port 9']);
  const effort = await Capture.begin(
    t,
    ['--netns', pair.namespace, '-i', 'pktap,eth0', '-tknq', 'udp port 9'],
    { PKTAP_ATTACH: 'packet' },
  );
  const TIMES = 4;
  for (let i = 0; i < TIMES; i++) {
    const ran = await runProgram(null, UDP_CLIENT(pair.there, 9));
    assert.equal(ran.status, 0, ran.output);
  }
  const there = (await plain.end()).lines;
  assert.equal(there.length, 2 * TIMES, there.join('\n'));
  assert.match(there[0]!, new RegExp(`^IP ${pair.here}\\.\\d+ > ${pair.there}\\.9: UDP, length 1$`));
  const facts = (await effort.end()).lines.map(metadataOf);
  assert.deepEqual(
    facts.map(({ face, dir }) => [face, dir]),
    Array.from({ length: 2 * TIMES }, (_, i) => [`eth0@${pair.namespace}`, i % 2 === 0 ? 'in' : 'out']),
  );
  // Where the processors are busy a packet may be nobody's, never another's.
  const found = facts.flatMap(({ proc }) => proc ?? []);
  assert.deepEqual([...new Set(found)], [`python3:${server.pid}`]);
});

test('dropped packets of one namespace alone', { skip: cannot }, async (t) => {
  const one = makePair(t);
  const two = makePair(t);
  const capture = await Capture.begin(t, ['-tknq', '-i', 'droptap', '--netns', one.namespace, 'udp port 5']);
  for (const { namespace } of [one, two]) {
    await runProgram(namespace, [
      'python3',
      '-c',
      "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 5))",
    ]);
  }
  const { lines } = await capture.end();
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.equal(metadataOf(lines[0]!).face, `lo@${one.namespace}`);
  assert.match(lines[0]!, /drop reason NO_SOCKET/);
});

test('a namespace that is none is said in one line', { skip: cannot }, () => {
  const errorOf = (...args: string[]): string => spawnSync(command, args, { encoding: 'utf8' }).stderr;
  assert.deepEqual(
    [
      errorOf('--netns', 'no-such-name'),
      errorOf('--netns', '/no/such/path'),
      errorOf('--netns', '4194305'),
      errorOf('--netns', '/etc/passwd'),
      errorOf('--netns', '/proc/self/ns/mnt'),
      errorOf('--netns', '1', '-r', 'x'),
    ],
    [
      'pktap: --netns no-such-name: No such network namespace\n',
      'pktap: --netns /no/such/path: No such network namespace\n',
      'pktap: --netns 4194305: No such process\n',
      'pktap: --netns /etc/passwd: not a network namespace\n',
      'pktap: --netns /proc/self/ns/mnt: not a network namespace\n',
      "pktap: --netns can't be used together with -r or -V\n",
    ],
  );
});

test('under `ip netns exec`, where cgroup2 is not mounted, nothing is done without', {
  skip: cannot,
}, async (t) => {
  const { namespace } = makePair(t);
  const mounts = await runProgram(namespace, ['grep', '-c', 'cgroup2', '/proc/self/mounts']);
  assert.equal(mounts.output, '0\n', '`ip netns exec` hides it');
  const ran = await runProgram(namespace, [
    ...[command, '-k', 'GNP', '-tvg', '-n', '-i', 'pktap,lo', '--', 'sh', '-c'],
    'ping -c 1 127.0.0.1 2>&1 >/dev/null & wait',
  ]);
  assert.equal(ran.status, 0, ran.errors);
  assert.match(ran.output, /^\(proc ping:\d+, cgroup \/.*\) IP /m);
  assert.doesNotMatch(ran.errors, /without/);
});

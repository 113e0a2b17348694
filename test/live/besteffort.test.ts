// Capture without eBPF: by packet sockets, with processes as far as sock_diag and /proc tell.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
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

const environment = { PKTAP_ATTACH: 'packet' };

/** A client that keeps its connection for a while, and a server: both can be found while the packets pass. */
const CLIENT = (address: string, port: number): string =>
  [
    'import socket, time',
    `s = socket.create_connection(('${address}', ${port}))`,
    "s.send(b'question')",
    's.recv(100)',
    'time.sleep(0.5)',
  ].join('\n');
const SERVER = (address: string): string =>
  [
    'import socket, time',
    's = socket.socket()',
    `s.bind(('${address}', 4242))`,
    's.listen()',
    "print('ready')",
    'while True:',
    '  c, _ = s.accept()',
    '  c.recv(100)',
    "  c.send(b'answer')",
    '  time.sleep(0.5)',
  ].join('\n');

test('TCP over loopback: both ends named, both directions shown', { skip: cannot }, async (t) => {
  const server = await python(t, null, SERVER('127.0.0.1'));
  const capture = await Capture.begin(t, ['-tknqv', '-i', 'pktap,lo', 'tcp port 4242'], environment);
  const client = await runProgram(null, ['python3', '-c', CLIENT('127.0.0.1', 4242)]);
  const { lines, err, status } = await capture.end();
  assert.equal(status, 0, err);
  assert.match(err, /^pktap: no eBPF \(PKTAP_ATTACH=packet\): packets by AF_PACKET, .*best effort/m);
  const heads = lines.filter((line) => line.startsWith('(lo'));
  const texts = lines.filter((line) => / > .*: tcp \d+$/.test(line));
  for (const [word, count] of [
    ['question', 8],
    ['answer', 6],
  ] as const) {
    const at = texts.findIndex((line) => line.endsWith(`: tcp ${count}`));
    assert.ok(at >= 0, `${word}: ${lines.join('\n')}`);
  }
  const question = texts.findIndex((line) => /> 127\.0\.0\.1\.4242: tcp 8$/.test(line));
  const [out, into] = [metadataOf(heads[question]!), metadataOf(heads[question + 1]!)];
  assert.deepEqual([out.proc, out.dir], [`python3:${client.pid}`, 'out'], lines.join('\n'));
  assert.deepEqual([into.proc, into.dir], [`python3:${server.pid}`, 'in'], lines.join('\n'));
});

test('UDP on a plain device, VLAN tags in place, both filters', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const plain = await Capture.begin(t, ['-tneq', '-i', pair.device, 'vlan and udp'], environment);
  const mine = await Capture.begin(
    t,
    ['-tknq', '-i', `pktap,${pair.device}`, '-Q', 'proc=python3 and dir=out', 'udp'],
    environment,
  );
  // The kernel takes a tag off as it receives.
  await runProgram(pair.namespace, [
    'python3',
    '-c',
    [
      'import socket',
      's = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
      "s.bind(('eth0', 0))",
      "ip = bytes.fromhex('4500002200010000401100000a0000010a000002') + bytes.fromhex('00010007000e0000') + b'tagged'",
      "s.send(b'\\xff' * 6 + b'\\x02\\0\\0\\0\\0\\1' + bytes.fromhex('810000070800') + ip)",
    ].join('\n'),
  ]);
  const sender = await runProgram(null, [
    'python3',
    '-c',
    [
      'import socket, time',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
      `s.sendto(b'plain', ('${pair.there}', 7))`,
      'time.sleep(0.5)',
    ].join('\n'),
  ]);
  const tagged = (await plain.end()).lines;
  assert.equal(tagged.length, 1, tagged.join('\n'));
  assert.equal(
    tagged[0],
    '02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, 802.1Q, length 52: vlan 7, p 0, IPv4, 10.0.0.1.1 > 10.0.0.2.7: UDP, length 6',
  );
  const { lines, err } = await mine.end();
  const own = lines.filter((line) => line.includes('UDP, length 5'));
  assert.equal(own.length, 1, `${lines.join('\n')}\n${err}`);
  assert.equal(metadataOf(own[0]!).proc, `python3:${sender.pid}`);
  assert.match(err, /drops? by metadata filter/);
});

test('an ordinary user with CAP_NET_RAW alone captures', { skip: cannot }, async (t) => {
  const found = spawnSync('capsh', ['--version']);
  if (found.error !== undefined) return t.skip('no capsh here');
  const pair = makePair(t);
  const caps = '--drop=cap_bpf,cap_sys_admin,cap_perfmon,cap_net_admin';
  const line = `exec ${command} -tnkqv -c 1 -i ${pair.device} icmp 2>&1`;
  const child = start(t, 'sh', '-c', `exec capsh ${caps} -- -c "${line}"`);
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await waitFor(child.stdout!, /listening on/);
  const ended = new Promise((done) => child.once('close', done));
  await runProgram(null, ['ping', '-c', '1', pair.there]);
  await ended;
  assert.match(
    output,
    /no eBPF \(CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON missing: a container gets them by --cap-add\)/,
  );
  assert.match(output, /ICMP echo request/);
  return undefined;
});

test('an ordinary user: their own processes are named, others’ are not, and -v says so', {
  skip: cannot || (spawnSync('setpriv', ['--version']).error !== undefined && 'no setpriv here'),
}, async (t) => {
  const port = 40000 + (process.pid % 10000);
  const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const rights = ['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all,+net_raw`);
  const words = ['-tknqv', '-g', '-i', 'pktap,lo', '-Q', 'dir=out', `udp port ${port}`];
  const child = start(t, 'setpriv', ...user, ...rights, command, ...words);
  let out = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const said = await waitFor(child.stderr!, /listening on/);
  assert.match(
    said,
    /^pktap: no eBPF \(CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON missing: root has them\): .*best effort/m,
  );
  const code = (text: string): string => `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))
s.sendto(b'${text}', ('127.0.0.1', ${port})); time.sleep(0.5)`;
  const own = await runProgram(null, [
    ...['env', 'PATH=/usr/bin:/bin', 'setpriv', ...user, 'python3', '-c', code('own')],
  ]);
  const roots = await runProgram(null, ['python3', '-c', code('root')]);
  assert.deepEqual([own.status, roots.status], [0, 0], own.errors + roots.errors);
  const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
  assert.match(status, /^Uid:\t65534\t65534\t65534\t65534\n/m);
  assert.match(status, /^CapEff:\t0000000000002000\n/m);
  child.kill('SIGINT');
  await new Promise((done) => child.once('close', done));
  const lines = out.split('\n').filter((line) => line !== '');
  assert.deepEqual(
    lines.map((line) => [metadataOf(line).proc, /length (\d+)$/.exec(line)?.[1]]),
    [
      [`python3:${own.pid}`, '3'],
      [null, '4'],
    ],
    out,
  );
});

// Dropped packets: the kernel's reason and place, the process whose packet it was, filters, files.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KernelFunctions } from '../../src/tap/linux/drops.js';
import { Capture, cannot, command, ip, makePair, python, runProgram } from './world.js';

/** Sends one datagram. */
const datagram = (address: string, port: number, text: string): string[] => [
  'python3',
  '-c',
  `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'${text}', ('${address}', ${port}))`,
];

test('a datagram and a SYN for closed ports: no socket, nobody’s', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, ['-tkn', '-i', 'droptap', `host ${pair.here}`]);
  await runProgram(pair.namespace, datagram(pair.here, 7, 'closed'));
  await runProgram(pair.namespace, [
    'python3',
    '-c',
    `import socket\ntry: socket.create_connection(('${pair.here}', 7), 1)\nexcept OSError: pass`,
  ]);
  const { lines, status, err } = await capture.end();
  assert.equal(status, 0, err);
  const face = pair.device;
  const udp = lines.filter((line) => line.includes('UDP, length 6'));
  assert.equal(udp.length, 1, lines.join('\n'));
  assert.match(
    udp[0]!,
    new RegExp(
      `^\\(${face}, in, drop reason NO_SOCKET __udp4_lib_rcv\\+0x[0-9a-f]+\\) IP ${pair.there}\\.\\d+ > ${pair.here}\\.7: UDP, length 6$`,
    ),
  );
  const syn = lines.filter((line) => line.includes('Flags [S]'));
  assert.equal(syn.length, 1, lines.join('\n'));
  assert.match(syn[0]!, /^\([^)]*drop reason NO_SOCKET tcp_v4_rcv\+0x[0-9a-f]+\)/);
});

test('a full receive buffer is its reader’s, in whatever namespace; also in files and filters', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  const folder = mkdtempSync(join(tmpdir(), 'pktap-drops-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'drops.pcapng');
  const reader = await python(
    t,
    pair.namespace,
    [
      'import socket, sys, time',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
      's.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)',
      "s.bind(('0.0.0.0', 9999))",
      "print('ready')",
      'time.sleep(60)',
    ].join('\n'),
  );
  const all = await Capture.begin(t, ['-i', 'droptap', '-w', file, 'udp']);
  const absent = await Capture.begin(t, [
    '-tkn',
    '-i',
    'droptap',
    '-Q',
    'proc=nosuchprogram',
    'udp port 9999',
  ]);
  await runProgram(null, [
    'python3',
    '-c',
    [
      'import socket',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
      `for i in range(50): s.sendto(b'x' * 1000, ('${pair.there}', 9999))`,
    ].join('\n'),
  ]);
  assert.equal((await absent.end()).lines.length, 0);
  assert.equal((await all.end()).status, 0);
  const text = execFileSync(command, ['-tknr', file, '-Q', `pid=${reader.pid}`], { encoding: 'utf8' });
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.length > 20 && lines.length <= 50, text);
  for (const line of lines) {
    assert.match(
      line,
      new RegExp(
        `^\\(eth0@${pair.namespace}, proc python3:${reader.pid}, in, so, drop reason SOCKET_RCVBUFF \\w+\\+0x[0-9a-f]+\\) IP ${pair.here}\\.\\d+ > ${pair.there}\\.9999: UDP, length 1000$`,
      ),
    );
  }
});

test('an interface of a namespace without a name has its number', { skip: cannot }, async (t) => {
  const capture = await Capture.begin(t, ['-tkn', '-i', 'droptap', 'udp port 9998']);
  const code = `import os, socket; print(os.stat('/proc/self/ns/net').st_ino, flush=True)
os.system('ip link set lo up'); socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9998))`;
  const { output, errors } = await runProgram(null, ['unshare', '-n', 'python3', '-c', code]);
  assert.equal(errors, '');
  const { lines } = await capture.end();
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0]!, new RegExp(`^\\(lo@${output.trim()}, in, drop reason NO_SOCKET `));
});

test('only the named interface', { skip: cannot }, async (t) => {
  const [one, other] = [makePair(t), makePair(t)];
  const capture = await Capture.begin(t, ['-tkn', '-i', `droptap,${one.device}`]);
  for (const pair of [one, other])
    await runProgram(pair.namespace, datagram(pair.here, 7, pair === one ? 'mine' : 'theirs'));
  ip('-n', other.namespace, 'link', 'set', 'lo', 'down');
  const { lines } = await capture.end();
  const udp = lines.filter((line) => line.includes('UDP'));
  assert.equal(udp.length, 1, lines.join('\n'));
  assert.match(udp[0]!, /UDP, length 4$/);
});

test('places as the kernel writes them', () => {
  const functions = new KernelFunctions(
    [
      'ffffffff81000100 T first',
      'ffffffff81000200 t second',
      'ffffffff81000300 D data',
      'ffffffffc0000000 t third\t[module]',
      '',
    ].join('\n'),
  );
  assert.equal(functions.place(0x81000100, 0xffffffff), 'first+0x0');
  assert.equal(functions.place(0x81000310, 0xffffffff), 'second+0x110');
  assert.equal(functions.place(0xc0000010, 0xffffffff), 'third+0x10');
  assert.equal(functions.place(0x80000000, 0xffffffff), '');
  assert.equal(functions.place(0xd0000000, 0xffffffff), '');
  assert.equal(new KernelFunctions('0000000000000000 T hidden\n').place(0, 0), '');
});

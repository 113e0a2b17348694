// What is asked of a Mac besides packets: its interfaces, users and processes; and what is said where it refuses.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as layouts from '../../../src/system/darwin/layouts.js';
import { parseArguments } from '../../../src/system/darwin/processes.js';
import { errorText } from '../../../src/system/platform.js';
import { buffer, ethernet, ipv4, ipv6, loopback, record, version1 } from './build.js';
import { cannot, compile, mac, macTest } from './mac.js';

const UUID = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const OTHER = Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('structures are as the headers have them: a Mac’s own where this is one', {
  skip: process.platform !== 'darwin' && cannot,
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const lines = execFileSync(compile('layouts.c', join(folder, 'layouts')), { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.ok(lines.length > 35);
  for (const line of lines) {
    const [, group, field, value] = /^(\w+)\.(\w+) (\d+)$/.exec(line)!;
    const known = (layouts as unknown as Record<string, Record<string, number>>)[group!]!;
    assert.equal(known[field!], Number(value), line);
  }
});

test('error numbers have each system’s own words', () => {
  assert.equal(errorText(35, true), 'Resource temporarily unavailable');
  assert.equal(errorText(11, false), 'Resource temporarily unavailable');
  assert.equal(errorText(102, true), 'Operation not supported on socket');
  assert.equal(errorText(100, false), 'Network is down');
  assert.equal(errorText(100, true), 'error 100');
  assert.equal(errorText(13, true), errorText(13, false));
});

test('arguments are those of the command line, not the environment', () => {
  const made = (count: number, rest: string): Uint8Array => {
    const head = Buffer.alloc(4);
    head.writeInt32LE(count);
    return Buffer.concat([head, Buffer.from(rest, 'latin1')]);
  };
  const words = (bytes: Uint8Array, most = 1000): string[] | null =>
    parseArguments(bytes, most)?.map((one) => Buffer.from(one).toString('latin1')) ?? null;
  assert.deepEqual(words(made(3, '/bin/a\0\0\0\0a\0-b\0c d\0SECRET=1\0')), ['a', '-b', 'c d']);
  assert.deepEqual(words(made(2, '/bin/a\0\0a\0\0SECRET=1\0')), ['a', ''], 'an empty one');
  assert.deepEqual(words(made(3, '/bin/a\0\0a\0-b\0ccc\0'), 6), ['a', '-b'], 'no more than wanted');
  assert.deepEqual(words(made(9, '/bin/a\0a\0b')), ['a'], 'what is cut is left out');
  assert.equal(words(made(0, '/bin/a\0a\0')), null);
  assert.equal(words(made(-1, '/bin/a\0a\0')), null);
  assert.equal(words(made(1, 'no end')), null);
  assert.equal(words(new Uint8Array(3)), null);
});

type Row = readonly (string | number)[];
const ssh = (changes: Record<number, string | number> = {}): Row =>
  [44637, 300, 501, 1_699_999_000, 5, 70001, hex(UUID), 'ssh', '/usr/bin/ssh', 'ssh', 'example.org'].map(
    (field, i) => changes[i] ?? field,
  );
const USERS: Row[] = [
  ['ann', 501, 20, '/Users/ann', '/bin/zsh'],
  ['root', 0, 0, '/var/root', '/bin/sh'],
];
const from = (
  name: string,
  more: Parameters<typeof version1>[1] = {},
  wire: Parameters<typeof record>[1] = {},
) => record(version1(ethernet(ipv4(1, 2)), { name, pid: 44637, uuid: UUID, ...more }), wire);

/** Path, user, parent and start of each packet's process. */
async function facts(t: TestContext, records: Uint8Array[], processes: Row[]): Promise<string[]> {
  const fields = 'process.name,process.path,process.user,process.ppid,process.start';
  const run = await mac(t, ['--csv', '--fields', fields, '-i', 'pktap', '-c', `${records.length}`], {
    buffers: [buffer(...records)],
    processes,
    users: USERS,
  });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim().split(/\r?\n/).slice(1);
}

macTest('facts are those of the packet’s own process, or there are none', async (t) => {
  const whole = 'ssh,/usr/bin/ssh,ann,300,2023-11-14T21:56:40.000005000Z';
  assert.deepEqual(await facts(t, [from('ssh')], [ssh()]), [whole]);
  assert.deepEqual(await facts(t, [from('curl')], [ssh()]), ['curl,,,,'], 'another name');
  assert.deepEqual(
    await facts(t, [from('ssh', { uuid: OTHER })], [ssh()]),
    ['ssh,,,,'],
    'another program of that name',
  );
  assert.deepEqual(await facts(t, [from('ssh')], [ssh({ 3: 1_700_000_100 })]), ['ssh,,,,'], 'it began later');
  assert.deepEqual(await facts(t, [from('ssh')], []), ['ssh,,,,'], 'it ended');
  assert.deepEqual(
    await facts(t, [from('ssh', { uuid: new Uint8Array(16) })], [ssh({ 2: 999 })]),
    ['ssh,/usr/bin/ssh,,300,2023-11-14T21:56:40.000005000Z'],
    'a user without a name, a header without a UUID',
  );
  assert.deepEqual(await facts(t, [from('ssh', { face: 'rvi0' })], [ssh()]), ['ssh,,,,'], 'an iPhone’s');
  const long = await facts(t, [from('a name of 16 byt')], [ssh({ 7: 'a name of 16 byt' })]);
  assert.deepEqual(
    long,
    ['a name of 16 byt,/usr/bin/ssh,ann,300,2023-11-14T21:56:40.000005000Z'],
    'a name that libproc cuts',
  );
});

macTest('trees: who descends from a process, and a filter for users by their names', async (t) => {
  const processes = [
    ssh(),
    [300, 200, 501, 1, 0, 5, '00', 'zsh', '/bin/zsh'],
    [200, 1, 0, 1, 0, 4, '00', 'login', '/l'],
  ];
  const records = buffer(from('curl', { pid: 9 }), from('ssh'));
  const run = await mac(t, ['-tn', '-k', 'P', '-i', 'pktap', '-c', '1', '-Q', 'tree=200'], {
    buffers: [records],
    processes,
    users: USERS,
  });
  assert.match(run.stdout, /^\(proc :?44637\)/, run.stderr);
  assert.match(run.stderr, /^pktap: trees of processes by their parents/m);
  const user = await mac(t, ['-tn', '-k', 'P', '-i', 'pktap', '-c', '1', '-Q', 'user=ann'], {
    buffers: [records],
    processes,
    users: USERS,
  });
  assert.match(user.stdout, /^\(proc :?44637\)/, user.stderr);
});

macTest('-D and -L', async (t) => {
  const list = await mac(t, ['-D']);
  assert.deepEqual(list.stdout.trim().split('\n'), [
    '1.pktap (Packets of every ordinary interface, with their processes) [Up, Running]',
    '2.any (Packets of every interface, with their processes) [Up, Running]',
    '3.en0 [Up, Running, Wireless, Connected]',
    '4.utun3 (a tunnel) [Up, Running]',
    '5.lo0 [Up, Running, Loopback]',
    '6.en1 [none]',
  ]);
  assert.deepEqual(list.calls, ['freed'], 'the list is given back');
  const types = await mac(t, ['-L', '-i', 'lo0']);
  assert.match(types.stdout, /^ {2}NULL \(/m);
});

macTest('a plain device: its own link type, its netmask, its MAC address', async (t) => {
  const bytes = buffer(record(loopback(ipv4(1, 2))), record(loopback(ipv6(3, 4))));
  const run = await mac(t, ['-tn', '-i', 'lo0', '-c', '1', 'ip6'], {
    buffers: [bytes],
    env: { APPLE_DLT: '0' },
  });
  assert.equal(run.stdout, 'IP6 ::1.3 > ::1.4: UDP, length 5\n', run.stderr);
  assert.match(run.stderr, /^listening on lo0, link-type NULL \(BSD loopback\)/m);
  const there = ethernet(ipv4(5, 6));
  const broadcast = ethernet(ipv4(7, 8));
  broadcast.set([192, 168, 5, 255], 30);
  const cast = await mac(t, ['-tn', '-i', 'en0', '-c', '1', 'ip broadcast'], {
    buffers: [buffer(record(there), record(broadcast))],
  });
  assert.equal(cast.stdout, 'IP 192.168.5.82.7 > 192.168.5.255.8: UDP, length 5\n', cast.stderr);
});

macTest('a packet cut at the snapshot length, and a buffer that breaks off', async (t) => {
  const run = await mac(t, ['-tn', '-s', '40', '-k', 'I', '-i', 'pktap', '-c', '1'], {
    buffers: [buffer(from('ssh'))],
  });
  assert.match(run.stdout, /^\(en0\) IP 192\.168\.5\.82\.1 > 173\.255\.247\.120\.2: /, run.stderr);
  const cut = Buffer.from(from('ssh'));
  cut.writeUInt32LE(100_000, 8);
  const broken = await mac(t, ['-tn', '-k', 'I', '-i', 'pktap', '-c', '2'], {
    buffers: [buffer(from('ssh'), cut), buffer(from('ssh'))],
    env: { APPLE_DROPPED: '7' },
  });
  assert.equal(broken.stdout.trim().split('\n').length, 2);
  assert.match(
    broken.stderr,
    /^pktap: pktap: a record of \/dev\/bpf makes no sense: the rest of its buffer is left out$/m,
  );
  assert.match(broken.stderr, /^7 packets dropped by kernel$/m);
});

macTest('without rights: the command that works, and why ChmodBPF is not enough', async (t) => {
  const env = { APPLE_DENY: '1', APPLE_UID: '501' };
  const tap = await mac(t, ['-i', 'pktap,en0'], { env });
  assert.equal(tap.status, 1);
  assert.match(
    tap.stderr,
    /^pktap: pktap,en0: You don't have permission to capture \(.*Operation not permitted\): run it as root: sudo pktap -i pktap,en0; access to \/dev\/bpf\* \(ChmodBPF\) is not enough, as root alone may make a tap\n$/,
  );
  const plain = await mac(t, ['-i', 'en0'], { env });
  assert.match(plain.stderr, /run it as root: sudo pktap -i en0\n$/);
  assert.equal(plain.calls.at(-1), 'close');
});

macTest('a macOS without Apple’s private functions: what is missing, and a plain capture', async (t) => {
  const bytes = buffer(record(ethernet(ipv4(5, 6))));
  const run = await mac(t, ['-tn', '-c', '1'], { tap: false, buffers: [bytes] });
  assert.equal(run.stdout, 'IP 192.168.5.82.5 > 173.255.247.120.6: UDP, length 5\n', run.stderr);
  assert.match(
    run.stderr,
    /^pktap: this macOS's libpcap has no pcap_set_want_pktap: en0 is captured on, without processes$/m,
  );
  const filtered = await mac(t, ['-tn', '-Q', 'proc=ssh'], { tap: false, buffers: [bytes] });
  assert.equal(filtered.status, 1);
  assert.match(
    filtered.stderr,
    /packets cannot be told by their processes: this macOS's libpcap has no pcap_set_want_pktap/,
  );
});

macTest('interfaces that are not there, and what macOS has not', async (t) => {
  const none = await mac(t, ['-i', 'en7']);
  assert.equal(none.stderr, 'pktap: en7: No such device exists (there are en0, utun3, lo0, en1)\n');
  assert.deepEqual(
    none.calls.filter((call) => call !== 'freed'),
    [],
  );
  const namespaces = await mac(t, ['--netns', 'blue']);
  assert.match(namespaces.stderr, /--netns: macOS has no network namespaces/);
});

macTest('a signal ends it with its counts, and the device is given back', async (t) => {
  const run = await mac(t, ['-ltn', '-i', 'pktap'], {
    buffers: [buffer(from('ssh'), from('ssh'))],
    interrupt: 2,
  });
  assert.equal(run.status, 0, run.stderr);
  assert.match(
    run.stderr,
    /^2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n$/m,
  );
  assert.equal(run.calls.at(-1), 'close');
});

macTest('a command is run, and its own packets alone pass', async (t) => {
  const place = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  writeFileSync(join(place, 'script.sh'), 'echo done; exit 7\n');
  const run = await mac(t, ['-tn', '-i', 'pktap', '--', 'sh', join(place, 'script.sh')], {
    buffers: [buffer(from('ssh'))],
  });
  assert.equal(run.status, 7, run.stderr);
  assert.equal(run.stdout, 'done\n');
  assert.match(run.stderr, /^1 drop by metadata filter$/m);
});

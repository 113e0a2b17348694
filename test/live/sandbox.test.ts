// What the process can still do once all is open: each thread tries what it may not (test/run/probe.cts).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { PacketAnswer, RecordingLine } from '../../src/view/index.js';
import { ask, post } from '../web/served.js';
import {
  ALWAYS,
  assertAnswers,
  folders,
  noLandlock,
  Probed,
  packets,
  SECRETS,
  START,
  SUDO,
  UNCONNECTED,
  USER,
} from './probed.js';
import { cannot, start, waitFor } from './world.js';

/** Whose socket listens on a port of 127.0.0.1. Source: proc_net(5). */
function socketOwner(port: number): number {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .find((row) => row[1] === local && row[3] === '0A');
  return Number(line![7]);
}

test('a file: every thread is refused programs, tracing, connections, secrets and other files', {
  skip: noLandlock,
}, async (t) => {
  const { open, closed } = folders(t);
  const probed = Probed.run(t, ['-n', '-r', '-'], { elsewhere: join(closed, 'x') });
  probed.child.stdin!.write(packets(3));
  const [answers] = await probed.answers(1);
  assertAnswers(answers!, {
    thread: 'main',
    ...ALWAYS,
    ...UNCONNECTED,
    ...SECRETS,
    openat2: 'EPERM',
    elsewhere: 'EPERM',
    poolElsewhere: 'EPERM',
  });
  await probed.end();
  assert.deepEqual(readdirSync(closed), []);
  assert.deepEqual(readdirSync(open), []);
});

test('a file that is copied: only its folder is written in', { skip: noLandlock }, async (t) => {
  const { open, closed } = folders(t);
  const probed = Probed.run(t, ['-r', '-', '-w', join(open, 'copy.pcap')], {
    elsewhere: join(closed, 'x'),
    inside: join(open, 'in'),
  });
  probed.child.stdin!.write(packets(3));
  const [answers] = await probed.answers(1);
  assertAnswers(answers!, {
    ...ALWAYS,
    ...UNCONNECTED,
    ...SECRETS,
    elsewhere: 'EACCES',
    poolElsewhere: 'EACCES',
    inside: 'done',
  });
  await probed.end();
  assert.deepEqual(readdirSync(closed), []);
  assert.deepEqual(readdirSync(open).sort(), ['copy.pcap', 'in.0']);
});

test('the thread that asks for names connects to name servers alone', { skip: noLandlock }, async (t) => {
  const { closed } = folders(t);
  const probed = Probed.run(t, ['-r', '-'], { elsewhere: join(closed, 'x') });
  const bytes = packets(1);
  // An IPv4 packet of addresses whose names are asked for.
  Buffer.from('4500002e000100004011000001020304050607080007000900000000', 'hex').copy(bytes, 24 + 16 + 14);
  bytes.writeUInt16BE(0x0800, 24 + 16 + 12);
  probed.child.stdin!.write(bytes);
  for (const answers of await probed.answers(2)) {
    assertAnswers(answers, {
      ...ALWAYS,
      ...SECRETS,
      socket: 'done',
      connect: 'EACCES',
      elsewhere: 'EPERM',
      poolElsewhere: 'EPERM',
    });
  }
  await probed.end();
});

for (const [name, words, env, main] of [
  ['one interface', ['-n', '-i', 'lo'], {}, { ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' }],
  [
    'the tap, by root',
    ['-n', '-i', 'pktap,lo'],
    {},
    { pool: 'EACCES', elsewhere: 'EPERM', poolElsewhere: 'EPERM' },
  ],
  [
    'the tap, by sudo',
    ['-n', '-i', 'pktap,lo'],
    SUDO,
    { ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' },
  ],
  [
    'the tap with -Z',
    ['-n', '-Z', 'nobody', '-i', 'pktap,lo'],
    {},
    { ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' },
  ],
  [
    'best effort, one interface',
    ['-n', '-i', 'lo'],
    { PKTAP_ATTACH: 'packet' },
    { shadow: 'EACCES', elsewhere: 'EPERM' },
  ],
] as const) {
  test(`live, ${name}: what is refused`, { skip: noLandlock }, async (t) => {
    const { closed } = folders(t);
    const probed = Probed.run(t, words, { elsewhere: join(closed, 'x') }, env);
    const [answers] = await probed.answers(1);
    assertAnswers(answers!, { ...ALWAYS, ...UNCONNECTED, ...main });
    // Those too that run no JavaScript.
    const { pid } = probed.child;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'latin1');
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
    }
    await probed.end();
    assert.deepEqual(readdirSync(closed), []);
  });
}

test('by sudo, files to come are made by who runs it', { skip: cannot }, async (t) => {
  const { open, closed } = folders(t);
  const probed = Probed.run(
    t,
    ['-i', 'lo', '-v', '-w', join(open, 'x.pcap')],
    { elsewhere: join(closed, 'x'), inside: join(open, 'in') },
    SUDO,
  );
  const [answers] = await probed.answers(1);
  assertAnswers(answers!, { ...ALWAYS, ...SECRETS, elsewhere: 'EACCES', inside: 'done' });
  assert.match(probed.text, /^pktap: root is given up for nobody$/m);
  await probed.end();
  assert.equal(statSync(join(open, 'x.pcap')).uid, USER);
  assert.equal(statSync(join(open, 'x.pcap')).mode & 0o777, 0o600);
});

test('by sudo, root is kept where the user may not write the files to come, and said', {
  skip: cannot,
}, async (t) => {
  const { closed } = folders(t);
  const path = join(closed, 'x.pcap');
  const child = start(
    t,
    'env',
    `SUDO_UID=${USER}`,
    `SUDO_GID=${USER}`,
    resolve('bin/pktap'),
    '-i',
    'lo',
    '-w',
    path,
  );
  const text = await waitFor(child.stderr!, /root is kept/);
  assert.match(text, new RegExp(`^pktap: root is kept: nobody may not write in ${closed}$`, 'm'));
  child.kill('SIGINT');
  await new Promise((done) => child.on('close', done));
  assert.equal(existsSync(path), true);
});

for (const option of ['--keep-root', '--no-sandbox'] as const) {
  test(`${option} does what it says`, { skip: cannot }, async (t) => {
    const child = start(
      t,
      'env',
      `SUDO_UID=${USER}`,
      `SUDO_GID=${USER}`,
      resolve('bin/pktap'),
      '-n',
      '-i',
      'lo',
      '-v',
      option,
    );
    await waitFor(child.stderr!, option === '--keep-root' ? /sandbox: / : /given up/);
    await new Promise((done) => setTimeout(done, 200));
    const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
    assert.match(status, option === '--keep-root' ? /^Uid:\t0\t/m : new RegExp(`^Uid:\t${USER}\t`, 'm'));
    assert.match(status, /^NoNewPrivs:\t1$/m);
    child.kill('SIGINT');
    await new Promise((done) => child.on('close', done));
  });
}

for (const [name, words, env, more] of [
  ['a file', ['-b', '-r', '-'], {}, { ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' }],
  [
    'live, by sudo',
    ['-b', '-i', 'pktap,lo'],
    SUDO,
    { ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' },
  ],
  ['one interface, by root', ['-b', '-i', 'lo'], {}, { elsewhere: 'EPERM', poolElsewhere: 'EPERM' }],
] as const) {
  test(`pktap top, ${name}: what is refused`, { skip: noLandlock }, async (t) => {
    const { closed } = folders(t);
    const probed = Probed.run(t, ['top', ...words], { elsewhere: join(closed, 'x') }, env);
    probed.child.stdin!.write(packets(3));
    const [answers] = await probed.answers(1);
    assertAnswers(answers!, { thread: 'main', ...ALWAYS, ...UNCONNECTED, ...more });
    await probed.end();
    assert.deepEqual(readdirSync(closed), []);
  });
}

/** The page of a pktap that tries. */
async function pageOf(probed: Probed): Promise<{ port: number; token: string }> {
  for (let i = 0; i < 600 && !probed.out.endsWith('\n'); i++)
    await new Promise((done) => setTimeout(done, 50));
  const [, port, token] = /^http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]{22})\n$/.exec(probed.out)!;
  return { port: Number(port), token: token! };
}

test('pktap web, a file: what is refused; the page is served', { skip: noLandlock }, async (t) => {
  const { open, closed } = folders(t);
  const file = join(open, 'file.pcap');
  writeFileSync(file, packets(3));
  const probed = Probed.run(t, ['web', '-r', file], { elsewhere: join(closed, 'x') });
  const page = await pageOf(probed);
  const [answers] = await probed.answers(1);
  const refused = { ...ALWAYS, ...UNCONNECTED, ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' };
  assertAnswers(answers!, { thread: 'main', ...refused });
  assert.match((await ask(page, '/metrics')).body, /^pktap_packets_total\{kind="unknown".*\} 3$/m);
  // The file is read again for a list, as often as it is asked for; names that /etc/hosts has are known.
  for (let i = 0; i < 20; i++) {
    const expression = i % 2 === 0 ? 'not host localhost' : '';
    await post(page, '/api/watch', { metadata: 'frame.len = 60', expression, from: null, to: null });
  }
  for (let i = 0, lines = 0; lines !== 3; i++) {
    assert.ok(i < 100, 'three packets are listed');
    lines = (await post<PacketAnswer>(page, '/api/packets', { most: 100 })).lines.length;
    await new Promise((done) => setTimeout(done, 50));
  }
  await probed.end();
  assert.deepEqual(readdirSync(closed), []);
});

test('pktap web, live: what is refused; a recording is made and fetched', { skip: noLandlock }, async (t) => {
  const { open, closed } = folders(t);
  chmodSync(open, 0o777);
  const probed = Probed.run(
    t,
    ['web', '-v', '-i', 'pktap,lo'],
    { elsewhere: join(closed, 'x') },
    { TMPDIR: open },
  );
  const page = await pageOf(probed);
  const [answers] = await probed.answers(1);
  const refused = { ...ALWAYS, ...UNCONNECTED, ...SECRETS, elsewhere: 'EPERM', poolElsewhere: 'EPERM' };
  assertAnswers(answers!, { thread: 'main', ...refused });
  assert.match(
    probed.text,
    /^pktap: sandbox: no programs, tracing, connections, other servers, files for writing, mounts; /m,
  );
  // Root is given up by then: the server's socket is another user's.
  const [, uid] = /^Uid:\t\d+\t(\d+)/m.exec(readFileSync(`/proc/${probed.child.pid}/status`, 'latin1'))!;
  assert.equal(Number(uid), USER);
  assert.equal(socketOwner(page.port), USER);
  for (let turn = 0; turn < 2; turn++) {
    await post(page, '/api/recording', { on: true });
    // What we ask goes over the loopback interface, and is read from the ring some time later.
    for (let i = 0; i < 10; i++) {
      await ask(page, '/metrics');
      await new Promise((wait) => setTimeout(wait, 100));
    }
    const done = await post<RecordingLine>(page, '/api/recording', { on: false });
    const { bytes } = await ask(page, '/api/recording');
    assert.equal(bytes.length, done.bytes);
    assert.equal(bytes.readUInt32BE(), 0x0a0d0d0a);
    assert.ok(done.packets > 0 && done.error === null);
  }
  // It has no name.
  assert.deepEqual(readdirSync(open), []);
  await probed.end();
  assert.deepEqual(readdirSync(closed), []);
});

test('a file is read where native calls are not possible, and -v says that nothing is contained', (t) => {
  const { open } = folders(t, false);
  const preload = join(open, 'without.cjs');
  writeFileSync(
    preload,
    `const { _load } = require('module');
require('module')._load = (name, ...rest) => { if (/koffi/.test(name)) throw new Error('none here'); return _load(name, ...rest); };`,
  );
  const file = join(open, 'file.pcap');
  writeFileSync(file, packets(3));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', preload, START, '-v', '--count', '-r', file],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, '3 packets\n', stderr);
  assert.match(stderr, /^pktap: no sandbox: native calls are not possible on .*: none here$/m);
  assert.equal(status, 0);
});

// What the process can still do once all is open: each thread tries what it may not (test/run/probe.cts).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
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
  ['one interface', ['-n', '-i', 'lo'], {}, { shadow: 'EACCES', elsewhere: 'EPERM', poolElsewhere: 'EPERM' }],
  ['the tap, by root', ['-n', '-i', 'pktap,lo'], {}, { elsewhere: 'EPERM', poolElsewhere: 'EPERM' }],
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

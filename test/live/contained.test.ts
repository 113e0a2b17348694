// What a contained run still does: programs for files that are closed, files to come, names of containers, interfaces that appear elsewhere.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { waiting } from '../until.js';
import {
  ALWAYS,
  assertAnswers,
  folders,
  noLandlock,
  Probed,
  packets,
  SECRETS,
  SUDO,
  UNCONNECTED,
  USER,
} from './probed.js';

import { Capture, cannot, closed, command, ip, makeNamespace, runProgram } from './world.js';

const until = waiting(20);

const HIERARCHY = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1];

const datagram = (port: number): string[] => [
  'python3',
  '-c',
  `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', ${port}))`,
];

/** A script that notes its argument, standard input's first line, who runs it, and what it may get. */
function noting(folder: string): string {
  const script = join(folder, 'a script');
  const status = 'grep -E "^(NoNewPrivs|Seccomp|Uid|CapEff)" /proc/self/status | tr "\\n\\t" "  "';
  writeFileSync(script, `#!/bin/sh\nprintf '%s|%s\\n' "$1" "$(${status})" >>"${folder}/ran"\n`);
  chmodSync(script, 0o755);
  return script;
}

test('-z: programs are started, and by nobody but the starter', { skip: noLandlock }, async (t) => {
  const { open, closed: elsewhere } = folders(t);
  const file = join(open, "it's \\0101 50%d $(id)");
  const script = noting(open);
  const probed = Probed.run(t, ['-r', '-', '-C', '1k', '-w', file, '-z', script], {
    elsewhere: join(elsewhere, 'x'),
    inside: join(open, 'in'),
  });
  probed.child.stdin!.write(packets(15));
  const [answers] = await probed.answers(1);
  assertAnswers(answers!, { ...ALWAYS, ...UNCONNECTED, ...SECRETS, elsewhere: 'EACCES', inside: 'done' });
  probed.child.stdin!.write(packets(15).subarray(24));
  await probed.end();
  const ran = (): string[] =>
    existsSync(join(open, 'ran')) ? readFileSync(join(open, 'ran'), 'utf8').trim().split('\n') : [];
  const files = readdirSync(open).filter((name) => name.startsWith('it'));
  assert.ok(files.length >= 2, files.join());
  // The last file too, whose program is started as we end.
  await until(() => ran().length === files.length, ran().join('\n'));
  assert.deepEqual(
    ran()
      .map((line) => line.split('|')[0])
      .sort(),
    files.map((name) => join(open, name)).sort(),
  );
  for (const line of ran()) assert.match(line, /NoNewPrivs: 1 Seccomp: 0/);
});

test('-z: a name is no word of the shell’s, and one that is not there is told', { skip: cannot }, (t) => {
  const { open } = folders(t);
  const input = join(open, 'in.pcap');
  writeFileSync(input, packets(3));
  for (const name of ['eval', 'exit', join(open, 'in.pcap')]) {
    const { stderr, status } = spawnSync(command, ['-r', input, '-w', join(open, 'out'), '-z', name], {
      encoding: 'utf8',
    });
    assert.match(stderr, new RegExp(`^pktap: can't run ${name} ${open}/out$`, 'm'));
    assert.equal(status, 0);
  }
});

test('by sudo: a ring, SIGHUP and Parquet make files of the user’s, and -z runs as the user', {
  skip: closed,
}, async (t) => {
  const { open } = folders(t);
  const namespace = makeNamespace(t);
  const script = noting(open);
  chmodSync(script, 0o755);
  writeFileSync(join(open, 'ran'), '');
  spawnSync('chown', [`${USER}:${USER}`, join(open, 'ran')]);
  const words = [
    '-i',
    'pktap,lo',
    '-C',
    '1k',
    '-W',
    '3',
    '-w',
    join(open, 'ring'),
    '-z',
    script,
    '--parquet',
    join(open, 'rows'),
  ];
  const capture = await Capture.begin(t, [...words, '-v', 'udp port 9'], SUDO, [
    'nsenter',
    `--net=/run/netns/${namespace}`,
  ]);
  const send = async (times: number): Promise<void> => {
    const each = `s.sendto(b'x' * 400, ('127.0.0.1', 9))`;
    const code = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nfor _ in range(${times}): ${each}`;
    assert.equal((await runProgram(namespace, ['python3', '-c', code])).status, 0);
  };
  await send(8);
  await until(() => ['ring0', 'ring1', 'ring2'].every((name) => existsSync(join(open, name))), 'three files');
  // What is moved away is left, and a new file takes its name.
  const moved = readdirSync(open).filter((name) => /^ring\d$/.test(name));
  for (const name of moved) renameSync(join(open, name), join(open, `old-${name}`));
  await until(
    () => capture.child.kill('SIGHUP') && readdirSync(open).some((name) => /^ring\d$/.test(name)),
    'SIGHUP',
  );
  await send(8);
  const { err, status } = await capture.end();
  assert.equal(status, 0, err);
  assert.match(err, /^pktap: root is given up for nobody$/m);
  assert.match(err, /^pktap: sandbox: no programs, /m);
  const made = readdirSync(open).filter((name) => /ring|rows/.test(name));
  assert.ok(made.length >= 7, made.join());
  for (const name of made) {
    const { uid, mode } = statSync(join(open, name));
    assert.deepEqual([name, uid, mode & 0o777], [name, USER, 0o600]);
  }
  for (const name of made.filter((one) => /ring/.test(one))) {
    const read = spawnSync(command, ['-r', join(open, name), '--count'], { encoding: 'utf8' });
    assert.match(read.stdout, /^\d+ packets?\n$/, read.stderr);
  }
  const first = made
    .filter((one) => /rows/.test(one))
    .map((one) => readFileSync(join(open, one)).subarray(0, 4).toString());
  assert.deepEqual(new Set(first), new Set(['PAR1']));
  await until(() => readFileSync(join(open, 'ran'), 'utf8').includes('|'), 'the program');
  for (const line of readFileSync(join(open, 'ran'), 'utf8').trim().split('\n'))
    assert.match(line, new RegExp(`Uid: ${USER} ${USER} ${USER} ${USER} CapEff: 0+ NoNewPrivs: 1`));
});

test('by sudo, containers have their names, which root alone may read', {
  skip:
    closed ||
    (HIERARCHY === undefined && 'cgroup2 is not mounted') ||
    (existsSync('/var/lib/docker/containers') && 'Docker is here'),
}, async (t) => {
  const namespace = makeNamespace(t);
  const id = process.pid.toString(16).padStart(64, 'c0ffee0123456789');
  const state = join('/var/lib/docker/containers', id);
  const first = mkdirSync(state, { recursive: true, mode: 0o700 })!;
  t.after(() => rmSync(first, { recursive: true }));
  chmodSync(state, 0o700);
  writeFileSync(join(state, 'config.v2.json'), JSON.stringify({ Name: '/shop', Config: { Labels: {} } }), {
    mode: 0o600,
  });
  const cgroup = join(HIERARCHY!, 'docker', id);
  const firstGroup = mkdirSync(cgroup, { recursive: true })!;
  t.after(() => {
    for (let folder = cgroup; folder !== dirname(firstGroup); folder = dirname(folder)) rmdirSync(folder);
  });
  const capture = await Capture.begin(t, ['-tn', '-k', 'NK', '-i', 'pktap,lo', 'udp port 9'], SUDO, [
    'nsenter',
    `--net=/run/netns/${namespace}`,
  ]);
  const status = (): string => readFileSync(`/proc/${capture.child.pid}/status`, 'latin1');
  await until(
    () => new RegExp(`^Uid:\t${USER}\t`, 'm').test(status()) && /^Seccomp:\t2$/m.test(status()),
    'root is given up',
  );
  const sent = await runProgram(null, [
    'sh',
    '-c',
    `echo $$ >${cgroup}/cgroup.procs; exec nsenter --net=/run/netns/${namespace} "$@"`,
    '-',
    ...datagram(9),
  ]);
  assert.equal(sent.status, 0, sent.errors);
  const { lines } = await capture.end();
  assert.match(
    lines[0] ?? '',
    new RegExp(`^\\(proc python3[^,]*, container shop \\(docker ${id.slice(0, 12)}\\)\\) IP `),
    lines.join('\n'),
  );
});

for (const [name, words, env] of [
  ['sudo', [], SUDO],
  ['-Z', ['-Z', 'nobody'], {}],
] as const)
  test(`with ${name}, interfaces that appear in another namespace are joined`, {
    skip: closed,
  }, async (t) => {
    const namespace = makeNamespace(t);
    const all = ['-tqn', '--netns', namespace, '-i', 'pktap,all', ...words, 'udp port 9'];
    const capture = await Capture.begin(t, all, env);
    const status = (): string => readFileSync(`/proc/${capture.child.pid}/status`, 'latin1');
    await until(
      () => new RegExp(`^Uid:\t${USER}\t`, 'm').test(status()) && /^Seccomp:\t2$/m.test(status()),
      'root is given up',
    );
    ip('-n', namespace, 'link', 'add', 'late0', 'type', 'veth', 'peer', 'name', 'late1');
    ip('-n', namespace, 'addr', 'add', '10.95.0.1/24', 'dev', 'late0');
    for (const end of ['late0', 'late1']) ip('-n', namespace, 'link', 'set', end, 'up');
    const send = datagram(9).map((word) => word.replace('127.0.0.1', '10.95.0.2'));
    ip('-n', namespace, 'neigh', 'add', '10.95.0.2', 'lladdr', '02:00:00:00:00:01', 'dev', 'late0');
    for (let i = 0; i < 100 && !capture.text.includes('late0'); i++) {
      await runProgram(namespace, send);
      await new Promise((next) => setTimeout(next, 100));
    }
    assert.match(capture.text, new RegExp(`^\\(late0@${namespace}, proc python3`, 'm'), capture.errors);
    await capture.end();
  });

test('what a service gives us to capture with, the command behind -- does not have', { skip: closed }, () => {
  const rights = ['+net_admin', '+bpf', '+perfmon', '+sys_ptrace'].join(',');
  const words = ['--inh-caps', '--ambient-caps'].map((set) => `${set}=-all,${rights}`);
  const { stdout, stderr } = spawnSync(
    'setpriv',
    [
      ...[
        `--reuid=${USER}`,
        `--regid=${USER}`,
        '--clear-groups',
        ...words,
        resolve('bin/pktap'),
        '-i',
        'pktap,lo',
        '-w',
        '/dev/null',
      ],
      ...['--', 'sh', '-c', 'cat /proc/self/status'],
    ],
    { encoding: 'utf8', cwd: '/' },
  );
  assert.match(stdout, /^CapEff:\t0+$/m, stderr);
  assert.match(stdout, /^CapAmb:\t0+$/m);
  assert.match(stdout, new RegExp(`^Uid:\t${USER}\t`, 'm'));
});

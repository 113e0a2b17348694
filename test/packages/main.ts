// The self-contained packages, installed where there is no Node.js: a bare Debian in a folder, made by mmdebstrap. Run by
// `npm run test:packages` as root: it downloads Debian's packages and npm's build of Node.js.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'pktap-packages-'));
const root = join(folder, 'root');

function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
}

/** Runs a command in the bare system. */
function inside(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    DEBIAN_FRONTEND: 'noninteractive',
  };
  return spawnSync('chroot', [root, ...words], { encoding: 'utf8', env });
}

function digests(of: string): string[] {
  return readdirSync(of)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(of, name)))
          .digest('hex')}`,
    );
}

/** Every file of the bare system but those that dpkg keeps of what it did. */
function files(): string[] {
  return must('find', [
    root,
    '-xdev',
    '-path',
    '*/var/lib/dpkg/*',
    '-prune',
    '-o',
    '-path',
    '*/var/log/*',
    '-prune',
    '-o',
    '-path',
    '*/var/cache/*',
    '-prune',
    '-o',
    '-print',
  ])
    .split('\n')
    .sort();
}

/** Runs whose middle is told. */
const RUNS = 15;

/** The middle of some runs' milliseconds of processor time, in the bare system or here: others may be busy on this machine. */
function start(command: string, where: readonly string[] = ['chroot', root]): string {
  const script = `TIMEFORMAT='%3U %3S'; for i in $(seq ${RUNS}); do time ${command} >/dev/null 2>&1; done`;
  const [program, ...words] = [...where, 'bash', '-c', script];
  const { stderr } = spawnSync(program!, words, { encoding: 'utf8' });
  const times = stderr
    .trim()
    .split('\n')
    .map((line) => line.split(' ').reduce((sum, seconds) => sum + 1000 * Number(seconds), 0));
  assert.equal(times.length, RUNS, stderr);
  return times.sort((a, b) => a - b)[RUNS >> 1]!.toFixed(0);
}

/** What a start takes. */
function starts(name: string, command: string, file: string, where?: readonly string[]): void {
  const one = start(`${command} -nc1 -r ${file}`, where);
  say(
    `${name}: --version ${start(`${command} --version`, where)} ms, -r of one packet ${one} ms of processor time`,
  );
}

function say(what: string): void {
  console.log(`ok  ${what}`);
}

try {
  const builds = ['one', 'two'].map((name) => {
    const to = join(folder, name);
    mkdirSync(to);
    must('node', ['dist/tools/packages.js', arch()], { PKTAP_PACKAGES: to });
    return to;
  }) as [string, string];
  assert.deepEqual(digests(builds[0]), digests(builds[1]));
  say('two builds are the same bytes');
  const deb = readdirSync(builds[0]).find((name) => name.endsWith('.deb'))!;
  const tarball = readdirSync(builds[0]).find((name) => name.endsWith('.tar.xz'))!;
  for (const name of [deb, tarball])
    say(`${name} ${(statSync(join(builds[0], name)).size / 1e6).toFixed(1)} MB`);

  must('mmdebstrap', ['--quiet', '--variant=essential', '--include=libpcap0.8,libstdc++6', 'bookworm', root]);
  for (const kind of ['proc', 'sys']) must('mount', ['--rbind', `/${kind}`, join(root, kind)]);
  assert.notEqual(inside('node', '--version').status, 0);
  const before = files();
  copyFileSync(join(builds[0], deb), join(root, 'tmp/pktap.deb'));
  copyFileSync('examples/curl.pcapng', join(root, 'tmp/curl.pcapng'));

  const installed = inside('dpkg', '-i', '/tmp/pktap.deb');
  assert.equal(installed.status, 0, installed.stderr);
  assert.equal(inside('pktap', '--version').stdout, must('bin/pktap', ['--version']));
  const args = ['-kAnnvvr', '/tmp/curl.pcapng'];
  copyFileSync('examples/curl.pcapng', '/tmp/curl.pcapng');
  assert.equal(inside('pktap', ...args).stdout, must('bin/pktap', args, { TZ: 'UTC' }));
  rmSync('/tmp/curl.pcapng');
  say(`${deb} installs in a Debian without Node.js and prints as the one built here`);
  const live = inside(
    'pktap',
    '-kNn',
    '-i',
    'pktap,lo',
    'udp',
    '--',
    'bash',
    '-c',
    'echo hello >/dev/udp/127.0.0.1/9',
  );
  assert.match(live.stdout, /proc bash/, live.stderr);
  say('it captures, and names bash');
  starts('.deb', 'pktap', '/tmp/curl.pcapng');

  // A later version over it, as apt does it.
  const later = join(folder, 'later');
  must('dpkg-deb', ['-R', join(builds[0], deb), later]);
  must('sed', ['-i', 's/^Version: .*/Version: 99.0/', join(later, 'DEBIAN/control')]);
  must('dpkg-deb', ['--root-owner-group', '-Znone', '-b', later, join(root, 'tmp/later.deb')]);
  const upgraded = inside('dpkg', '-i', '/tmp/later.deb');
  assert.equal(upgraded.status, 0, upgraded.stderr);
  assert.match(inside('dpkg-query', '-s', 'pktap').stdout, /^Version: 99\.0$/m);
  assert.equal(inside('pktap', '-nc1', '-r', '/tmp/curl.pcapng').status, 0);
  const removed = inside('dpkg', '-P', 'pktap');
  assert.equal(removed.status, 0, removed.stderr);
  for (const name of ['pktap.deb', 'later.deb', 'curl.pcapng']) rmSync(join(root, 'tmp', name));
  assert.deepEqual(files(), before);
  say('an upgrade and a removal leave nothing');

  must('tar', ['-xJf', join(builds[0], tarball), '-C', join(root, 'opt')]);
  const [unpacked] = readdirSync(join(root, 'opt'));
  const again = inside(`/opt/${unpacked}/bin/pktap`, '--version');
  assert.equal(again.stdout, must('bin/pktap', ['--version']), again.stderr);
  say(`${tarball} runs from its folder`);
  copyFileSync('examples/curl.pcapng', join(root, 'tmp/curl.pcapng'));
  starts('tarball', `/opt/${unpacked}/bin/pktap`, '/tmp/curl.pcapng');

  // npm's package has none of what V8 compiled at the build: whoever installs it has another Node.js.
  const npm = join(folder, 'npm');
  mkdirSync(npm);
  must('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', npm]);
  must('tar', ['-xzf', join(npm, readdirSync(npm)[0]!), '-C', npm]);
  symlinkSync(resolve('node_modules'), join(npm, 'package/node_modules'));
  starts('npm', join(npm, 'package/bin/pktap'), 'examples/curl.pcapng', []);
  starts('here', 'bin/pktap', 'examples/curl.pcapng', []);
} finally {
  for (const kind of ['proc', 'sys']) spawnSync('umount', ['-R', join(root, kind)]);
  rmSync(folder, { recursive: true, force: true });
}

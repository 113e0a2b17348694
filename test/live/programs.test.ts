// Which program a process runs: the same path and UUID whether it lives on or is gone when its packet is read.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formatUuid } from '../../src/print/processtext.js';
import { buildId } from '../../src/tap/linux/process/buildid.js';
import { Capture, cannot, start } from './world.js';

const BASH = realpathSync('/bin/bash');

/** A shell with a build ID of its own. */
function makeShell(path: string, mark: number): string {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = readFileSync(BASH);
  const id = buildId(BASH)!;
  const at = bytes.indexOf(id);
  assert.ok(at > 0);
  bytes.fill(mark, at, at + 16);
  writeFileSync(path, bytes, { mode: 0o755 });
  return formatUuid(new Uint8Array(16).fill(mark));
}

/** A folder that can be a root: a shell and what it is linked with. */
function makeRoot(t: TestContext): { root: string; uuid: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pktap-root-')));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [library] of execFileSync('ldd', [BASH], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  mkdirSync(join(root, 'old'));
  mkdirSync(join(root, 'dev'));
  writeFileSync(join(root, 'dev/null'), '');
  // The host has another program of this path.
  return { root, uuid: makeShell(join(root, BASH), 0xa5) };
}

interface Seen {
  readonly path: string | undefined;
  readonly uuid: string | undefined;
  readonly command: string | undefined;
}

function seen(text: string): Map<number, Seen> {
  const packets = new Map<number, Seen>();
  for (const line of text.split('\n')) {
    const port = / > 127\.0\.0\.1\.(\d+): UDP/.exec(line)?.[1];
    if (port === undefined) continue;
    packets.set(Number(port), {
      path: /\bexe ([^,)]+)/.exec(line)?.[1],
      uuid: /\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/.exec(line)?.[1],
      command: /\bcmd (\S+)/.exec(line)?.[1],
    });
  }
  return packets;
}

/** Runs a program that ends, or says `done`; what waits for its input does so until the test is over. */
async function run(t: TestContext, words: readonly string[]): Promise<void> {
  const child = start(t, words[0]!, ...words.slice(1));
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const status = await new Promise((done) => {
    child.on('exit', done);
    child.stdout!.on('data', () => done(0));
  });
  assert.equal(status, 0, `${words.join(' ')}: ${errors}`);
}

/** A capture of UDP packets to 32 ports. */
function begin(t: TestContext, first: number): Promise<Capture> {
  const ports = `udp dst portrange ${first}-${first + 31}`;
  return Capture.begin(t, ['-tnl', '-k', 'NPXUL', '-i', 'pktap,lo', '-Q', 'dir=out', ports]);
}

const send = (port: number): string => `echo x > /dev/udp/127.0.0.1/${port}`;

test('a program that is gone has the path and UUID of one that lives', { skip: cannot }, async (t) => {
  const { root, uuid } = makeRoot(t);
  const shell = join(root, BASH);
  symlinkSync(shell, join(root, 'link'));
  const memory = `import os, sys
fd = os.memfd_create('inmemory')
os.write(fd, open('${shell}', 'rb').read())
os.execve(fd, ['inmemory', '-c', sys.argv[1]], os.environ)`;
  /** Its shell lives on: through it the program's file is found. */
  const enter = `mount --bind ${root} ${root} && cd ${root} && pivot_root . old && exec ${BASH} -c "$1"`;
  const ways: { [name: string]: { words: (inside: string) => string[]; path: string; uuid: string } } = {
    plain: { words: (inside) => [BASH, '-c', inside], path: BASH, uuid: formatUuid(buildId(BASH)!) },
    'by a link': { words: (inside) => [join(root, 'link'), '-c', inside], path: shell, uuid },
    'by a relative path': {
      words: (inside) => ['sh', '-c', `cd ${root} && exec ./link -c "$1"`, '-', inside],
      path: shell,
      uuid,
    },
    'in a chroot': { words: (inside) => ['chroot', root, BASH, '-c', inside], path: shell, uuid },
    'in mounts of its own': {
      words: (inside) => ['unshare', '-m', 'sh', '-c', enter, '-', `${BASH} -c '${inside}'; echo done; read`],
      path: BASH,
      uuid,
    },
    'from memory': { words: (inside) => ['python3', '-c', memory, inside], path: '/memfd:inmemory', uuid },
  };
  const names = Object.keys(ways);
  const first = 20000 + (process.pid % 1000) * 32;
  const capture = await begin(t, first);
  await Promise.all(names.map((name, i) => run(t, ways[name]!.words(`${send(first + i)}; echo done; read`))));
  while (seen(capture.text).size < names.length) await new Promise((done) => setTimeout(done, 20));
  // Nothing is read before all of these are gone.
  capture.child.kill('SIGSTOP');
  await Promise.all(names.map((name, i) => run(t, ways[name]!.words(send(first + 16 + i)))));
  capture.child.kill('SIGCONT');
  const packets = seen((await capture.end()).out);
  names.forEach((name, i) => {
    const { path, uuid } = ways[name]!;
    const { command: living, ...long } = packets.get(first + i)!;
    const { command: gone, ...short } = packets.get(first + 16 + i)!;
    assert.deepEqual(long, { path, uuid }, name);
    // What was only in memory is nowhere to be read.
    assert.deepEqual(short, { path, uuid: name === 'from memory' ? undefined : uuid }, `${name}, gone`);
    assert.equal(gone, living, name);
  });
});

test('a file that is another by now, or was written to, gives no UUID', { skip: cannot }, async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pktap-programs-')));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = 20000 + (process.pid % 1000) * 32;
  const path = (name: string): string => join(folder, name);
  const other = path('other');
  makeShell(other, 0x5a);
  const changes: { [name: string]: (file: string) => void } = {
    kept: () => {},
    replaced: (file) => renameSync(other, file),
    written: (file) => writeFileSync(file, readFileSync(BASH)),
    removed: (file) => rmSync(file),
    'a link': (file) => {
      rmSync(file);
      symlinkSync(BASH, file);
    },
    'a FIFO': (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    },
  };
  const names = Object.keys(changes);
  const capture = await begin(t, first);
  const uuids = names.map((name, i) => makeShell(path(name), i + 1));
  capture.child.kill('SIGSTOP');
  for (const [i, name] of names.entries()) await run(t, [path(name), '-c', send(first + i)]);
  for (const name of names) changes[name]!(path(name));
  capture.child.kill('SIGCONT');
  const packets = seen((await capture.end()).out);
  assert.deepEqual(
    names.map((_, i) => packets.get(first + i)?.uuid),
    [uuids[0], ...names.slice(1).map(() => undefined)],
  );
});

test('a path is the program’s that sent: not by its name, which it may change or another may have', {
  skip: cannot,
}, async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pktap-names-')));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = 20000 + (process.pid % 1000) * 32;
  const python = realpathSync(
    execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim(),
  );
  const renamed = `import ctypes, socket, sys, time
prctl = ctypes.CDLL(None).prctl
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
when, port, end = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if when == 'before': prctl(15, b'other name')
s.sendto(b'x', ('127.0.0.1', port))
if when == 'after': prctl(15, b'other name')
if end == 'lives':
  print('done', flush=True)
  time.sleep(60)`;
  // Two programs of one name in one process, of which only the second lives when the packets are read.
  const [one, two] = [join(folder, 'one/same'), join(folder, 'two/same')];
  makeShell(one, 1);
  makeShell(two, 2);
  const chain = (port: number): string[] => [
    one,
    '-c',
    `${send(port)}; exec ${two} -c '${send(port + 1)}; echo done; read'`,
  ];
  const capture = await begin(t, first);
  capture.child.kill('SIGSTOP');
  const ways = ['before', 'after'].flatMap((when) => ['ends', 'lives'].map((end) => [when, end] as const));
  for (const [i, [when, end]] of ways.entries())
    await run(t, [python, '-c', renamed, when, String(first + i), end]);
  await run(t, chain(first + 8));
  capture.child.kill('SIGCONT');
  const { out } = await capture.end();
  const packets = seen(out);
  for (const [i, [when, end]] of ways.entries()) {
    assert.equal(packets.get(first + i)?.path, python, `${when}, ${end}: ${out}`);
    const line = out.split('\n').find((text) => text.includes(`127.0.0.1.${first + i}: `))!;
    assert.match(line, when === 'before' ? /proc other name:/ : /proc python3[^:]*:/);
  }
  for (const [i, path] of [one, two].entries()) {
    const { command: _, ...facts } = packets.get(first + 8 + i)!;
    assert.deepEqual(facts, { path, uuid: formatUuid(new Uint8Array(16).fill(i + 1)) });
  }
});

// Files that others write: nothing waits, no link leads out, nothing is read without bound.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  openBelow,
  openRegular,
  readFile,
  readUpTo,
} from '../../../../src/tap/linux/process/guardedfiles.js';
import { readJson } from '../../../../src/tap/linux/process/statefiles.js';

test('FIFOs, devices, folders and links are no files; what is large is cut', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const inside = (name: string): string => join(folder, 'home', name);
  mkdirSync(inside('sub'), { recursive: true });
  writeFileSync(join(folder, 'secret'), '{"a":"secret"}');
  writeFileSync(inside('plain'), '{"a":"plain"}');
  execFileSync('mkfifo', [inside('fifo')]);
  symlinkSync('../secret', inside('out'));
  symlinkSync(join(folder, 'secret'), inside('absolute'));
  symlinkSync('..', inside('up'));
  symlinkSync('plain', inside('near'));
  symlinkSync('/proc/self/root', inside('root'));
  const below = (path: string): unknown => readJson(join(folder, 'home'), path, true)['a'];
  assert.equal(below('plain'), 'plain');
  assert.equal(below('near'), 'plain');
  assert.equal(below('sub/../plain'), 'plain');
  for (const path of [
    'out',
    'absolute',
    'up/secret',
    'up/home/plain',
    'root/etc/passwd',
    'fifo',
    'sub',
    'none',
  ])
    assert.equal(openBelow(join(folder, 'home'), path), -1, path);
  assert.equal(openBelow(inside('none'), 'plain'), -1);
  for (const path of [inside('fifo'), '/dev/zero', folder, inside('near'), inside('none')])
    assert.equal(openRegular(path), -1, path);
  const followed = openRegular(inside('near'), true);
  assert.ok(followed >= 0);
  closeSync(followed);
  writeFileSync(inside('large'), Buffer.alloc(100_000, 'x'));
  assert.equal(readUpTo(openRegular(inside('large')), 1000).length, 1000);
  assert.equal(readUpTo(openRegular(inside('large')), 1_000_000).length, 100_000);
  // Files of /proc say that they have no bytes.
  assert.match(readFile('/proc/self/status', 1 << 20)!.toString(), /^Name:\t[\s\S]*\nCapEff:\t/);
  assert.equal(readFile('/proc/self/status', 5)!.toString(), 'Name:');
  writeFileSync(inside('bomb'), `{"a":[${'{},'.repeat(400_000)}{}]}`);
  assert.deepEqual(readJson(join(folder, 'home'), 'bomb', true), {}, 'more than a state file has');
});

test('where a user’s program is the file system nothing is read: it may never answer', {
  skip: process.getuid?.() === 0 && existsSync('/dev/fuse') ? false : 'mounting needs root and FUSE',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  mkdirSync(join(folder, 'home'));
  const mount = spawn('python3', [
    '-u',
    '-c',
    `import ctypes, os, sys, time
fd = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={fd},rootmode=40000,user_id=0,group_id=0,allow_other'.encode()
print(ctypes.CDLL(None).mount(b'silent', sys.argv[1].encode(), b'fuse', 6, options), flush=True)
sys.stdin.readline()`,
    join(folder, 'home'),
  ]);
  t.after(() => {
    // Nobody may look into it before: it would wait.
    spawnSync('umount', ['-l', join(folder, 'home')]);
    mount.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const said = await new Promise((done) =>
    mount.stdout.on('data', (chunk: Buffer) => done(chunk.toString())),
  );
  if (said !== '0\n') return t.skip('FUSE is refused here');
  const file = new URL('../../../../src/tap/linux/process/guardedfiles.js', import.meta.url).href;
  const code = `console.log((await import('${file}')).openBelow('${folder}/home', 'plain'))`;
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 60_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  assert.deepEqual([stdout, signal], ['-1\n', null]);
});

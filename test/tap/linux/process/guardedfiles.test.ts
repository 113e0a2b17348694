// Files that others write: nothing waits, no link leads out, nothing is read without bound.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

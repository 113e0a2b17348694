// The library under Node.js, Bun and Deno. PKTAP_RUNTIMES=PATH:PATH says where the last two are, if not on PATH (npm's packages `bun` and
// `deno` have them); what is not there is skipped.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { cannot } from '../live/world.js';

const program = resolve('dist/test/runtimes/program.js');
const path = resolve('examples/curl.pcapng');
const folders = [process.env['PKTAP_RUNTIMES'], process.env['PATH']].join(':').split(':');

/** Where a program is, by one of its names; null: it is not there. */
function find(...names: string[]): string | null {
  for (const folder of folders.filter((one) => one !== '')) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {}
    }
  }
  return null;
}

const runtimes: { [name: string]: string[] | null } = {
  'Node.js': [process.execPath, '--expose-gc'],
  Bun: ((found) => (found === null ? null : [found]))(find('bun', 'bun.exe')),
  Deno: ((found) => (found === null ? null : [found, 'run', '-A', '--v8-flags=--expose-gc']))(find('deno')),
};
const expected = spawnSync('bin/pktap', ['-n', '-Q', 'proc = curl', '-r', path, 'tcp'], {
  encoding: 'utf8',
}).stdout;

for (const [name, words] of Object.entries(runtimes)) {
  test(`under ${name}: a file, filters, text, a live tap, views and calls after close`, {
    skip: words === null && `no ${name} here`,
  }, () => {
    const [runtime, ...before] = words!;
    const args = [...before, program, path, cannot === false ? 'live' : 'no'];
    const { stdout, stderr, status, signal } = spawnSync(runtime!, args, { encoding: 'utf8' });
    assert.equal(status, 0, `${signal} ${stderr}${stdout}`);
    const { file, tap } = JSON.parse(stdout);
    assert.equal(file.text, expected);
    assert.equal(
      file.count,
      expected
        .trimEnd()
        .split('\n')
        .filter((line) => /^\d\d:/.test(line)).length,
    );
    assert.equal(file.kept.slice(24, 32), '08004500');
    assert.equal(file.after, 'refused');
    assert.deepEqual(
      tap,
      cannot === false ? { process: 'the child', kept: 'hello', closed: 'refused' } : null,
    );
  });
}

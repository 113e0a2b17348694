// Names of others in what pktap says: they forge no line, command no terminal, and hide nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cannot, command, ip, makeNamespace } from './world.js';

const PLAIN = /^[\x20-\x7e\n]*$/;

test('names and descriptions of interfaces in -D', { skip: cannot }, (t) => {
  const namespace = makeNamespace(t);
  const names = ['\x1b[31mred', '\u202edlrow', 'a\u200bb', '\u2066x', 'bell\x07'];
  const shown = ['^[[31mred', '\\u202edlrow', 'a\\u200bb', '\\u2066x', 'bell^G'];
  names.forEach((name, i) => {
    ip('-n', namespace, 'link', 'add', name, 'type', 'veth', 'peer', 'name', `peer${i}`);
    ip('-n', namespace, 'link', 'set', 'dev', name, 'alias', 'x)\n99.forged [Up]\x1b[2J\u202e');
  });
  const list = (args: string[]) =>
    spawnSync('ip', ['netns', 'exec', namespace, command, ...args], { encoding: 'utf8' });
  const { stdout, stderr, status } = list(['-D']);
  assert.equal(status, 0, stderr);
  assert.match(stdout, PLAIN);
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => /^\d+/.exec(line)?.[0]),
    lines.map((_, i) => String(i + 1)),
    stdout,
  );
  for (const name of shown)
    assert.ok(
      lines.some((line) => line.replace(/^\d+\./, '').startsWith(`${name} `)),
      `${name}\n${stdout}`,
    );
  const links = list(['-L', '-i', names[0]!]);
  assert.match(links.stdout, /^Data link types for \^\[\[31mred \(/);
  assert.match(links.stdout, PLAIN);
});

test('what is said of a metadata filter that cannot be parsed', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'empty.pcap');
  writeFileSync(file, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'));
  for (const [filter, line, mark] of [
    ['proc = \x1b[2J\x07 x', 'proc = ^[[2J^G x', 7],
    ['proc = a\npktap: forged', 'proc = a^Jpktap: forged', 10],
    ['\u202eproc = a', '\\u202eproc = a', 0],
    ['proc = a \u200b', 'proc = a \\u200b', 9],
    ['proc = a \x9b31m', 'proc = a \\x9b31m', 9],
  ] as const) {
    const { stderr, stdout, status } = spawnSync(command, ['-r', file, '-Q', filter], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [1, ''], stderr);
    assert.match(stderr, PLAIN);
    const lines = stderr.trimEnd().split('\n').slice(1); // behind `reading from`
    assert.match(lines[0]!, /^pktap: can't parse metadata filter: /);
    assert.equal(lines[1], `    ${line}`);
    assert.equal(lines[2], `    ${' '.repeat(mark)}^`, stderr);
    assert.equal(lines.length, 3, stderr);
  }
});

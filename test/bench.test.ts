// The benchmarks run and say sane things. How fast anything was is not asked here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cannot } from './live/world.js';

const main = fileURLToPath(new URL('../bench/main.js', import.meta.url));

/** The cells of the lines of every table. */
function bench(name: string): string[][] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--small', name], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));
}

/** The number at the beginning of a cell. */
function number(cell: string | undefined): number {
  const found = Number.parseFloat(cell ?? '');
  assert.ok(Number.isFinite(found), `not a number: ${cell}`);
  return found;
}

/** Tables of programs: each took some time and memory. */
function sane(lines: readonly string[][], ...works: readonly RegExp[]): void {
  const rows = lines.filter(([work]) => work !== 'work');
  for (const work of works)
    assert.ok(
      rows.some(([name]) => work.test(name!)),
      String(work),
    );
  for (const [work, program, seconds, , memory] of rows) {
    assert.ok(number(seconds) >= 0 && number(memory) > 1, `${work} ${program}`);
  }
}

const peers = ['tcpdump', 'tshark', 'editcap', 'dumpcap'];
const absent = peers.filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skip = absent.length > 0 && `no ${absent.join(', ')} here`;

test('printing', { skip }, () => {
  sane(bench('print'), /^`-nr`$/, /^`-nqr`$/, /^`-nvr`$/, /^`-ner`$/, /^`-nxr`$/, /^`-knr`/);
});

test('savefiles', { skip }, () => {
  sane(bench('savefile'), /copied/, /count/, /one process/);
});

test('starting', { skip }, () => {
  const rows = bench('start').slice(1);
  assert.ok(rows.length >= 2);
  for (const [, ours, theirs] of rows) assert.ok(number(ours) > 0 && number(theirs) > 0);
});

test('live', { skip: skip || cannot }, () => {
  const rows = bench('live').filter(([name]) => name !== 'capture');
  assert.equal(rows.filter(([name]) => name === 'no capture').length, 3);
  const named = (pattern: RegExp): string[][] => rows.filter(([name]) => pattern.test(name!));
  assert.equal(named(/^tcpdump/).length, 4);
  assert.equal(named(/^dumpcap/).length, 2);
  assert.equal(named(/^pktap/).length, 10);
  for (const [, speed] of rows) assert.ok(number(speed) > 0);
});

test('comments: writing with them, on none, the first of each flow, and all', () => {
  const rows = bench('comments').filter(([form]) => form !== 'comments');
  assert.deepEqual(
    rows.map(([form]) => form),
    ['none', 'first', 'all'],
  );
  for (const [, seconds, each, ratio] of rows)
    assert.ok(number(seconds) > 0 && number(each) > 0 && number(ratio) > 0);
});

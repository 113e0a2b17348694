// Threads: they are ended while they make native calls, and the process goes on.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ending = fileURLToPath(new URL('./ending.js', import.meta.url));

/** @returns filters that its threads compiled */
function endThreads(count: number, most: number): number {
  const run = spawnSync(process.execPath, [ending, String(count), String(most)], { encoding: 'utf8' });
  assert.equal(run.stderr, '');
  assert.equal(run.signal, null);
  assert.equal(run.status, 0);
  return Number(run.stdout);
}

test('threads are ended while they load and call libpcap', () => {
  assert.ok(endThreads(40, 240) > 50);
});

test('the process ends while a thread loads and calls libpcap', () => {
  for (let most = 20; most < 220; most += 20) endThreads(1, most);
});

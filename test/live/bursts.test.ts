// Bursts in small: what grows with the number of interfaces, sockets, processes and command lines stays in proportion.
// bench/bursts.ts measures them at full size.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { chain, forks, interfaces, named, programs, sockets } from '../../bench/bursts/kinds.js';
import { cannot } from './world.js';

const PORT = 41_000 + (process.pid % 10_000);
/** Milliseconds that the kernel's ordinary grace periods would take for each interface: two of some 10 to 20. */
const ORDINARY = 20;

test('hundreds of interfaces wait for no grace periods, and the setting is put back', {
  skip: cannot || (existsSync('/sys/kernel/rcu_expedited') ? false : 'the kernel has no such setting'),
}, async () => {
  // kinds.ts sets it to 0, and asserts that it is 0 while the capture runs and behind it.
  const few = await interfaces(2);
  const many = await interfaces(300);
  assert.doesNotMatch(many.errors, /can take seconds/);
  assert.ok(many.start - few.start < (300 * ORDINARY) / 2, `${many.start} ms after ${few.start}`);
  assert.ok(many.stop - few.stop < (300 * ORDINARY) / 2, `${many.stop} ms after ${few.stop}`);
  assert.ok(many.memory < few.memory + 30, `${many.memory} MiB after ${few.memory}`);
});

test('thousands of sockets that are older than the capture have their owner', { skip: cannot }, async () => {
  const { pid, lines, memory } = await sockets(5000, PORT);
  assert.deepEqual(named(lines), [`python3:${pid}`, `python3:${pid}`]);
  assert.ok(memory < 160, `${memory} MiB`);
});

test('the last of a long chain of processes is in the tree of the first', { skip: cannot }, async () => {
  const { lines, memory } = await chain(600, PORT);
  assert.equal(lines.length, 1);
  assert.match(named(lines)[0]!, /^python3:\d+$/);
  assert.ok(memory < 160, `${memory} MiB`);
});

test('of a burst of forks each packet has its process', { skip: cannot }, async () => {
  const { lines, errors } = await forks(1000, PORT);
  const names = named(lines);
  assert.equal(names.length, 1000, errors);
  assert.equal(new Set(names).size, 1000);
  assert.ok(names.every((name) => /^python3:\d+$/.test(name)));
});

test('programs with command lines of 32 kB do not fill the memory', { skip: cannot }, async () => {
  const few = await programs(4, 32_000, PORT);
  const many = await programs(400, 32_000, PORT);
  assert.equal(named(many.lines).filter((name) => name.startsWith('bash')).length, 400, many.errors);
  assert.ok(many.memory < few.memory + 80, `${many.memory} MiB after ${few.memory}`);
});

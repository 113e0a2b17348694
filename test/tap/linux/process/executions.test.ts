// What is remembered of programs that were started: as many as before, in bounded bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Loader } from '../../../../src/tap/linux/ebpf/loader.js';
import { Execution } from '../../../../src/tap/linux/ebpf/record.js';
import type { Ring } from '../../../../src/tap/linux/ebpf/ring.js';
import { Executions } from '../../../../src/tap/linux/process/executions.js';

/** A kernel that tells nothing: there is no hook, records are made here. */
const loader = { btf: null, knowsTasks: false } as unknown as Loader;
const SIZE = Execution.ARGS + 1024;

/** A record of the ring. */
function record(pid: number, path: string, args: string, program = 0): Ring {
  const bytes = new Uint8Array(SIZE);
  const words = new Uint32Array(bytes.buffer);
  words[Execution.PID / 4] = pid;
  bytes.set(Buffer.from('prog\0'), Execution.COMM);
  words[Execution.START / 4] = 50_000_000;
  words[Execution.PROGRAM / 4] = program;
  const put = (text: string, at: number, length: number): void => {
    const encoded = Buffer.from(text);
    bytes.set(encoded, at);
    words[length / 4] = encoded.length;
  };
  put(`${path}\0`, Execution.PATH, Execution.PATH_LENGTH);
  put(args, Execution.ARGS, Execution.ARGS_LENGTH);
  return { bytes, words } as unknown as Ring;
}

const runner = (pid: number, start: bigint, name: string, program = 0n) => ({ pid, start, name, program });

test('a program has the path and the arguments that it was started with', () => {
  const executions = Executions.follow(loader);
  executions.take(record(7, '/bin/prog', 'prog\0-x\0\0ü\0'), 0);
  assert.deepEqual(executions.of(runner(7, 5n, 'prog')), {
    path: '/bin/prog',
    file: null,
    args: ['prog', '-x', '', 'ü'],
  });
  assert.equal(executions.of(runner(7, 6n, 'prog')), null);
  assert.equal(executions.of(runner(7, 5n, 'other')), null);
  executions.take(record(8, 'prog', ''), 0);
  assert.deepEqual(executions.of(runner(8, 5n, 'prog')), { path: null, file: null, args: null });
});

test('a program is known by the kernel’s count of them, whatever it calls itself', () => {
  const executions = Executions.follow(loader);
  executions.take(record(7, '/bin/prog', '', 3), 0);
  assert.equal(executions.of(runner(7, 5n, 'renamed', 3n))?.path, '/bin/prog');
  // One of the same name before it, or after.
  assert.equal(executions.of(runner(7, 5n, 'prog', 2n)), null);
  assert.equal(executions.isPast(runner(7, 5n, 'prog', 2n)), true);
  assert.equal(executions.isPast(runner(7, 5n, 'prog', 3n)), false);
  // Another process that had the number, and one of which the count is unknown.
  assert.equal(executions.isPast(runner(7, 4n, 'prog', 2n)), false);
  assert.equal(executions.isPast(runner(7, 5n, 'prog', 0n)), false);
});

test('thousands of long command lines take some megabytes, the oldest are forgotten', () => {
  const executions = Executions.follow(loader);
  const long = 'ab\0'.repeat(341);
  for (let pid = 1; pid <= 20_000; pid++) executions.take(record(pid, '/bin/prog', long), 0);
  assert.equal(executions.of(runner(1, 5n, 'prog')), null);
  assert.equal(executions.of(runner(20_000, 5n, 'prog'))!.args!.length, 341);
  let kept = 0;
  for (let pid = 1; pid <= 20_000; pid++) if (executions.of(runner(pid, 5n, 'prog')) !== null) kept++;
  // 8 MiB by two bytes a character and 256 bytes for each.
  assert.equal(kept, Math.floor((8 * 1024 * 1024) / (2 * (9 + 1023) + 256)));
  // Short ones are kept up to their number.
  for (let pid = 1; pid <= 20_000; pid++) executions.take(record(pid, '/bin/prog', 'a\0'), 0);
  kept = 0;
  for (let pid = 1; pid <= 20_000; pid++) if (executions.of(runner(pid, 5n, 'prog')) !== null) kept++;
  assert.equal(kept, 4096);
});

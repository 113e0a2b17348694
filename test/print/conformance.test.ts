// tcpdump's own decode tests: standard output to the byte.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const folder = resolve(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance');
const captures = join(folder, 'captures');
const command = resolve('bin/pktap');
/** Tests that must pass: fewer is a step back. */
const AT_LEAST = 0;

const run = promisify(execFile);

interface Case {
  readonly label: string;
  readonly capture: string;
  readonly expected: string;
  readonly flags: string[];
}

function cases(): Case[] {
  return readFileSync(join(folder, 'LIST'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [label, capture, expected, ...flags] = line.trim().split(/\s+/);
      return { label: label!, capture: capture!, expected: expected!, flags };
    });
}

async function output(one: Case): Promise<string> {
  const special = one.flags.includes('SPECIAL_t');
  const flags = one.flags.filter((flag) => flag !== 'SPECIAL_t');
  const args = ['-#', '-n', ...(special ? [] : ['-tttt']), '-r', one.capture, ...flags];
  const options = {
    cwd: captures,
    env: { ...process.env, TZ: 'GMT0' },
    encoding: 'latin1',
    maxBuffer: 1 << 26,
  } as const;
  return run(command, args, options).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

test('tcpdump’s decode tests', { skip: !existsSync(folder) && 'no conformance captures here' }, async (t) => {
  const all = cases();
  const failed: string[] = [];
  const queue = [...all];
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const expected = readFileSync(join(captures, one.expected), 'latin1');
      if ((await output(one)) !== expected) failed.push(one.label);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  t.diagnostic(
    `${all.length - failed.length} of ${all.length} pass; failing: ${failed.sort().join(' ') || 'none'}`,
  );
  assert.ok(
    all.length - failed.length >= AT_LEAST,
    `only ${all.length - failed.length} pass: ${failed.join(' ')}`,
  );
});

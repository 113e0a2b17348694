// tcpdump's own decode tests: standard output to the byte. Their files are not part of this repository.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { printFile } from './run.js';

const folder = resolve(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance');
const captures = join(folder, 'captures');
/** Tests that must pass: fewer is a step back. */
const AT_LEAST = 180;

interface Case {
  readonly label: string;
  readonly capture: string;
  readonly expected: string;
  readonly flags: readonly string[];
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

function output(one: Case): Promise<string> {
  const flags = one.flags.filter((flag) => flag !== 'SPECIAL_t');
  const stamps = flags.length === one.flags.length ? ['-tttt'] : [];
  return printFile(join(captures, one.capture), ['-#', '-n', ...stamps, ...flags]);
}

test('tcpdump’s decode tests', { skip: !existsSync(folder) && 'no conformance captures here' }, async (t) => {
  const all = cases();
  const failed: string[] = [];
  for (const one of all) {
    const expected = readFileSync(join(captures, one.expected), 'latin1');
    if ((await output(one)) !== expected) failed.push(one.label);
  }
  const passed = all.length - failed.length;
  t.diagnostic(
    `${passed} of ${all.length} pass${passed === all.length ? '' : `; not yet: ${failed.join(' ')}`}`,
  );
  assert.ok(
    passed >= AT_LEAST,
    `${passed} of ${all.length} pass, ${AT_LEAST} must; failing: ${failed.join(' ')}`,
  );
});

// Runs the tests of this system: `node dist/tools/testfiles.js files|live`. On Linux all of them; elsewhere those that need no Linux.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';

const ROOT = 'dist/test';
/** Folders and files of tests that need a Linux kernel, Linux's programs, or what is made with them. */
const LINUX: readonly string[] = [
  'live/',
  'tap/linux/',
  'kernels/',
  'packages/',
  'runtimes/',
  'browser/page.test.js',
  'bench.test.js',
  'judge.test.js',
  'cli/giveup.test.js',
  'filter/expression/random.test.js',
];
const CONCURRENCY = { files: 2, live: 1 } as const;

/** @returns the files of one kind, in their order */
function testFiles(kind: keyof typeof CONCURRENCY, platform: string): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && file.startsWith('live/') === (kind === 'live'))
    .filter((file) => platform === 'linux' || !LINUX.some((name) => file.startsWith(name)))
    .map((file) => posix.join(ROOT, file))
    .sort();
}

const kind = process.argv[2] === 'live' ? 'live' : 'files';
const files = testFiles(kind, process.platform);
if (files.length === 0) {
  console.log(`${kind}: none of these tests runs on ${process.platform}`);
} else {
  const flags = ['--test', '--test-reporter=spec', `--test-concurrency=${CONCURRENCY[kind]}`];
  const { status } = spawnSync(process.execPath, [...flags, ...files], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

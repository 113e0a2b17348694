// `npm run test:arm64 [-- 4k|16k… [--only WORDS] [--verbose]]`: boots Debian's arm64 kernels, whose pages have that size, with Debian's
// Node.js for arm64, one after the other, and runs the cases on each. One table at the end; the status is 1 when something
// is not right.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Report } from '../report.js';
import { MARK, type Result } from '../result.js';
import { exactness, table } from '../table.js';

/** The processor is emulated: a minute of it is some seconds of a real one. */
const SECONDS = 2400;
const RUN = resolve('test/kernels/arm64/run');

const words = process.argv.slice(2);
const verbose = words.includes('--verbose');
const at = words.indexOf('--only');
const only = at < 0 ? '' : words[at + 1]!;
const asked = words.filter((word, i) => !word.startsWith('--') && (at < 0 || i !== at + 1));

/** Hands a program's lines on as they come. */
function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

async function test(pages: string): Promise<Report> {
  const start = performance.now();
  const results: Result[] = [];
  const others: string[] = [];
  const line = (text: string): void => {
    const mark = text.indexOf(MARK);
    if (mark < 0) {
      if (verbose) console.log(`${pages}: ${text}`);
      others.push(text);
      return;
    }
    const result = JSON.parse(text.slice(mark + MARK.length)) as Result;
    results.push(result);
    console.log(
      `arm64, ${pages} pages: ${result.name}: ${result.right ? 'right' : 'NOT RIGHT'} (${result.seconds} s): ${result.note}`,
    );
  };
  const guest = `uname -rm; node --version; node dist/test/kernels/guest.js 1 '${only}'; echo guest ended $?`;
  const machine = spawn(RUN, [pages, String(SECONDS), 'bash', '-c', guest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [machine.stdout, machine.stderr]) eachLine(stream, line);
  await new Promise((done, fail) => {
    machine.on('error', fail);
    machine.on('close', done);
  });
  if (!others.some((text) => text.includes('guest ended 0'))) {
    const note = `it ended before its time; it said last:\n${others.slice(-20).join('\n')}`;
    console.log(`arm64, ${pages} pages: ${note}`);
    results.push({ name: 'all of them', right: false, note, seconds: 0 });
  }
  const release = others.map((text) => /^(\S+) aarch64/.exec(text)?.[1]).find((found) => found !== undefined);
  const version = release ?? `${pages} pages`;
  const seconds = Math.round((performance.now() - start) / 1000);
  return { kernel: { series: pages, version, folder: '' }, results, seconds };
}

const reports: Report[] = [];
for (const pages of asked.length === 0 ? ['4k', '16k'] : asked) reports.push(await test(pages));
console.log(`\n${table(reports)}`);
const kinds = exactness(reports);
if (kinds !== '') console.log(`\n${kinds}`);
const wrong = reports.flatMap(({ kernel, results }) =>
  results.filter(({ right }) => !right).map(({ name }) => `${kernel.version}: ${name}`),
);
if (wrong.length > 0) {
  console.log(`\nnot right:\n${wrong.join('\n')}`);
  process.exit(1);
}

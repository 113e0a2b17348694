// `npm run test:arm64 [-- 4k|16k… [--only WORDS] [--minutes NUMBER] [--scale NUMBER] [--verbose]]`: boots Debian's arm64 kernels, whose
// pages have that size, with Debian's Node.js for arm64, one after the other, and runs the cases on each; what is not right is tried
// once more. One table at the end, and a status, as of `npm run test:kernels`.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Report } from '../result.js';
import { verdict } from '../table.js';
import { attempt, type Ended, type Guest } from '../trial.js';
import { wordsOf } from '../words.js';

/** Processor time of one machine: a minute of its own is some seconds of a real one. */
const SECONDS = 7200;
const RUN = resolve('test/kernels/arm64/run');
/** Of what the ground truth sends on a real machine: some hundreds of packets. */
const SCALE = 0.02;

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

async function boot(pages: string, { script, until, line }: Guest): Promise<Ended> {
  const machine = spawn(RUN, [pages, String(SECONDS), 'bash', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (): void => {
    process.kill(-machine.pid!, 'SIGTERM');
  };
  process.once('exit', kill);
  let why: string | null = null;
  const late = (): void => {
    why = 'the time is over';
    kill();
  };
  const most = 2 ** 31 - 1;
  const timer = setTimeout(late, Math.min(most, Math.max(0, until - performance.now())));
  let processor = 0;
  const take = (text: string): void => {
    const used = /^processor-time ([\d.]+) ([\d.]+)$/.exec(text);
    if (used === null) line(text);
    else processor = Number(used[1]) + Number(used[2]);
  };
  for (const stream of [machine.stdout, machine.stderr]) eachLine(stream, take);
  try {
    await new Promise((done, fail) => {
      machine.on('error', fail);
      machine.on('close', done);
    });
  } finally {
    clearTimeout(timer);
    process.off('exit', kill);
  }
  return { why, processor: Math.round(processor) };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const words = wordsOf(process.argv.slice(2));
const reports: Report[] = [];
const open: string[] = [];
for (const pages of words.asked.length === 0 ? ['4k', '16k'] : words.asked) {
  const trial = {
    ...words,
    name: `arm64, ${pages} pages`,
    node: 'node',
    least: 1,
    scale: words.scale ?? SCALE,
  };
  reports.push(await attempt({ ...trial, boot: (guest) => boot(pages, guest) }));
}
const { text, status } = verdict(reports, open);
console.log(`\n${text}`);
process.exit(status);

// npm run fuzz: COUNT mutated files (a million), JOBS at a time, from SEED on. Each is judged by a process of its own,
// watched from here: one that takes too long for a file, dies or grows is named with the file's number, and
// `ONLY=number npm run fuzz` judges that file alone. MORE=folder breaks the captures in it, too.

import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Judge } from './judge.js';
import { mutate, random } from './mutate.js';
import { seeds } from './seeds.js';

const COUNT = Number(process.env['COUNT'] ?? 1_000_000);
const JOBS = Number(process.env['JOBS'] ?? 2);
const SEED = Number(process.env['SEED'] ?? 1);
/** Milliseconds a file may take, on a machine that has other things to do. */
const PATIENCE = 20_000;
/** MiB a judge may have. */
const MEMORY = 400;
/** Where files never reach a disk, on Linux. */
const MEMORY_FILES = '/dev/shm';
/** Every so many files copies are looked at. */
const WHOLE = 4;
/** Files between two lines about how far it got. */
const PROGRESS = 100_000;
/** Files between two reports. */
const REPORT = 500;

/** File number `index`. */
export function fileAt(
  all: readonly Buffer[],
  index: number,
): { bytes: Buffer; pick: (below: number) => number } {
  const pick = random(Math.imul(index, 2_654_435_761) + SEED);
  const bytes = mutate(all[pick(all.length)]!, all[pick(all.length)]!, pick);
  return { bytes, pick };
}

interface Report {
  readonly index: number;
  /** The slowest file since the last report, in milliseconds. */
  readonly slowest: number;
  /** MiB. */
  readonly memory: number;
  readonly wrong: string | null;
}

async function work(from: number, to: number, step: number): Promise<void> {
  const folder = mkdtempSync(join(existsSync(MEMORY_FILES) ? MEMORY_FILES : tmpdir(), 'pktap-fuzz-'));
  const judge = new Judge(join(folder, 'out'));
  const all = seeds(process.env['MORE'] ?? null);
  let slowest = 0;
  for (let index = from; index < to; index += step) {
    const began = performance.now();
    let wrong: string | null = null;
    const { bytes, pick } = fileAt(all, index);
    try {
      await judge.judge(bytes, pick, index % WHOLE === 0);
    } catch (error) {
      wrong = (error as Error).stack ?? String(error);
    }
    slowest = Math.max(slowest, performance.now() - began);
    if (wrong === null && (index - from) % (REPORT * step) !== 0) continue;
    process.send!({ index, slowest, memory: process.memoryUsage.rss() / 2 ** 20, wrong } satisfies Report);
    slowest = 0;
  }
  rmSync(folder, { recursive: true });
  process.disconnect();
}

async function only(index: number): Promise<void> {
  const { bytes, pick } = fileAt(seeds(process.env['MORE'] ?? null), index);
  const path = join(tmpdir(), `pktap-fuzz-${index}`);
  writeFileSync(path, bytes);
  console.log(`${path}: ${bytes.length} bytes`);
  await new Judge(`${path}.out`).judge(bytes, pick, true);
}

/** Starts a judge of every JOBS-th file from `from` on. Resolves with what was wrong, how slow and how large it got. */
function watch(from: number): Promise<{ wrong: number; slowest: number; memory: number }> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1]!, [String(from), String(COUNT), String(JOBS)], {
      execArgv: ['--max-old-space-size=256'],
    });
    const sum = { wrong: 0, slowest: 0, memory: 0 };
    let last = from;
    const tell = (what: string): void => {
      sum.wrong++;
      console.log(`file ${last} or one of the ${REPORT * JOBS} after it: ${what}`);
    };
    const late = (): void => {
      tell(`no answer for ${(PATIENCE * REPORT) / 100 / 1000} s`);
      child.kill('SIGKILL');
    };
    let timer = setTimeout(late, (PATIENCE * REPORT) / 100);
    child.on('message', ({ index, slowest, memory, wrong }: Report) => {
      clearTimeout(timer);
      timer = setTimeout(late, (PATIENCE * REPORT) / 100);
      if (Math.floor(index / PROGRESS) > Math.floor(last / PROGRESS))
        console.log(`judge ${from}: at file ${index}`);
      last = index;
      sum.slowest = Math.max(sum.slowest, slowest);
      sum.memory = Math.max(sum.memory, memory);
      if (wrong !== null) tell(`number ${index}\n${wrong}`);
      if (slowest > PATIENCE) tell(`a file took ${slowest.toFixed(0)} ms`);
      if (memory > MEMORY) tell(`${memory.toFixed(0)} MiB`);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0) tell(`ended with ${code ?? signal}`);
      resolve(sum);
    });
  });
}

const [from, to, step] = process.argv.slice(2).map(Number);
if (process.env['ONLY'] !== undefined) await only(Number(process.env['ONLY']));
else if (from !== undefined) await work(from, to!, step!);
else {
  const began = performance.now();
  const sums = await Promise.all(Array.from({ length: JOBS }, (_, i) => watch(i)));
  const wrong = sums.reduce((sum, one) => sum + one.wrong, 0);
  const slowest = Math.max(...sums.map((one) => one.slowest));
  const memory = Math.max(...sums.map((one) => one.memory));
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${COUNT} files in ${seconds.toFixed(0)} s: ${wrong} wrong; slowest ${slowest.toFixed(0)} ms, most memory ${memory.toFixed(0)} MiB`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
}

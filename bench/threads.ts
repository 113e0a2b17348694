// Two threads beside one, with the second processor free and with another program that keeps it busy, in turns, in one run: two
// must never be slower. ROUNDS, PACKETS, SIZE: less work. Linux with two processors.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePcap } from './captures.js';
import { machine, measure, median } from './measure.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const PACKETS = Number(process.env['PACKETS'] ?? 1_000_000);
const command = resolve('bin/pktap');
/** Of two threads' time by one thread's. */
const GOAL = 1.05;

/** Does work while a program that does nothing else keeps the second processor busy. */
async function besideBusy(busy: boolean, work: () => void): Promise<void> {
  if (!busy) return work();
  const child = spawn('taskset', ['-c', '1', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    await new Promise((done) => setTimeout(done, 200));
    work();
  } finally {
    child.kill('SIGKILL');
  }
}

async function row(name: string, busy: boolean, args: readonly string[]): Promise<void> {
  const times: { two: number[]; one: number[]; ratio: number[] } = { two: [], one: [], ratio: [] };
  await besideBusy(busy, () => {
    const run = (...before: string[]): number => {
      const [program, ...words] = [...before, 'sh', '-c', '"$0" "$@" >/dev/null', command, ...args];
      return measure(program!, ...words).seconds;
    };
    for (let round = 0; round < ROUNDS; round++) {
      const two = run();
      const one = run('taskset', '-c', '0');
      times.two.push(two);
      times.one.push(one);
      times.ratio.push(two / one);
    }
  });
  const ratio = median(times.ratio);
  const seconds = [times.two, times.one].map((list) => `${median(list).toFixed(2)} s`);
  const goal = ratio <= GOAL ? `≤ ${GOAL}` : `≤ ${GOAL}: missed`;
  console.log(
    `| ${name} | ${busy ? 'busy' : 'free'} | ${seconds.join(' | ')} | ${ratio.toFixed(2)} | ${goal} |`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const [print, count] = [join(folder, 'a.pcap'), join(folder, 'b.pcap')];
  makePcap(print, PACKETS);
  // Counting takes a file that is larger to be worth it.
  makePcap(count, Math.max(PACKETS, 1_000_000));
  console.log(`# Two threads\n\n${machine()}\n`);
  console.log('| work | second processor | two threads | one thread | ratio | goal |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const busy of [false, true]) {
    await row('`-nr`', busy, ['-nr', print]);
    await row('`-nvr`', busy, ['-nvr', print]);
    await row('`--count -r` with a packet filter', busy, ['--count', '-r', count, 'udp port 53']);
  }
} finally {
  rmSync(folder, { recursive: true });
}

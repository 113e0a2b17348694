// How long it takes to start: the version, one packet of a file, the first packet captured. ROUNDS: fewer. Live needs root.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePcap } from './captures.js';
import { machine, median } from './measure.js';
import { makeWorld, SERVER } from './world.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 21);
const command = resolve('bin/pktap');

/** Milliseconds until a program has ended, or has printed its first byte. */
function time(words: readonly string[], firstByte: boolean): Promise<number> {
  const start = performance.now();
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
  const took = new Promise<number>((done, fail) => {
    child.stdout.on('data', () => {
      if (!firstByte) return;
      done(performance.now() - start);
      child.kill('SIGKILL');
    });
    child.on('close', (status) =>
      firstByte || status === 0
        ? done(performance.now() - start)
        : fail(new Error(`${words.join(' ')}: status ${status}`)),
    );
  });
  return took;
}

async function row(
  name: string,
  goal: number,
  firstByte: boolean,
  ours: string[],
  theirs: string[],
): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await time([command, ...ours], firstByte));
    times[1].push(await time(['tcpdump', ...theirs], firstByte));
  }
  const [pktap, tcpdump] = times.map((list) => `${median(list).toFixed(0)} ms`);
  console.log(`| ${name} | ${pktap} | ${tcpdump} | ${goal} ms |`);
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const file = join(folder, 'a.pcap');
  makePcap(file, 5000);
  console.log(`# Starting\n\n${machine()}\n`);
  console.log('| work | pktap | tcpdump | goal |');
  console.log('| --- | --- | --- | --- |');
  await row('`--version`', 60, false, ['--version'], ['--version']);
  const one = ['-c', '1', '-nr', file];
  await row('`-r` of one packet', 100, false, one, one);
  if (process.getuid?.() === 0) {
    const world = await makeWorld();
    const traffic = spawn('ping', ['-q', '-i', '0.002', SERVER], { stdio: 'ignore' });
    try {
      await row(
        'first packet captured, with its process',
        250,
        true,
        ['-knl', '-i', `pktap,${world.device}`],
        ['-nl', '-i', world.device],
      );
    } finally {
      traffic.kill();
      world.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

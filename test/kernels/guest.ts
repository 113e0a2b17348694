// Runs on the booted machine: the cases, one after the other. What came of each is one line on standard output, as JSON.
// guest.js [least share of packets that must be named] [what the names of cases must match] [how much the ground truth sends]

import type { Run } from '../../bench/attribution/run.js';
import { BEST_EFFORT } from './besteffort.js';
import { BY_TESTS } from './bytests.js';
import { CASES, groundTruth } from './cases.js';
import { inTime } from './limits.js';
import { type Kinds, MARK, PLAN, type Result } from './result.js';
import { WITH_LESS } from './withless.js';

function tell(result: Result): void {
  process.stdout.write(`\n${MARK}${JSON.stringify(result)}\n`);
}

/** Of what the ground truth sends on a real machine. */
const SCALE = '0.1';

const [least = '1', words = '', scale = SCALE] = process.argv.slice(2);
const only = new RegExp(words);
process.env['PKTAP_TRUTH_PATIENCE'] ??= '20';

const all: [string, () => Promise<string>][] = Object.entries(CASES);
const found: { kinds?: Kinds } = {};
const keep = ({ judgement }: Run): void => {
  found.kinds = Object.fromEntries(judgement.kinds);
};
all.push(...Object.entries(BY_TESTS), ...Object.entries(BEST_EFFORT));
all.push(['every packet’s sender', () => groundTruth(keep, Number(least), Number(scale))]);
// The last of these cannot be undone.
all.push(...Object.entries(WITH_LESS));

/** A case that hangs does not keep the others from being run. Whether one works for too long is the host's to tell (`machine.ts`). */
const IDLE_SECONDS = 90;

const asked = all.filter(([name]) => only.test(name));
process.stdout.write(`\n${PLAN}${JSON.stringify(asked.map(([name]) => name))}\n`);
for (const [name, body] of asked) {
  const start = performance.now();
  delete found.kinds;
  let result: Result;
  try {
    result = { name, right: true, note: await inTime(body(), IDLE_SECONDS), seconds: 0 };
  } catch (error) {
    result = { name, right: false, note: String((error as Error).message ?? error), seconds: 0 };
  }
  tell({ ...result, seconds: Math.round((performance.now() - start) / 1000), ...found });
}
process.exit(0);

// Whether a processor is free for a second thread. What others run is counted before the thread is made: where all processors are busy,
// what two threads do in excess of one (starting, reading the file a second time) comes out of the same share of them.

import { readdirSync, readFileSync } from 'node:fs';
import { builtin } from '../builtin.js';

/** Counts of what runs; the middle one is taken, since each is of one moment. */
const SAMPLES = 5;

/** Threads that run or wait for a processor, as the last but one field of /proc/loadavg says. */
export function runnable(loadavg: string): number {
  return Number(/ (\d+)\//.exec(loadavg)?.[1]);
}

/** Whether a thread's /proc stat line is one of a thread that runs or waits for a processor. */
export function isRunning(stat: string): boolean {
  // The name in front may hold anything, parentheses too.
  return stat.startsWith(') R ', stat.lastIndexOf(')'));
}

/** Threads of ours that run or wait for a processor. */
function ownRunning(): number {
  let count = 0;
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      if (isRunning(readFileSync(`/proc/self/task/${thread}/stat`, 'latin1'))) count++;
    } catch {} // it has ended
  }
  return count;
}

/** Threads of others that run or wait for a processor; NaN where the system does not say. */
function othersRunning(): number {
  try {
    const counts = Array.from({ length: SAMPLES }, () => {
      const all = runnable(readFileSync('/proc/loadavg', 'latin1'));
      return all - ownRunning();
    });
    return counts.sort((a, b) => a - b)[SAMPLES >> 1]!;
  } catch {
    return Number.NaN;
  }
}

/** PKTAP_THREADS: 1, never a second thread; 2, whatever else runs (what is tested of two is tested of two). */
const { PKTAP_THREADS } = process.env;

/** Whether there is a processor beside the one that we run on, which nobody else uses now; where nothing says it, it is taken for free. */
export function isProcessorFree(): boolean {
  const processors = builtin('node:os').availableParallelism();
  if (PKTAP_THREADS === '1' || processors < 2) return false;
  return PKTAP_THREADS === '2' || !(othersRunning() > processors - 2);
}

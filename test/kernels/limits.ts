// How long is too long on a machine whose processors others use too: what counts is work done, not what the clock says.

import { readFileSync } from 'node:fs';

/** Ticks that all processors worked, and that they had, since the start. Source: proc_stat(5), the line `cpu`. */
function ticks(): { busy: number; all: number } {
  const fields = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))![1]!.split(' ').map(Number);
  const all = fields.slice(0, 8).reduce((sum, field) => sum + field, 0);
  return { busy: all - fields[3]! - fields[4]!, all };
}

/** Share of its processors that a machine uses which only waits: for a packet that never comes, say. */
const WAITING = 0.05;
const EVERY = 1000;

/**
 * Waits for a result. It is given up when the machine has had nothing to do for so long, or, whatever it does, at last.
 * @throws Error that says so
 */
export async function inTime<T>(result: Promise<T>, idleSeconds: number, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout;
  const start = performance.now();
  const late = new Promise<never>((_, fail) => {
    let before = ticks();
    let then = start;
    let idle = 0;
    timer = setInterval(() => {
      const now = performance.now();
      const { busy, all } = ticks();
      if (busy - before.busy < WAITING * (all - before.all)) idle += now - then;
      before = { busy, all };
      then = now;
      if (idle > idleSeconds * 1000) fail(new Error(`it hangs: nothing was done for ${idleSeconds} s`));
      else if (now - start > seconds * 1000) fail(new Error(`not over after ${seconds} s`));
    }, EVERY);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearInterval(timer!);
  }
}

/** Processor time that a process has used, in seconds; 0 when it is gone. Source: proc_pid_stat(5). */
export function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

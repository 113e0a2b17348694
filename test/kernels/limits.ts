// How long is too long on a machine whose processors others use too: what counts is work done, not what the clock says.

import { readdirSync, readFileSync } from 'node:fs';

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
 * Waits for a result. It is given up when the machine has had nothing to do for so long.
 * @throws Error that says so
 */
export async function inTime<T>(result: Promise<T>, idleSeconds: number): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, fail) => {
    let before = ticks();
    let then = performance.now();
    let idle = 0;
    timer = setInterval(() => {
      const now = performance.now();
      const { busy, all } = ticks();
      if (busy - before.busy < WAITING * (all - before.all)) idle += now - then;
      before = { busy, all };
      then = now;
      if (idle > idleSeconds * 1000) fail(new Error(`it hangs: nothing was done for ${idleSeconds} s`));
    }, EVERY);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearInterval(timer!);
  }
}

/**
 * Asks until the answer is yes: what the kernel does when it comes to it has no time of its own.
 * @returns the last answer, when it is still no after so many seconds
 */
export async function comesTrue(answer: () => boolean, seconds: number): Promise<boolean> {
  for (let i = 0; i < seconds * 5 && !answer(); i++) await new Promise((done) => setTimeout(done, 200));
  return answer();
}

/** Processor time that a process has used, in seconds; null when it is gone. Source: proc_pid_stat(5). */
function processorSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

/**
 * Seconds that a process's threads worked or waited for a processor; null where the kernel does not count them.
 * Source: Documentation/scheduler/sched-stats.rst, /proc/PID/schedstat.
 */
function wantedSeconds(pid: number): number | null {
  try {
    let sum = 0;
    for (const tid of readdirSync(`/proc/${pid}/task`)) {
      const [worked, waited] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ');
      sum += Number(worked) + Number(waited);
    }
    return sum / 1e9;
  } catch {
    return null;
  }
}

/** What a process may take until it says something, and in all. */
export interface Limits {
  /** Processor time without a word, and with nothing else to do. */
  readonly silentSeconds: number;
  /** Time in which it does next to nothing, and waits for no processor. */
  readonly idleSeconds: number;
  /** Processor time in all. */
  readonly seconds: number;
}

/** A process that works less than so much of one processor only waits. */
const IDLE = 0.25;

/** Watches a process's work. */
export class Watch {
  /** Processor time so far, in seconds. */
  used = 0;
  private usedAtWord = 0;
  private idle = 0;
  private wanted: number | null = null;
  private looked = performance.now();
  constructor(
    private readonly pid: number,
    private readonly limits: Limits,
  ) {}

  /** It has said something. */
  heard(): void {
    this.usedAtWord = this.used;
    this.idle = 0;
  }

  /** @returns why it is to be ended, null: it is not */
  look(): string | null {
    const { silentSeconds, idleSeconds, seconds } = this.limits;
    this.used = processorSeconds(this.pid) ?? this.used;
    const now = performance.now();
    const wanted = wantedSeconds(this.pid);
    if (wanted !== null && this.wanted !== null) {
      // Threads that end take what they have with them: less than nothing says nothing.
      const more = wanted - this.wanted;
      if (more >= 0 && more * 1000 < IDLE * (now - this.looked)) this.idle += now - this.looked;
      else if (more >= 0) this.idle = 0;
    }
    this.wanted = wanted;
    this.looked = now;
    if (this.used > seconds) return `not over after ${seconds} s of processor time`;
    if (this.used - this.usedAtWord > silentSeconds) return `silent for ${silentSeconds} s of processor time`;
    if (this.idle > idleSeconds * 1000) return `it hangs: nothing was done for ${idleSeconds} s`;
    return null;
  }
}

// Clocks: the kernel stamps packets with CLOCK_MONOTONIC, files and lines want the time of day.

import { milliseconds } from '../../builtin.js';
import { libc } from '../../system/index.js';

const REALTIME = 0;
const MONOTONIC = 1;
const THREAD = 3;
const BOOTTIME = 7;

const buffer = new BigInt64Array(2);
const bytes = new Uint8Array(buffer.buffer);

/** A clock's reading in nanoseconds. Source: clock_gettime(2). */
function read(clock: number): bigint {
  libc().clock_gettime(clock, bytes);
  return buffer[0]! * 1_000_000_000n + buffer[1]!;
}

/** Milliseconds of a processor that this thread has had: what it did, however many others were let run between. */
export function threadMilliseconds(): number {
  return Number(read(THREAD)) / 1e6;
}

/** Nanoseconds from the epoch to a clock's start: the reading least disturbed out of a few. */
function epochOf(clock: number): bigint {
  let best = 0n;
  let narrowest = -1n;
  for (let i = 0; i < 5; i++) {
    const before = read(clock);
    const real = read(REALTIME);
    const width = read(clock) - before;
    if (narrowest < 0n || width < narrowest) {
      narrowest = width;
      best = real - before - width / 2n;
    }
  }
  return best;
}

/** Nanoseconds from the epoch to the system's start. */
export function bootTime(): bigint {
  return epochOf(BOOTTIME);
}

/** Clock ticks since the system's start, as /proc/PID/stat counts them. */
export function ticksSinceBoot(): bigint {
  return read(BOOTTIME) / 10_000_000n;
}

/** What to add to CLOCK_MONOTONIC, measured anew now and then, as the time of day may be set. */
export class Epoch {
  seconds = 0;
  nanoseconds = 0;
  private measured = 0;

  constructor() {
    this.refresh();
  }

  /** Measures again when the last time was more than a second ago. */
  refresh(): void {
    const now = milliseconds();
    if (this.measured !== 0 && now - this.measured < 1000) return;
    this.measured = now;
    const epoch = epochOf(MONOTONIC);
    const old = BigInt(this.seconds) * 1_000_000_000n + BigInt(this.nanoseconds);
    const change = epoch - old;
    // The two clocks drift by nothing but NTP's slewing: what is less than a microsecond is the measurement.
    if (change < 1000n && change > -1000n) return;
    this.seconds = Number(epoch / 1_000_000_000n);
    this.nanoseconds = Number(epoch % 1_000_000_000n);
  }
}

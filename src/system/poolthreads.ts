// The threads of the runtime's pool (libuv's): each asked for one call. A thread is not chosen, a call goes to whoever is free; so all are
// held, and let go one by one.

import { closeSync } from 'node:fs';
import { libc, makePipe } from './libc.js';

/** How many there are, unless the environment says so, and how many we ask at most. Source: libuv's guide, "Thread pool work scheduling". */
const USUAL = 4;
const MOST = 16;
/** Milliseconds for one thread's turn: one that is busy for longer is not waited for. */
const PATIENCE = 1000;
const POLLIN = 1;

function poolSize(): number {
  const asked = process.env['UV_THREADPOOL_SIZE'];
  return asked === undefined ? USUAL : Math.max(1, Math.trunc(Number(asked)) || 1);
}

/** Something that holds a thread until it is let go. */
class Hold {
  private readonly ends = makePipe();
  private readonly requests: Uint8Array[] = [];

  /** The next thread that is free waits. */
  take(): void {
    const request = new Uint8Array(8);
    const view = new DataView(request.buffer);
    view.setInt32(0, this.ends[0], true);
    view.setInt16(4, POLLIN, true);
    // Its memory is kept until it is let go.
    this.requests.push(request);
    libc().poll.async(request, 1, 20 * PATIENCE, () => {
      if (--this.held === 0 && this.over) closeSync(this.ends[0]);
    });
    this.held++;
  }

  private held = 0;
  private over = false;

  /** Lets all go that it holds. A pipe that nobody writes to any more wakes who waits for it. */
  release(): void {
    if (this.over) return;
    this.over = true;
    closeSync(this.ends[1]);
    if (this.held === 0) closeSync(this.ends[0]);
  }
}

/**
 * Has each thread of the pool make a call.
 * @param call makes it by koffi's `async`, and tells its answer
 * @returns whether each has made it, and the answer was 0
 */
export async function onPoolThreads(call: (answered: (result: number) => void) => void): Promise<boolean> {
  const size = poolSize();
  if (size > MOST) return false;
  const first = Array.from({ length: size }, () => new Hold());
  const last = new Hold();
  let good = 0;
  let next: (() => void) | null = null;
  try {
    for (const hold of first) hold.take();
    // Behind what holds them all, in this order: a thread that was let go makes the call, and is held again.
    for (let i = 0; i < size; i++) {
      call((result) => {
        if (result === 0) good++;
        next?.();
      });
      last.take();
    }
    for (const [i, hold] of first.entries()) {
      const answered = new Promise<void>((done) => {
        next = done;
      });
      hold.release();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([answered, new Promise((late) => (timer = setTimeout(late, PATIENCE)))]);
      clearTimeout(timer);
      if (good !== i + 1) return false;
    }
    return true;
  } finally {
    for (const hold of [...first, last]) hold.release();
  }
}

// Threads of ours. Node ends the whole process, by a signal, when a thread is ended while it loads an add-on (koffi). So a thread says
// when it has loaded all that it needs, and neither `end` nor the end of the process comes before that.

import type { Worker } from 'node:worker_threads';
import { builtin } from './builtin.js';
import { threadFile } from './late.js';

/** Milliseconds that an end waits for a thread at most: one that broke off says nothing. */
const PATIENCE = 2000;

/** A thread's `workerData`. */
export interface ThreadData<T> {
  readonly data: T;
  /** One word: 1 when all is loaded. */
  readonly loaded: Int32Array;
}

/** Threads that may be loading. */
const starting = new Set<Int32Array>();

function waitFor(loaded: Int32Array): void {
  Atomics.wait(loaded, 0, 0, PATIENCE);
  starting.delete(loaded);
}

function waitForAll(): void {
  for (const loaded of starting) waitFor(loaded);
}

/** A thread that keeps the process alive no longer than it wants. */
export class Thread {
  readonly worker: Worker;
  private readonly loaded = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param file of what it runs, as `threadFile` takes it
   * @param data cloned for it
   */
  constructor(file: string, data: unknown) {
    const { loaded } = this;
    const threadData: ThreadData<unknown> = { data, loaded };
    this.worker = new (builtin('node:worker_threads').Worker)(threadFile(file), { workerData: threadData });
    if (starting.size === 0) process.off('exit', waitForAll).on('exit', waitForAll);
    starting.add(loaded);
    this.worker.once('exit', () => starting.delete(loaded));
  }

  /** Ends it, wherever it is. */
  end(): void {
    if (starting.has(this.loaded)) waitFor(this.loaded);
    void this.worker.terminate();
  }
}

/** For a thread: what it needs is loaded. */
export function hasLoaded({ loaded }: ThreadData<unknown>): void {
  Atomics.store(loaded, 0, 1);
  Atomics.notify(loaded, 0);
}

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
  /** It is to bind itself to the files that it needs. */
  readonly contained: boolean;
}

/** The words of memory for an answer: whether it is there, and its bytes, which begin behind them. */
const Word = { STATE: 0, LENGTH: 1, BYTES: 8 } as const;
const ANSWERED = 1;

/** A text that a thread will give, in memory of both. Who waits for it needs no event. */
export class Answer {
  private readonly words: Int32Array;

  /** @param memory made by `Answer.room` */
  constructor(readonly memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, 2);
  }

  /** @param most bytes of the text, as UTF-8 */
  static room(most: number): Answer {
    return new Answer(new SharedArrayBuffer(Word.BYTES + most));
  }

  /** The text, undefined while there is none. */
  get text(): string | undefined {
    if (Atomics.load(this.words, Word.STATE) !== ANSWERED) return undefined;
    return Buffer.from(this.memory, Word.BYTES, this.words[Word.LENGTH]!).toString();
  }

  /** What is longer than there is room is cut. */
  give(text: string): void {
    this.words[Word.LENGTH] = Buffer.from(this.memory, Word.BYTES).write(text);
    Atomics.store(this.words, Word.STATE, ANSWERED);
    Atomics.notify(this.words, Word.STATE);
  }

  /** Waits for it, no longer than this many milliseconds. */
  wait(most: number): void {
    Atomics.wait(this.words, Word.STATE, 0, most);
  }
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
  /** Whether threads that begin from now on are to bind themselves. */
  static contained = false;
  readonly worker: Worker;
  private readonly loaded = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param file of what it runs, as `threadFile` takes it
   * @param data cloned for it
   * @param limits MiB of memory that it may take
   */
  constructor(file: string, data: unknown, limits?: number) {
    const { loaded } = this;
    const threadData: ThreadData<unknown> = { data, loaded, contained: Thread.contained };
    this.worker = new (builtin('node:worker_threads').Worker)(threadFile(file), {
      workerData: threadData,
      ...(limits === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: limits } }),
    });
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

// Threads of ours. Node ends the whole process, by a signal, when a thread is ended inside an add-on (koffi): while it loads, and while a
// native call fails. So a thread says when it may be ended, and neither `end` nor the end of the process comes in between.

import type { Worker } from 'node:worker_threads';
import { builtin, milliseconds } from './builtin.js';
import { threadFile } from './late.js';

/** Milliseconds that an end waits for a thread at most: a busy machine may take seconds to load an add-on. */
const PATIENCE = 15_000;

/** What a thread does. Only who is free can be ended, and who is ended makes no native call any more. */
const State = { NATIVE: 0, FREE: 1, ENDED: 2 } as const;

/** A thread's `workerData`. */
export interface ThreadData<T> {
  readonly data: T;
  /** One word: a `State`. */
  readonly state: Int32Array;
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

/** The states of threads that were not ended. */
const living = new Set<Int32Array>();

/** Waits until it is free, and holds it there. */
function hold(state: Int32Array): void {
  const end = milliseconds() + PATIENCE;
  while (Atomics.compareExchange(state, 0, State.FREE, State.ENDED) === State.NATIVE) {
    if (Atomics.wait(state, 0, State.NATIVE, end - milliseconds()) === 'timed-out') break;
  }
  living.delete(state);
}

function holdAll(): void {
  for (const state of living) hold(state);
}

/** A thread that keeps the process alive no longer than it wants. */
export class Thread {
  /** Whether threads that begin from now on are to bind themselves. */
  static contained = false;
  readonly worker: Worker;
  private readonly state = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param file of what it runs, as `threadFile` takes it
   * @param data cloned for it
   * @param limits MiB of memory that it may take
   */
  constructor(file: string, data: unknown, limits?: number) {
    const { state } = this;
    const threadData: ThreadData<unknown> = { data, state, contained: Thread.contained };
    this.worker = new (builtin('node:worker_threads').Worker)(threadFile(file), {
      workerData: threadData,
      ...(limits === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: limits } }),
    });
    if (living.size === 0) process.off('exit', holdAll).on('exit', holdAll);
    living.add(state);
    this.worker.once('exit', () => living.delete(state));
  }

  /** Ends it, wherever it is. */
  end(): void {
    if (living.has(this.state)) hold(this.state);
    void this.worker.terminate();
  }
}

/** The state of the thread that runs this; null: it is the first, or has not loaded yet. */
let own: Int32Array | null = null;

/** Lets it be ended. */
function free(state: Int32Array): void {
  Atomics.compareExchange(state, 0, State.NATIVE, State.FREE);
  Atomics.notify(state, 0);
}

/** For a thread: what it needs is loaded. Native calls it makes from now on are made by `native`. */
export function hasLoaded({ state }: ThreadData<unknown>): void {
  own = state;
  free(state);
}

/**
 * Makes native calls of a thread that has loaded, or of the process's first.
 * @param work the calls, with all that they load
 */
export function native<Result>(work: () => Result): Result {
  const state = own;
  if (state === null) return work();
  const before = Atomics.compareExchange(state, 0, State.FREE, State.NATIVE);
  if (before === State.NATIVE) return work();
  // Its end is on its way.
  if (before === State.ENDED) Atomics.wait(state, 0, State.ENDED);
  try {
    return work();
  } finally {
    free(state);
  }
}

// Names of addresses, asked of DNS on another thread: what asks for them never runs a resolver itself, and waits no longer
// than it says.

import { milliseconds } from '../builtin.js';
import { Answer, Thread } from '../thread.js';
import { MOST_NAME, type Question } from './question.js';

/** Names asked for and not answered yet, at most. */
const MOST_PENDING = 64;
export interface LookupOptions {
  /** Name servers as `address:port`; those of the system when left out. */
  readonly servers?: readonly string[];
  /** Milliseconds that `ask` may wait for one answer, and for all of them together. 0: never. */
  readonly patience: number;
  readonly patienceForAll: number;
}

/** Asks for names. One thread for all of them, started with the first question; it does not keep the process alive. */
export class Lookups {
  private thread: Thread | null = null;
  private readonly pending = new Map<string, Answer>();
  private readonly options: LookupOptions;
  private left: number;

  constructor(options: LookupOptions) {
    this.options = options;
    this.left = options.patienceForAll;
  }

  /**
   * @returns the name, null when the address has none, undefined while that is not known: ask again later
   */
  ask(address: string): string | null | undefined {
    let answer = this.pending.get(address);
    if (answer === undefined) {
      if (this.pending.size >= MOST_PENDING) this.forget();
      if (this.pending.size >= MOST_PENDING) return undefined;
      answer = Answer.room(MOST_NAME);
      this.pending.set(address, answer);
      this.post({ address, answer: answer.memory });
      this.wait(answer);
    }
    const { text } = answer;
    if (text === undefined) return undefined;
    this.pending.delete(address);
    return text === '' ? null : text;
  }

  /** Ends the thread; what was not answered stays unknown. */
  close(): void {
    this.thread?.end();
    this.thread = null;
    this.pending.clear();
  }

  /** Waits for an answer, out of what patience is left. */
  private wait(answer: Answer): void {
    const most = Math.min(this.options.patience, this.left);
    if (most <= 0) return;
    const start = milliseconds();
    answer.wait(most);
    this.left -= milliseconds() - start;
  }

  /** Lets go of answers that nobody came back for. */
  private forget(): void {
    for (const [address, answer] of this.pending) {
      if (answer.text !== undefined) this.pending.delete(address);
    }
  }

  private post(question: Question): void {
    if (this.thread === null) {
      this.thread = new Thread('./names/lookupthread.js', this.options.servers ?? null);
      // Without a thread there are no names, and nothing else is lost.
      this.thread.worker.on('error', () => {});
      this.thread.worker.unref();
    }
    this.thread.worker.postMessage(question);
  }
}

// Between a run and its outputs: what an output is opened with, and what the run gets.

import type { Output } from '../packet/index.js';
import type { FilesRead } from './files.js';
import type { Notice } from './notices.js';
import type { SessionSource } from './source.js';
import type { RunSpec } from './spec.js';

/** What a front end lends to a run. */
export interface Host {
  /** Takes what there is to say. */
  notice(notice: Notice): void;
  /**
   * Takes the bytes of outputs that have no file of their own, such as text; they are valid during the call only.
   * @throws Error that ends the run, quietly with the code EPIPE
   */
  write(bytes: Uint8Array): void;
  /** Waits until a descriptor that takes nothing now takes more; left out: it is asked again and again. */
  wait?(descriptor: number): void;
  /** Whether whoever `write` hands bytes on to has gone; left out: it is found out by writing. */
  gone?(): boolean;
  /** Gives keys of TLS that have come since it was asked last, as lines of a key log: files hold them in front of their packets. */
  keys?(): Uint8Array | null;
  /** Whether `Session.narrow` will be called: each packet is asked about it then. */
  readonly narrows?: boolean;
  /** Whether the reader of a pipe has gone; left out: it is found out by writing. */
  abandoned?(descriptor: number): boolean;
}

/** What an output is opened with. */
export interface OutputContext {
  readonly spec: RunSpec;
  readonly source: SessionSource;
  readonly host: Host;
  /** Ends the run. */
  stop(): void;
  /** Whether the run was stopped meanwhile: what waits for something gives up. */
  cancelled(): boolean;
}

/** An output of a run. */
export interface Opened {
  readonly output: Output;
  /** Whether its bytes go to the host: it is not flushed while the host waits for room. */
  readonly toHost: boolean;
  /** Gets each file of a list that is opened later. */
  readonly onFile?: FilesRead['onFile'];
  /** Called when no more packets come, before it is closed. */
  ended?(): void;
  /** What is to be said of it when it is closed. */
  remarks?(): Notice[];
}

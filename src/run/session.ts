// A run: source → filters → outputs. It knows no terminal and no signals: the front end stops it, has it flush, and asks
// for its counts whenever it likes.

import type { Output, Packet, PacketFilter, SourceCounts } from '../packet/index.js';
import { loadCredentials, loadSandbox } from '../system/index.js';
import { Thread } from '../thread.js';
import { countSource } from './counting.js';
import type { Notice } from './notices.js';
import type { Host, Opened, OutputContext } from './output.js';
import { loadOutputs, openOutput } from './outputs/index.js';
import { packetHandler, type Taken } from './packets.js';
import { openFileSource, openFleetSource, openTapSource, type SessionSource } from './source.js';
import type { RunSpec } from './spec.js';

/** Milliseconds a live packet may wait in a buffer. */
const FLUSH_INTERVAL = 200;

/** What a run has counted so far. */
export interface SessionCounts extends SourceCounts {
  /** Packets that passed the filters and were not skipped. */
  readonly captured: number;
}

/** How a run ended. */
export interface Ending {
  /** Something broke it off, and was said. */
  readonly failed: boolean;
  /** The reader of an output went away: a quiet end. */
  readonly closed: boolean;
  /** It was stopped before its outputs were open. */
  readonly cancelled: boolean;
  /** One of its files broke off, or had packets that the packet filter makes no sense for. */
  readonly broken: boolean;
  /** The packet filter turned out to make sense for no packet: the count says nothing. */
  readonly senseless: boolean;
  /** What there is to say of the outputs. */
  readonly remarks: readonly Notice[];
}

/** The reader of our output went away. */
function isClosedPipe(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'EPIPE';
}

/** An output that the front end brings along. Its bytes are its own matter. */
function own(output: Output): Opened {
  return { output, toHost: false };
}

/**
 * Opens a run's source. Nothing of it is read before `run` is called.
 * @param spec what to do: plain data
 * @param host takes what there is to say and to put out
 * @param outputs besides those of the specification
 * @throws Error when the source cannot be opened; nothing is left open then
 */
export async function openSession(
  spec: RunSpec,
  host: Host,
  outputs: readonly Output[] = [],
): Promise<Session> {
  const { source } = spec;
  Thread.contained = spec.sandbox !== null && process.platform === 'linux';
  const say = (notice: Notice): void => host.notice(notice);
  const counts = spec.outputs.length === 0 && outputs.length === 0;
  if (source.kind === 'files') {
    loadOutputs(spec);
    return new Session(spec, host, await openFileSource(spec, source, counts, say), outputs);
  }
  if (source.kind === 'fleet') {
    loadOutputs(spec);
    return new Session(spec, host, await openFleetSource(spec, source, say), outputs);
  }
  return new Session(spec, host, await openTapSource(spec, source, say, () => loadOutputs(spec)), outputs);
}

/** A run whose source is open. */
export class Session {
  readonly #taken: Taken = { seen: 0, captured: 0 };
  /** Those that are open now, in the order in which packets go to them. */
  #open: Opened[] = [];
  /** What is asked of packets besides the filters, while the run goes on; null: nothing. */
  #narrow: PacketFilter | null = null;
  #failed = false;
  #closed = false;
  #stopped = false;

  /** Use openSession. */
  constructor(
    readonly spec: RunSpec,
    private readonly host: Host,
    readonly source: SessionSource,
    private readonly more: readonly Output[],
  ) {}

  /** Ends the run soon; packets already captured are still handed on. */
  stop(): void {
    this.#stopped = true;
    this.source.source.stop();
  }

  /** From now on takes packets that match a filter alone, of those that match the run's. Null: all of them. */
  narrow(filter: PacketFilter | null): void {
    this.#narrow = filter;
  }

  /** Writes out what the outputs have buffered. What goes wrong ends the run. */
  flush(): void {
    this.#guard(() => {
      for (const { output } of this.#open) output.flush();
    });
  }

  /** As `flush`, but for outputs whose bytes the host takes: what can be done while the host is stuck. */
  save(): void {
    this.#guard(() => {
      for (const { output, toHost } of this.#open) if (!toHost) output.flush();
    });
  }

  /** Has the outputs go on in new files by the same names, where others moved the old ones away. */
  reopen(): void {
    this.#guard(() => {
      for (const { output } of this.#open) output.reopen?.();
    });
  }

  counts(): SessionCounts {
    return { captured: this.#taken.captured, ...this.source.source.counts() };
  }

  /** Packets that passed the filters so far, those that were skipped too. */
  get seen(): number {
    return this.#taken.seen;
  }

  /**
   * Opens the outputs, runs, and closes all. Called once.
   * @param begin called before the first packet, when all is open; what it throws ends the run
   * @returns how it ended; what broke it off was said
   * @throws Error when an output cannot be opened; nothing is left open then
   */
  async run(begin: () => void | Promise<void> = () => {}): Promise<Ending> {
    const { source } = this.source;
    try {
      for (const spec of this.spec.outputs) this.#open.push(await openOutput(spec, this.#context()));
    } catch (error) {
      source.close();
      this.#closeOutputs();
      if (!this.#stopped) throw error;
      return this.#ending({ cancelled: true });
    }
    this.#open.push(...this.more.map(own));
    const { files } = this.source;
    if (files !== null)
      files.onFile = (file, first) => {
        for (const { onFile } of this.#open) onFile?.(file, first);
      };
    const senseless = await this.#packets(begin);
    for (const { ended } of this.#open) if (ended !== undefined) this.#guard(ended);
    // Whatever goes wrong here, what is buffered is still written.
    this.#guard(() => source.close());
    const remarks = this.#closeOutputs();
    return this.#ending({ senseless, remarks });
  }

  /** Every while of a live capture. Without packets nothing is written that would tell that nobody reads any more. */
  #tick(): void {
    this.flush();
    if (this.#open.some(({ toHost }) => toHost) && this.host.gone?.() === true)
      this.#fail(Object.assign(new Error('nobody reads any more'), { code: 'EPIPE' }));
  }

  /** Hands on the packets, until the source or its patience ends. @returns whether the packet filter made no sense */
  async #packets(begin: () => void | Promise<void>): Promise<boolean> {
    const { live, expressions, source, filters } = this.source;
    const { spec } = this;
    const taken = this.#taken;
    const outputs = this.#open.map(({ output }) => output);
    const narrows = (packet: Packet): boolean => this.#narrow === null || this.#narrow(packet);
    const asked = this.host.narrows === true ? [...filters, narrows] : filters;
    const handle = packetHandler(spec, asked, outputs, taken);
    // A live line must not wait for the block to fill, nor a packet for the file's.
    const timer = live ? setInterval(() => this.#tick(), FLUSH_INTERVAL) : null;
    try {
      // Who reads a pipe knows by a file's head that the capture has begun, and what it is of.
      if (live) this.flush();
      await begin();
      // The command may be a program with rights of its own; what runs from now on needs none.
      if (process.platform === 'linux') await this.#settle();
      await (outputs.length === 0 ? countSource(spec, source, handle, taken) : source.run(handle));
      const failure = taken.seen === 0 ? (expressions?.failure ?? null) : null;
      if (failure !== null) this.#fail(failure);
      return failure !== null;
    } catch (error) {
      this.flush();
      this.#fail(error);
      return false;
    } finally {
      if (timer !== null) clearInterval(timer);
    }
  }

  /** Gives up what is not needed any more. */
  async #settle(): Promise<void> {
    const { spec } = this;
    const { tap, live } = this.source;
    // Who reads files has done so before the first byte of them.
    if (live && spec.yieldsTo !== null) {
      const { yieldRoot } = await import('./yielding.js');
      const { becomeUser } = await loadCredentials();
      await yieldRoot(spec, this.host.notice, (user) =>
        tap === null ? becomeUser(user) : tap.dropPrivileges(user),
      );
    }
    if (spec.sandbox !== null) {
      let lines: string[];
      try {
        lines = await (await import('./sandbox.js')).contain(spec, this.source);
      } catch (error) {
        // Without native calls files are read as ever.
        if (tap !== null) throw error;
        lines = [`no sandbox: ${(error as Error).message}`];
      }
      if (spec.sandbox.told) for (const message of lines) this.host.notice({ kind: 'warning', message });
    } else if (live || spec.user !== null) {
      // A file's reader has nothing to lose unless it gave up root.
      (await loadSandbox()).refuseNewPrivileges();
    }
  }

  #context(): OutputContext {
    return {
      spec: this.spec,
      source: this.source,
      host: this.host,
      stop: () => this.source.source.stop(),
      cancelled: () => this.#stopped,
    };
  }

  /** Closes the outputs. What is asked for from now on finds nothing to flush. @returns what there is to say of them */
  #closeOutputs(): Notice[] {
    const closing = this.#open;
    this.#open = [];
    for (const { output } of closing) this.#guard(() => output.close());
    return closing.flatMap(({ remarks }) => remarks?.() ?? []);
  }

  /** Does something; what goes wrong ends the run. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the run, and says why the first time; a reader that went away ends it quietly. */
  #fail(error: unknown): void {
    const quiet = isClosedPipe(error);
    if (!quiet && !this.#failed) this.host.notice({ kind: 'failed', error: error as Error });
    this.#failed ||= !quiet;
    this.#closed ||= quiet;
    this.source.source.stop();
  }

  #ending(more: Partial<Ending>): Ending {
    return {
      failed: this.#failed,
      closed: this.#closed,
      cancelled: false,
      broken: this.source.files?.broken === true,
      senseless: false,
      remarks: [],
      ...more,
    };
  }
}

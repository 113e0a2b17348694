// A live capture for programs: by a callback, or packet by packet; ended by a signal.

import {
  type Packet,
  PacketCopier,
  type PacketHandler,
  type Source,
  type SourceCounts,
} from '../packet/index.js';
import { openTap, type Tap, type TapOptions } from '../tap/index.js';

/** Packets, and bytes of them, that wait to be taken by a loop. */
const MOST_PACKETS = 65_536;
const MOST_BYTES = 64 * 1024 * 1024;

/** What to capture (`openTap`'s options), and what ends it. */
export interface CaptureOptions extends Partial<TapOptions> {
  /** Ends the capture when it is aborted: `run` and loops then throw its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a live capture. Needs root, or on Linux the capabilities that docs/manual.md lists.
 * @param options what is not given: the tap on every ordinary interface, whole packets with their processes, no filter
 * @throws PermissionError without those rights, FilterSyntaxError for a wrong filter, TypeError for wrong options, the signal's
 *   reason when it is aborted already
 */
export async function openCapture(options: CaptureOptions = {}): Promise<Capture> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  return new Capture(await openTap(rest), signal ?? null);
}

/** A running live capture: run once, by `run` or by one loop. */
export class Capture implements Source, AsyncIterable<Packet> {
  /** Packets that a loop was too slow for. */
  missed = 0;

  /** Use openCapture. */
  constructor(
    readonly tap: Tap,
    private readonly signal: AbortSignal | null,
  ) {}

  get linkType(): number {
    return this.tap.linkType;
  }

  get snapshotLength(): number {
    return this.tap.snapshotLength;
  }

  /**
   * Hands each packet to `handler`, at full speed: it is the same object again and again, valid during the call (`packet.copy()` keeps
   * one). Ends when the handler says false, or `stop` is called.
   * @throws the signal's reason when it is aborted, Error when the capture breaks
   */
  async run(handler: PacketHandler): Promise<void> {
    const signal = this.signal;
    const tap = this.tap;
    signal?.throwIfAborted();
    const stop = (): void => tap.stop();
    signal?.addEventListener('abort', stop);
    try {
      await tap.run(handler);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    signal?.throwIfAborted();
  }

  /** Each packet, as a copy that can be kept. A loop that is left ends the capture. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Packet, void, undefined> {
    const queue: Packet[] = [];
    const copier = new PacketCopier();
    let bytes = 0;
    let left = false;
    let wake = (): void => {};
    const take = (packet: Packet): boolean => {
      if (left) return false;
      if (queue.length >= MOST_PACKETS || bytes >= MOST_BYTES) this.missed++;
      else {
        queue.push(copier.copy(packet));
        bytes += packet.capturedLength;
        wake();
      }
      return true;
    };
    let ended = false;
    let failure: unknown = null;
    const running = this.run(take)
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        ended = true;
        wake();
      });
    try {
      while (!ended || queue.length > 0) {
        const some = queue.splice(0);
        bytes = 0;
        yield* some;
        if (queue.length === 0 && !ended)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      left = true;
      this.stop();
      await running;
    }
    if (failure !== null) throw failure;
  }

  stop(): void {
    this.tap.stop();
  }

  counts(): SourceCounts {
    return this.tap.counts();
  }

  close(): void {
    this.tap.close();
  }
}

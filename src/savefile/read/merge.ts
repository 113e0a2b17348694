// Several savefiles at once, their packets in the order of time (-V with --sort). Each file has a window of its own, so
// memory grows with the number of files, not with their size.

import { milliseconds, turn } from '../../builtin.js';
import type { Interface, PacketHandler, SourceCounts } from '../../packet/index.js';
import type { PcapHeader } from '../pcap/reader.js';
import type { PacketRecord, RawBlock, SectionInterface } from '../pcapng/records.js';
import type { MergedSavefiles } from '../savefile.js';
import type { CopyOrigin } from '../write/copy.js';
import type { RawRecord } from './decoder.js';
import { isOfFile, type ListOptions, noneOf, openOne } from './list.js';
import type { SavefileSource } from './source.js';

/** What the windows of all files may take together, and what each has at least, in bytes. */
const WINDOWS = 64 << 20;
const SMALLEST_WINDOW = 64 << 10;
const LARGEST_WINDOW = 1 << 18;
/** How long packets are handed on before timers and signals get their turn, in milliseconds. */
const TURN = 20;
const PACKETS_PER_LOOK = 1024;

/**
 * Opens all files at once. Each has to be in order itself for the whole to be.
 * @param paths at least one
 * @throws as openSavefile without `onBroken`; Error when none can be opened
 */
export async function openMergedSavefiles(
  paths: readonly string[],
  options: ListOptions = {},
): Promise<MergedSavefiles> {
  const share = Math.floor(WINDOWS / paths.length);
  const windowSize = Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, share));
  const sources: SavefileSource[] = [];
  try {
    for (const path of paths) {
      let source: SavefileSource;
      try {
        source = await openOne(path, { windowSize, ...options });
      } catch (error) {
        if (!isOfFile(error) || options.onBroken === undefined) throw error;
        options.onBroken(error);
        continue;
      }
      sources.push(source);
      options.onOpen?.(source);
    }
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
  if (sources.length === 0) throw noneOf(paths);
  return new MergedFiles(sources, options);
}

/** As MergedSavefiles; the packet at hand is that of the file whose turn it is. */
class MergedFiles implements MergedSavefiles, CopyOrigin {
  readonly merged = true;
  readonly format: 'pcap' | 'pcapng';
  /** Of the first file. */
  readonly linkType: number;
  /** The largest of all. */
  readonly snapshotLength: number;
  /** The finest of all. */
  readonly precision: 'micro' | 'nano';
  readonly fcsLength: number | null;
  /** A heap of the files that have a packet ready, the earliest first; of equal ones the first in the list. */
  readonly #heap: number[] = [];
  #current: SavefileSource;
  #received = 0;
  #stopped = false;
  #closed = false;

  constructor(
    readonly sources: readonly SavefileSource[],
    readonly options: ListOptions,
  ) {
    const first = sources[0]!;
    this.#current = first;
    this.format = sources.some((one) => one.format === 'pcapng') ? 'pcapng' : 'pcap';
    this.linkType = first.linkType;
    this.snapshotLength = Math.max(...sources.map((one) => one.snapshotLength));
    this.precision = sources.some((one) => one.precision === 'nano') ? 'nano' : 'micro';
    this.fcsLength = sources.every((one) => one.fcsLength === first.fcsLength) ? first.fcsLength : null;
  }

  get origin(): CopyOrigin {
    return this;
  }

  get onBlock(): ((block: RawBlock) => void) | null {
    return this.sources.find(({ origin }) => origin.onBlock !== null)?.origin.onBlock ?? null;
  }

  set onBlock(listener: ((block: RawBlock) => void) | null) {
    for (const { origin } of this.sources) origin.onBlock = listener;
  }

  get raw(): RawRecord {
    return this.#current.origin.raw;
  }

  get header(): PcapHeader | null {
    return this.#current.origin.header;
  }

  get onMove(): (() => void) | null {
    return this.#current.origin.onMove;
  }

  set onMove(listener: (() => void) | null) {
    for (const { origin } of this.sources) origin.onMove = listener;
  }

  get record(): PacketRecord | null {
    return this.#current.origin.record;
  }

  detailsOf(of: Interface): SectionInterface | null {
    for (const source of this.sources) {
      const details = source.origin.detailsOf(of);
      if (details !== null) return details;
    }
    return null;
  }

  get pktapHeaderLength(): number {
    return this.#current.origin.pktapHeaderLength;
  }

  async run(handler: PacketHandler): Promise<void> {
    if (this.#closed) throw new Error(`${this.sources[0]!.path}: the savefiles are closed`);
    const { sources } = this;
    const heap = this.#heap;
    await this.#begin();
    if (this.#stopped) return;
    let turnEnds = milliseconds() + TURN;
    for (let i = 1; heap.length > 0; i++) {
      const source = sources[heap[0]!]!;
      this.#current = source;
      this.#received++;
      // Who is handed a packet may close the files.
      if (!handler(source.packet) || this.#closed) return;
      const more = this.#advance(source);
      if (!(typeof more === 'boolean' ? more : await more)) {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      if (this.#stopped) return;
      this.#sink();
      if (i % PACKETS_PER_LOOK === 0 && milliseconds() > turnEnds) {
        await turn();
        if (this.#stopped) return;
        turnEnds = milliseconds() + TURN;
      }
    }
  }

  /** Moves each file to its first packet. */
  async #begin(): Promise<void> {
    const { sources } = this;
    const heap = this.#heap;
    // All section headers come before anything else: what they say becomes one.
    for (const source of sources) source.beginSection();
    for (let i = 0; i < sources.length; i++) {
      if (await this.#advance(sources[i]!)) {
        heap.push(i);
        this.#rise(heap.length - 1);
      }
      if (this.#stopped) return;
    }
  }

  /** Moves a file to its next packet. A broken one has no more. */
  #advance(source: SavefileSource): boolean | Promise<boolean> {
    try {
      const more = source.advance();
      return typeof more === 'boolean' ? more : more.catch((error) => this.#broken(error));
    } catch (error) {
      return this.#broken(error);
    }
  }

  #broken(error: unknown): false {
    if (!isOfFile(error) || this.options.onBroken === undefined) throw error;
    this.options.onBroken(error);
    return false;
  }

  /** Whether the packet of file `a` comes before that of file `b`. */
  #before(a: number, b: number): boolean {
    const one = this.sources[a]!.packet;
    const other = this.sources[b]!.packet;
    const difference = one.seconds - other.seconds || one.nanoseconds - other.nanoseconds || a - b;
    return difference < 0;
  }

  #rise(at: number): void {
    const heap = this.#heap;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#before(heap[at]!, heap[above]!)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let least = at;
      for (let below = 2 * at + 1; below <= 2 * at + 2 && below < heap.length; below++) {
        if (this.#before(heap[below]!, heap[least]!)) least = below;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const kept = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = kept;
  }

  stop(): void {
    this.#stopped = true;
    for (const source of this.sources) source.stop();
  }

  counts(): SourceCounts {
    return {
      received: this.#received,
      droppedByKernel: 0,
      droppedByInterface: 0,
      droppedByMetadataFilter: 0,
    };
  }

  close(): void {
    this.#closed = true;
    this.#stopped = true;
    for (const source of this.sources) source.close();
  }
}

// Packets of many hosts in the order of time: each is held until every host that sends has later ones, but no longer than a bound.

import type { PacketHandler } from '../packet/index.js';
import type { BatchReader } from './reading.js';

/** Milliseconds that a packet waits for earlier ones of other hosts: these send after 200. */
const PATIENCE = 600;
/** Milliseconds in which hosts begin that nothing was heard of before. */
const BEGINNING = 3000;
/** Bytes, and batches, that are held: beyond, nothing is waited for. */
const MOST_BYTES = 64 << 20;
const MOST_BATCHES = 8192;

interface Held {
  readonly reader: BatchReader;
  readonly host: string;
  /** When nothing is waited for any more. */
  readonly until: number;
}

/** What a call has come to. */
export type Progress = 'enough' | 'more' | 'waiting';

export class TimeMerge {
  /** A heap, the earliest packet first. */
  private readonly heap: Held[] = [];
  /** Batches held of each host that captures: of one that has none, earlier packets may come. */
  private readonly hosts = new Map<string, number>();
  /** How many of them have none. */
  private without = 0;
  private bytes = 0;
  /** Time of the last packet that was handed on. */
  private seconds = 0;
  private nanoseconds = 0;
  /** Packets that came too late to be in order, and whether there was no room to wait. */
  late = 0;
  hurried = false;
  /** Until then hosts may begin that nothing was heard of; null: for a while from the first batch on. */
  private unsure: number | null = 0;

  get size(): number {
    return this.heap.length;
  }

  /** Whether there is room for more. */
  get full(): boolean {
    return this.bytes > MOST_BYTES || this.heap.length > MOST_BATCHES;
  }

  /** @param live whether hosts are known to capture or not; of what was kept, everything waits its time */
  constructor(private readonly live: boolean) {}

  /** Hosts are asked. */
  begin(): void {
    this.unsure = null;
  }

  /** A host captures: packets of it may come. */
  expect(host: string): void {
    if (this.hosts.has(host)) return;
    this.hosts.set(host, 0);
    this.without++;
  }

  /** Nothing more comes of a host. */
  forget(host: string): void {
    const held = this.hosts.get(host);
    this.hosts.delete(host);
    if (held === 0) this.without--;
  }

  /**
   * @param now milliseconds of whatever clock `emit` goes by
   * @param goesOn whether the host may have more
   */
  add(host: string, reader: BatchReader, now: number, goesOn: boolean): void {
    this.unsure ??= now + BEGINNING;
    if (goesOn) this.expect(host);
    this.hold(host, 1);
    this.bytes += reader.size;
    this.heap.push({ reader, host, until: now + PATIENCE });
    this.rise(this.heap.length - 1);
  }

  /** One batch of a host more, or less. */
  private hold(host: string, change: number): void {
    const before = this.hosts.get(host);
    if (before === undefined) return;
    this.hosts.set(host, Math.max(0, before + change));
    if (before === 0 && change > 0) this.without--;
    if (before === 1 && change < 0) this.without++;
  }

  /**
   * Hands on what need not wait.
   * @param most packets at most
   * @param all whether nothing is waited for, since nothing comes any more
   */
  emit(handler: PacketHandler, now: number, most: number, all: boolean): Progress {
    const { heap } = this;
    for (let i = 0; i < most; i++) {
      const first = heap[0];
      if (first === undefined) return 'waiting';
      const complete = this.live && this.without === 0 && now >= (this.unsure ?? 0);
      if (!all && !complete && first.until > now) {
        if (!this.full) return 'waiting';
        this.hurried = true;
      }
      const { packet } = first.reader;
      if (
        packet.seconds < this.seconds ||
        (packet.seconds === this.seconds && packet.nanoseconds < this.nanoseconds)
      )
        this.late++;
      else {
        this.seconds = packet.seconds;
        this.nanoseconds = packet.nanoseconds;
      }
      const goesOn = handler(packet);
      if (!first.reader.advance()) {
        this.bytes -= first.reader.size;
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
        this.hold(first.host, -1);
      }
      this.sink();
      if (!goesOn) return 'enough';
    }
    return 'more';
  }

  /** When the next packet need not wait any more; null: there is none. */
  get next(): number | null {
    return this.heap[0]?.until ?? null;
  }

  private before(a: number, b: number): boolean {
    const one = this.heap[a]!;
    const other = this.heap[b]!;
    const x = one.reader.packet;
    const y = other.reader.packet;
    const difference = x.seconds - y.seconds || x.nanoseconds - y.nanoseconds || one.until - other.until;
    return difference < 0;
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    const kept = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = kept;
  }

  private rise(at: number): void {
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.before(at, above)) return;
      this.swap(at, above);
      at = above;
    }
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ; ) {
      let least = at;
      for (let below = 2 * at + 1; below <= 2 * at + 2 && below < heap.length; below++)
        if (this.before(below, least)) least = below;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }
}

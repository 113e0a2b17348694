// The ring buffer's reader: records in place, no copy. Source: kernel/bpf/ringbuf.c.

import type { PacketMemory } from '../../../packet/index.js';
import { MappedMemory } from '../../../system/index.js';
import { Resources } from '../resources.js';

const BUSY = 0x80000000;
const DISCARDED = 0x40000000;
const HEADER = 8;
/** Bytes read before the kernel is told that they are free again. */
const RELEASE_AT = 256 * 1024;
/** Bytes before and behind the place at hand that views still show when the ring is closed. */
const KEPT = 1024 * 1024;
/** Bytes mapped behind the ring's end, where its beginning is again: more than the longest record has. */
const OVERLAP = 512 * 1024;

/**
 * Bun's compiled code makes an atomic load an addition of 0, which faults where memory may only be read, as the kernel wants it here.
 * There an addition to a word of our own keeps the order.
 */
const FENCE = process.versions['bun'] === undefined ? null : new Int32Array(new SharedArrayBuffer(4));

function loadWord(words: Int32Array, at: number): number {
  if (FENCE === null) return Atomics.load(words, at);
  const word = words[at]!;
  Atomics.add(FENCE, 0, 0);
  return word;
}

export class Ring implements PacketMemory {
  /** Descriptor of the map, to poll. */
  readonly fd: number;
  readonly size: number;
  /** The data area, and behind it its beginning again: no record is cut at the end. */
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly onMove = new Set<() => void>();
  private readonly consumer: BigUint64Array;
  private readonly producer: BigUint64Array;
  private readonly atomics: Int32Array;
  private readonly resources = new Resources();
  private readonly pageSize: number;
  private position: number;
  private closed = false;
  private holding = false;

  /**
   * @param fd descriptor of a BPF_MAP_TYPE_RINGBUF map
   * @param size its bytes, a power of two
   * @param pageSize the system's
   * @throws SystemError
   */
  constructor(fd: number, size: number, pageSize: number) {
    this.fd = fd;
    this.size = size;
    this.pageSize = pageSize;
    const what = 'cannot map the ring buffer';
    const length = size + Math.min(size, OVERLAP);
    const { resources } = this;
    const first = new MappedMemory(pageSize, 3, fd, 0, what);
    resources.add(() => first.detach([[0, pageSize]]));
    let second: MappedMemory;
    try {
      second = new MappedMemory(pageSize + length, 1, fd, pageSize, what);
    } catch (error) {
      resources.close();
      throw error;
    }
    const { buffer: producer } = second;
    resources.add(() => second.detach(this.kept(producer.byteLength)));
    this.consumer = new BigUint64Array(first.buffer, 0, 1);
    this.producer = new BigUint64Array(producer, 0, 1);
    this.bytes = new Uint8Array(producer, pageSize, length);
    this.words = new Uint32Array(producer, pageSize, length / 4);
    this.atomics = new Int32Array(producer, pageSize, length / 4);
    this.position = Number(this.consumer[0]!);
  }

  /**
   * Hands every finished record to `take`: its offset in `bytes` (8-byte aligned) and length. It may be read during the
   * call, and until `onMove`. `take` returns false to stop after this record.
   * @returns bytes taken out
   */
  drain(take: (offset: number, length: number) => boolean): number {
    const mask = this.size - 1;
    const start = this.position;
    let position = start;
    let released = start;
    const end = this.produced;
    while (position < end) {
      const at = (position % this.size) & mask;
      const header = loadWord(this.atomics, at >> 2) >>> 0;
      if ((header & BUSY) !== 0) break;
      const length = header & ~(BUSY | DISCARDED);
      const before = position;
      position += (length + HEADER + 7) & ~7;
      const more = (header & DISCARDED) !== 0 || take(at + HEADER, length);
      if (this.holding) {
        this.holding = false;
        position = before;
        break;
      }
      if (position - released >= RELEASE_AT && !this.closed) {
        this.release(position);
        released = position;
      }
      // Who is handed a record may close the ring.
      if (!more || this.closed) break;
    }
    this.release(position);
    return position - start;
  }

  /** For `take`: the record is not taken yet, but handed over again by the next `drain`. */
  hold(): void {
    this.holding = true;
  }

  /** Whether so much waits that nothing else should. */
  get isFilling(): boolean {
    return this.produced - this.taken > this.size / 4;
  }

  /** Bytes that the kernel has put in so far, and that were taken out. */
  get produced(): number {
    if (FENCE === null) return Number(Atomics.load(this.producer, 0));
    const position = this.producer[0]!;
    Atomics.add(FENCE, 0, 0);
    return Number(position);
  }
  get taken(): number {
    return this.position;
  }

  private release(position: number): void {
    for (const move of this.onMove) move();
    this.position = position;
    Atomics.store(this.consumer, 0, BigInt(position));
  }

  /** Leaves the kernel's ring. What was handed on last can still be read, as long as somebody has a view of it. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.resources.close();
  }

  /** What views of the `all` bytes of producer's page and data show that are kept. */
  private kept(all: number): (readonly [from: number, to: number])[] {
    const pageSize = this.pageSize;
    const size = this.size;
    const from = (this.position % size) - KEPT;
    const to = from + 2 * KEPT;
    // The producer's page and what lies around the place at hand, at the other end of the ring too, and behind it again.
    return size <= 2 * KEPT
      ? [[0, all]]
      : [
          [0, pageSize],
          [pageSize + Math.max(0, from), pageSize + Math.min(size, to)],
          [pageSize + (from < 0 ? size + from : size), all],
          [pageSize, pageSize + Math.max(0, to - size)],
        ];
  }
}

// Compressed savefiles: the stream of what a decompressor makes of another stream.

import { BrokenStream, type ByteStream } from '../bytestream.js';

/** Compressed bytes read at a time: small, since they may become a thousand times as many. */
const CHUNK = 16 * 1024;
/** Plain bytes from which on they may not be more than this many times as many as the compressed ones: no capture's are. */
const UNSUSPICIOUS = 256 * 1024 * 1024;
const MOST_TIMES = 500;

/** Turns compressed bytes into plain ones, which it hands to the function it was made with. */
export interface Decompressor {
  /**
   * Takes the first of these bytes, valid only until it has, and makes no more than some megabytes of them.
   * Returns how many it took. Throws BrokenStream.
   */
  push(bytes: Uint8Array): number | Promise<number>;
  /** The compressed bytes have ended. Throws BrokenStream when they should not have. */
  finish(): void | Promise<void>;
  close(): void;
}

export type MakeDecompressor = (output: (bytes: Uint8Array) => void) => Decompressor;

export class DecompressedBytes implements ByteStream {
  readonly #below: ByteStream;
  readonly #decompressor: Decompressor;
  readonly #chunk = new Uint8Array(CHUNK);
  /** Compressed bytes that were read and have not been used. */
  #head: Uint8Array;
  /** Plain bytes not yet read, each a buffer of its own. */
  readonly #ready: Uint8Array[] = [];
  #at = 0;
  #ended = false;
  #cancelled = false;
  #error: unknown = null;
  /** Compressed bytes used, and plain ones they became. */
  #used = 0;
  #made = 0;

  /** @param head bytes that were read from `below` already */
  constructor(below: ByteStream, head: Uint8Array, make: MakeDecompressor) {
    this.#below = below;
    this.#head = head;
    this.#decompressor = make((bytes) => {
      this.#made += bytes.length;
      if (bytes.length > 0) this.#ready.push(bytes);
    });
  }

  read(buffer: Uint8Array, offset: number, length: number): number | Promise<number> {
    for (;;) {
      const first = this.#ready[0];
      if (first !== undefined) {
        const count = Math.min(length, first.length - this.#at);
        buffer.set(first.subarray(this.#at, this.#at + count), offset);
        this.#at += count;
        if (this.#at === first.length) {
          this.#ready.shift();
          this.#at = 0;
        }
        return count;
      }
      // What came out before it broke has been read.
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return 0;
      const waiting = this.#more();
      if (waiting instanceof Promise) return waiting.then(() => this.read(buffer, offset, length));
    }
  }

  /** Decompresses some more. */
  #more(): void | Promise<void> {
    try {
      if (this.#made > UNSUSPICIOUS && this.#made > MOST_TIMES * this.#used) {
        throw new BrokenStream(
          `the compressed file becomes more than ${MOST_TIMES} times as large: decompress it first to read all of it`,
        );
      }
      if (this.#head.length > 0) return this.#push();
      const count = this.#below.read(this.#chunk, 0, CHUNK);
      return count instanceof Promise
        ? this.#caught(count.then((got) => this.#take(got)))
        : this.#take(count);
    } catch (error) {
      this.#error = error;
    }
  }

  #take(count: number): void | Promise<void> {
    if (count > 0) {
      this.#head = this.#chunk.subarray(0, count);
      return this.#push();
    }
    this.#ended = true;
    return this.#cancelled ? undefined : this.#caught(this.#decompressor.finish());
  }

  #push(): void | Promise<void> {
    const used = this.#decompressor.push(this.#head.subarray(0, CHUNK));
    if (used instanceof Promise) return this.#caught(used.then((count) => this.#use(count)));
    this.#use(used);
  }

  #use(count: number): void {
    this.#used += count;
    this.#head = this.#head.subarray(count);
  }

  #caught(work: void | Promise<void>): void | Promise<void> {
    if (!(work instanceof Promise)) return;
    return work.catch((error: unknown) => {
      this.#error = error;
    });
  }

  cancel(): void {
    this.#cancelled = true;
    this.#below.cancel();
  }

  close(): void {
    this.#decompressor.close();
    this.#below.close();
  }
}

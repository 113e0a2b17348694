// The bytes of a savefile, in a window that moves over it: one reused buffer, filled in large reads. Decoders parse in
// place and hand packets on as views into the window.

import { BrokenStream, type ByteStream } from '../bytestream.js';
import { SavefileError } from '../errors.js';

/** Window size: large enough for few system calls, small enough to stay in the processor's second cache. */
const WINDOW = 1 << 18;

export class Input {
  /** The window; unread bytes are [start, end). A fill may replace buffer and view. */
  buffer: Uint8Array;
  view: DataView;
  start = 0;
  end = 0;
  /** Offset in the file of buffer[0]. */
  #base = 0;
  #stream: ByteStream;
  /** Called before the window moves: whoever still needs what is in it must take it now. */
  onMove: (() => void) | null = null;

  /** @param path for messages */
  constructor(
    stream: ByteStream,
    readonly path: string,
    size = WINDOW,
  ) {
    this.#stream = stream;
    this.buffer = new Uint8Array(new ArrayBuffer(size));
    this.view = new DataView(this.buffer.buffer);
  }

  /** Offset in the (uncompressed) file of the first unread byte. */
  get position(): number {
    return this.#base + this.start;
  }

  /** The last place in the window that is before `offset` of the file, at most its end. */
  before(offset: number): number {
    return Math.min(this.end, offset - this.#base - 1);
  }

  get available(): number {
    return this.end - this.start;
  }

  /**
   * Reads on. The caller has bounded `needed`; views handed out before are void afterwards.
   * @param needed bytes wanted from `start`
   * @returns how many bytes came (0: the end of the file), perhaps fewer than needed
   */
  fill(needed: number): number | Promise<number> {
    this.onMove?.();
    if (this.start > 0) {
      this.buffer.copyWithin(0, this.start, this.end);
      this.#base += this.start;
      this.end -= this.start;
      this.start = 0;
    }
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(new ArrayBuffer(2 ** Math.ceil(Math.log2(needed))));
      grown.set(this.buffer.subarray(0, this.end));
      this.buffer = grown;
      this.view = new DataView(grown.buffer);
    }
    try {
      const got = this.#stream.read(this.buffer, this.end, this.buffer.length - this.end);
      if (typeof got === 'number') return this.#took(got);
      return got.then(
        (count) => this.#took(count),
        (error) => {
          throw this.#located(error);
        },
      );
    } catch (error) {
      throw this.#located(error);
    }
  }

  /** A broken stream's error says where in the file it is. */
  #located(error: unknown): unknown {
    return error instanceof BrokenStream
      ? new SavefileError(error.message, this.path, this.#base + this.end)
      : error;
  }

  #took(count: number): number {
    this.end += count;
    return count;
  }

  /**
   * Reads until `needed` bytes are there or the file ends: for headers.
   * @returns whether they are there
   */
  async need(needed: number): Promise<boolean> {
    while (this.available < needed) if ((await this.fill(needed)) === 0) return false;
    return true;
  }

  /**
   * Goes on at another place of the file.
   * @returns whether that can be
   */
  seek(position: number): boolean {
    if (this.#stream.seek === undefined) return false;
    this.onMove?.();
    this.#stream.seek(position);
    this.#base = position;
    this.start = 0;
    this.end = 0;
    return true;
  }

  cancel(): void {
    this.#stream.cancel();
  }

  close(): void {
    this.#stream.close();
  }

  /** What lies below, for a decompressor that takes the place of the stream: with the bytes read so far. */
  detach(): { stream: ByteStream; head: Uint8Array } {
    return { stream: this.#stream, head: this.buffer.slice(this.start, this.end) };
  }
}

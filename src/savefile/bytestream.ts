// Where the bytes of savefiles come from.

/** Where bytes come from: a file, a pipe, a decompressor. */
export interface ByteStream {
  /**
   * Puts up to `length` bytes into `buffer` at `offset`.
   * @returns how many (0: the end), or a promise of that when they have to be waited for
   */
  read(buffer: Uint8Array, offset: number, length: number): number | Promise<number>;
  /** Goes on at another place; only where that can be. */
  seek?(position: number): void;
  /** Makes a pending read end now, with 0. */
  cancel(): void;
  close(): void;
}

/** A stream that breaks off or makes no sense: the reason, for the message about the file. */
export class BrokenStream extends Error {}

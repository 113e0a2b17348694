// zstd, by fzstd. Frames are walked here first: fzstd believes any window size, and says nothing of where files end.
// Source: RFC 8878.

import { Decompress } from 'fzstd';
import { BrokenStream, type Decompressor } from './decoder.js';

const MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;
/** Largest window taken, bytes: what the zstd program takes without being asked (--long=27). */
const MAXIMUM_WINDOW = 1 << 27;
const MAXIMUM_FRAME_HEADER = 18;

const State = { FRAME: 0, BLOCK: 1, SKIP: 2 } as const;

export class ZstdDecompressor implements Decompressor {
  readonly #decoder: Decompress;
  #state: number = State.FRAME;
  /** Start of a header that has not come whole yet. */
  #header: Uint8Array = new Uint8Array(0);
  /** Bytes of a block, checksum or skippable frame still to come; then `#next` holds. */
  #skip = 0;
  #next: number = State.FRAME;
  #checksum = 0;
  /** How far the last bytes made sense. */
  #walked = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#decoder = new Decompress((bytes) => output(bytes));
  }

  /** Up to the end of a block: a few bytes may say of each that it is 128 KiB. */
  push(bytes: Uint8Array): number {
    let broken: unknown = null;
    try {
      this.#walk(bytes);
    } catch (error) {
      broken = error;
    }
    // fzstd keeps what it can't use yet.
    this.#decode(bytes.slice(0, this.#walked), false);
    if (broken !== null) throw broken;
    return this.#walked;
  }

  #decode(bytes: Uint8Array, final: boolean): void {
    try {
      this.#decoder.push(bytes, final);
    } catch (error) {
      throw new BrokenStream(`zstd: ${(error as Error).message}`);
    }
  }

  finish(): void {
    if (this.#state !== State.FRAME || this.#header.length > 0) {
      throw new BrokenStream('zstd: unexpected end of file');
    }
    this.#decode(new Uint8Array(0), true);
  }

  close(): void {}

  /** Follows frames and blocks through the bytes, one block at most, and refuses what would take too much memory. */
  #walk(bytes: Uint8Array): void {
    let at = 0;
    this.#walked = 0;
    while (at < bytes.length) {
      if (this.#state === State.SKIP) {
        const count = Math.min(this.#skip, bytes.length - at);
        at += count;
        this.#skip -= count;
        this.#walked = at;
        if (this.#skip > 0) continue;
        this.#state = this.#next;
        return;
      }
      // Headers are gathered byte by byte: they are short and may lie across two pushes.
      const header = new Uint8Array(this.#header.length + 1);
      header.set(this.#header);
      header[this.#header.length] = bytes[at++]!;
      this.#header = header;
      if (this.#state === State.FRAME) this.#frameHeader(header);
      else this.#blockHeader(header);
      this.#walked = at;
    }
  }

  #go(skip: number, next: number): void {
    this.#header = new Uint8Array(0);
    this.#skip = skip;
    this.#next = next;
    this.#state = skip > 0 ? State.SKIP : next;
  }

  #frameHeader(header: Uint8Array): void {
    if (header.length < 5) return;
    const view = new DataView(header.buffer);
    const magic = view.getUint32(0, true);
    if (magic !== MAGIC) {
      if ((magic & 0xffff_fff0) >>> 0 !== SKIPPABLE_MAGIC) throw new BrokenStream('zstd: not a frame');
      if (header.length === 8) this.#go(view.getUint32(4, true), State.FRAME);
      return;
    }
    const descriptor = header[4]!;
    const single = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    const length = 5 + (single ? 0 : 1) + dictionary + sizeBytes;
    if (header.length < length) return;
    if (length > MAXIMUM_FRAME_HEADER) throw new BrokenStream('zstd: bad frame header');
    const window = single ? contentSize(view, length - sizeBytes, sizeBytes) : windowSize(header[5]!);
    if (window > MAXIMUM_WINDOW) {
      throw new BrokenStream(`zstd: window of ${window} bytes is larger than ${MAXIMUM_WINDOW}`);
    }
    if (
      dictionary > 0 &&
      header.subarray(length - sizeBytes - dictionary, length - sizeBytes).some((byte) => byte > 0)
    ) {
      throw new BrokenStream('zstd: compressed with a dictionary');
    }
    this.#checksum = (descriptor & 4) !== 0 ? 4 : 0;
    this.#go(0, State.BLOCK);
  }

  #blockHeader(header: Uint8Array): void {
    if (header.length < 3) return;
    const word = header[0]! | (header[1]! << 8) | (header[2]! << 16);
    const last = (word & 1) !== 0;
    const type = (word >> 1) & 3;
    // A run-length block has one byte, however long it becomes.
    const size = type === 1 ? 1 : word >> 3;
    this.#go(size + (last ? this.#checksum : 0), last ? State.FRAME : State.BLOCK);
  }
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  if (bytes === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

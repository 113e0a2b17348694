// LZ4 frames. Source: lz4's specifications (doc/lz4_Frame_format.md, doc/lz4_Block_format.md).

import { BrokenStream } from '../bytestream.js';
import type { Decompressor } from './decoder.js';
import { XxHash32 } from './xxhash.js';

const MAGIC = 0x184d_2204;
const SKIPPABLE_MAGIC = 0x184d_2a50;
/** How far back a match may reach. */
const HISTORY = 65_536;
const UNCOMPRESSED = 0x8000_0000;
const MINIMUM_MATCH = 4;

const Flag = {
  DICTIONARY: 0x01,
  CONTENT_CHECKSUM: 0x04,
  CONTENT_SIZE: 0x08,
  BLOCK_CHECKSUM: 0x10,
  DEPENDENT: 0x20,
} as const;

/** Largest block, by the number in the frame's descriptor. */
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };

export class Lz4Decompressor implements Decompressor {
  readonly #output: (bytes: Uint8Array) => void;
  /** Bytes that have come and not been used. */
  #pending: Uint8Array = new Uint8Array(0);
  #inFrame = false;
  #skip = 0;
  #flags = 0;
  /** History, then the block being made. */
  #window: Uint8Array = new Uint8Array(0);
  #history = 0;
  #blockSize = 0;
  #hash = new XxHash32();

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
  }

  push(bytes: Uint8Array): number {
    const all = new Uint8Array(this.#pending.length + bytes.length);
    all.set(this.#pending);
    all.set(bytes, this.#pending.length);
    let at = 0;
    for (;;) {
      const used = this.#step(all.subarray(at));
      if (used === 0) break;
      at += used;
    }
    this.#pending = all.subarray(at);
    return bytes.length;
  }

  finish(): void {
    if (this.#inFrame || this.#skip > 0 || this.#pending.length > 0) {
      throw new BrokenStream('lz4: unexpected end of file');
    }
  }

  close(): void {}

  /** Uses one header or block of what is there. Returns how many bytes that took, 0: more are wanted. */
  #step(b: Uint8Array): number {
    if (this.#skip > 0) {
      const count = Math.min(this.#skip, b.length);
      this.#skip -= count;
      return count;
    }
    return this.#inFrame ? this.#block(b) : this.#frameHeader(b);
  }

  #frameHeader(b: Uint8Array): number {
    if (b.length < 7) return 0;
    const magic = u32(b, 0);
    if (magic !== MAGIC) {
      if ((magic & 0xffff_fff0) >>> 0 !== SKIPPABLE_MAGIC) throw new BrokenStream('lz4: not a frame');
      if (b.length < 8) return 0;
      this.#skip = u32(b, 4);
      return 8;
    }
    const flags = b[4]!;
    if (flags >> 6 !== 1) throw new BrokenStream(`lz4: unknown version ${flags >> 6}`);
    if ((flags & Flag.DICTIONARY) !== 0) throw new BrokenStream('lz4: compressed with a dictionary');
    const length = 6 + ((flags & Flag.CONTENT_SIZE) !== 0 ? 8 : 0) + 1;
    if (b.length < length) return 0;
    if (((new XxHash32().update(b.subarray(4, length - 1)).digest() >> 8) & 0xff) !== b[length - 1]) {
      throw new BrokenStream('lz4: frame header has a wrong checksum');
    }
    const blockSize = BLOCK_SIZES[(b[5]! >> 4) & 7];
    if (blockSize === undefined) throw new BrokenStream('lz4: unknown block size');
    this.#flags = flags;
    this.#blockSize = blockSize;
    if (this.#window.length < HISTORY + blockSize) this.#window = new Uint8Array(HISTORY + blockSize);
    this.#history = 0;
    this.#hash = new XxHash32();
    this.#inFrame = true;
    return length;
  }

  #block(b: Uint8Array): number {
    if (b.length < 4) return 0;
    const word = u32(b, 0);
    if (word === 0) {
      const length = (this.#flags & Flag.CONTENT_CHECKSUM) !== 0 ? 8 : 4;
      if (b.length < length) return 0;
      if (length === 8 && u32(b, 4) !== this.#hash.digest())
        throw new BrokenStream('lz4: content has a wrong checksum');
      this.#inFrame = false;
      return length;
    }
    const size = word & 0x7fff_ffff;
    if (size > this.#blockSize)
      throw new BrokenStream(`lz4: block of ${size} bytes is larger than ${this.#blockSize}`);
    const length = 4 + size + ((this.#flags & Flag.BLOCK_CHECKSUM) !== 0 ? 4 : 0);
    if (b.length < length) return 0;
    const data = b.subarray(4, 4 + size);
    if (
      (this.#flags & Flag.BLOCK_CHECKSUM) !== 0 &&
      u32(b, 4 + size) !== new XxHash32().update(data).digest()
    ) {
      throw new BrokenStream('lz4: block has a wrong checksum');
    }
    const window = this.#window;
    const start = this.#history;
    let end: number;
    if (word >= UNCOMPRESSED) {
      window.set(data, start);
      end = start + size;
    } else end = decompressBlock(data, window, start, start + this.#blockSize);
    const made = window.slice(start, end);
    if ((this.#flags & Flag.CONTENT_CHECKSUM) !== 0) this.#hash.update(made);
    this.#output(made);
    if ((this.#flags & Flag.DEPENDENT) !== 0) this.#history = 0;
    else {
      const kept = Math.min(end, HISTORY);
      window.copyWithin(0, end - kept, end);
      this.#history = kept;
    }
    return length;
  }
}

/**
 * @param from a compressed block
 * @param to gets the plain bytes at `start`; what lies before may be referred to
 * @param limit where they have to end at the latest
 * @returns where they end
 */
function decompressBlock(from: Uint8Array, to: Uint8Array, start: number, limit: number): number {
  let at = 0;
  let out = start;
  while (at < from.length) {
    const token = from[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      const more = moreLength(from, at);
      at += Math.floor(more / 255) + 1;
      literals += more;
    }
    if (at + literals > from.length || out + literals > limit) broken();
    for (let i = 0; i < literals; i++) to[out + i] = from[at + i]!;
    at += literals;
    out += literals;
    // The last sequence has no match.
    if (at === from.length) return out;
    if (at + 2 > from.length) broken();
    const back = from[at]! | (from[at + 1]! << 8);
    at += 2;
    let match = (token & 15) + MINIMUM_MATCH;
    if ((token & 15) === 15) {
      const more = moreLength(from, at);
      at += Math.floor(more / 255) + 1;
      match += more;
    }
    if (back === 0 || back > out || out + match > limit) broken();
    for (let i = 0; i < match; i++) to[out + i] = to[out - back + i]!;
    out += match;
  }
  return out;
}

/** The bytes of a length that goes on at a place, summed up: the last is the first below 255. */
function moreLength(from: Uint8Array, start: number): number {
  for (let at = start; at < from.length; at++) {
    if (from[at] !== 255) return (at - start) * 255 + from[at]!;
  }
  return broken();
}

function broken(): never {
  throw new BrokenStream('lz4: bad block');
}

function u32(b: Uint8Array, at: number): number {
  return (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;
}

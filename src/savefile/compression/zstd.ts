// zstd frames. Source: RFC 8878.

import { BrokenStream } from '../bytestream.js';
import type { Decompressor } from './decoder.js';
import { XxHash64 } from './xxhash64.js';
import { MAXIMUM_BLOCK, ZstdBlocks } from './zstdblock.js';

const MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;
/** Largest window taken, bytes: what the zstd program takes without being asked (--long=27). */
const MAXIMUM_WINDOW = 1 << 27;
const MAXIMUM_FRAME_HEADER = 18;
/** Plain bytes made before the window moves. */
const STRIDE = 4 << 20;
/** Bytes behind a block that readers of bits may look at. */
const SLACK = 8;

const State = { FRAME: 0, BLOCK: 1, BODY: 2, SKIP: 3, CHECKSUM: 4 } as const;
/** Bytes of the checksum behind a frame's last block. */
const CHECKSUM_LENGTH = 4;
const BlockType = { RAW: 0, SINGLE: 1, COMPRESSED: 2 } as const;

export class ZstdDecompressor implements Decompressor {
  readonly #output: (bytes: Uint8Array) => void;
  readonly #blocks = new ZstdBlocks();
  #state: number = State.FRAME;
  /** Bytes of a header or block that have come so far, and how many. */
  readonly #gathered = new Uint8Array(MAXIMUM_BLOCK + SLACK);
  #count = 0;
  /** Of the block at hand: its kind, its bytes here, its bytes when it is one byte repeated, whether it is the last. */
  #type = 0;
  #size = 0;
  #repeated = 0;
  #last = false;
  /** Bytes of a skippable frame still to come. */
  #skip = 0;
  /** Whether the frame ends with a checksum, and that of its plain bytes so far. */
  #checked = false;
  readonly #hash = new XxHash64();
  /** What a block may refer to: the plain bytes before it, [#oldest, #end) of the buffer, which grows as they come. */
  #buffer: Uint8Array = new Uint8Array(0);
  #windowSize = 0;
  #end = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
  }

  /** Up to the end of a block: a few bytes may say of each that it is 128 KiB. */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#state) {
        case State.SKIP: {
          const count = Math.min(this.#skip, bytes.length - at);
          at += count;
          this.#skip -= count;
          if (this.#skip === 0) this.#state = State.FRAME;
          break;
        }
        case State.BODY: {
          const count = Math.min(this.#size - this.#count, bytes.length - at);
          this.#gathered.set(bytes.subarray(at, at + count), this.#count);
          this.#count += count;
          at += count;
          if (this.#count < this.#size) break;
          this.#block();
          return at;
        }
        default:
          // Headers are gathered byte by byte: they are short and may lie across two pushes.
          this.#gathered[this.#count++] = bytes[at++]!;
          if (this.#state === State.FRAME) this.#frameHeader();
          else if (this.#state === State.CHECKSUM) this.#checksum();
          else if (this.#blockHeader()) return at;
      }
    }
    return at;
  }

  finish(): void {
    if (this.#state !== State.FRAME || this.#count > 0) {
      throw new BrokenStream('zstd: unexpected end of file');
    }
  }

  close(): void {}

  #go(state: number): void {
    this.#state = state;
    this.#count = 0;
  }

  #frameHeader(): void {
    const header = this.#gathered;
    const count = this.#count;
    if (count < 5) return;
    const view = new DataView(header.buffer);
    const magic = view.getUint32(0, true);
    if (magic !== MAGIC) {
      if ((magic & 0xffff_fff0) >>> 0 !== SKIPPABLE_MAGIC) throw new BrokenStream('zstd: not a frame');
      if (count < 8) return;
      this.#skip = view.getUint32(4, true);
      this.#go(this.#skip > 0 ? State.SKIP : State.FRAME);
      return;
    }
    const descriptor = header[4]!;
    const single = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    const length = 5 + (single ? 0 : 1) + dictionary + sizeBytes;
    if (count < length) return;
    if (length > MAXIMUM_FRAME_HEADER) throw new BrokenStream('zstd: bad frame header');
    const window = single ? contentSize(view, length - sizeBytes, sizeBytes) : windowSize(header[5]!);
    if (window > MAXIMUM_WINDOW) {
      throw new BrokenStream(`zstd: window of ${window} bytes is larger than ${MAXIMUM_WINDOW}`);
    }
    const from = length - sizeBytes - dictionary;
    if (header.subarray(from, from + dictionary).some((byte) => byte > 0)) {
      throw new BrokenStream('zstd: compressed with a dictionary');
    }
    this.#checked = (descriptor & 4) !== 0;
    this.#hash.reset();
    this.#windowSize = window;
    this.#end = 0;
    this.#blocks.reset();
    this.#go(State.BLOCK);
  }

  /** Returns whether that was a whole block. */
  #blockHeader(): boolean {
    const b = this.#gathered;
    if (this.#count < 3) return false;
    const word = b[0]! | (b[1]! << 8) | (b[2]! << 16);
    this.#last = (word & 1) !== 0;
    this.#type = (word >> 1) & 3;
    const size = word >> 3;
    if (this.#type > BlockType.COMPRESSED || size > MAXIMUM_BLOCK) throw new BrokenStream('zstd: bad block');
    this.#repeated = size;
    // A block of one byte repeated has that byte, however long it becomes.
    this.#size = this.#type === BlockType.SINGLE ? 1 : size;
    this.#go(State.BODY);
    if (this.#size > 0) return false;
    this.#block();
    return true;
  }

  /** Turns the block gathered into plain bytes. */
  #block(): void {
    this.#room();
    const start = this.#end;
    const buffer = this.#buffer;
    if (this.#type === BlockType.RAW) {
      buffer.set(this.#gathered.subarray(0, this.#size), start);
      this.#end += this.#size;
    } else if (this.#type === BlockType.SINGLE) {
      buffer.fill(this.#gathered[0]!, start, start + this.#repeated);
      this.#end += this.#repeated;
    } else {
      const oldest = Math.max(0, start - this.#windowSize);
      const limit = start + MAXIMUM_BLOCK;
      this.#end = this.#blocks.decompress(this.#gathered, this.#size, buffer, oldest, start, limit);
    }
    const made = buffer.slice(start, this.#end);
    if (this.#checked) this.#hash.update(made);
    this.#output(made);
    this.#go(this.#last ? (this.#checked ? State.CHECKSUM : State.FRAME) : State.BLOCK);
  }

  #checksum(): void {
    if (this.#count < CHECKSUM_LENGTH) return;
    const told = new DataView(this.#gathered.buffer).getUint32(0, true);
    if (told !== this.#hash.low()) throw new BrokenStream('zstd: content has a wrong checksum');
    this.#go(State.FRAME);
  }

  /** Makes room for a block behind what there is: the buffer grows, or its oldest bytes go. */
  #room(): void {
    const wanted = this.#end + MAXIMUM_BLOCK;
    if (wanted <= this.#buffer.length) return;
    const most = this.#windowSize + STRIDE;
    if (this.#buffer.length < most) {
      const grown = new Uint8Array(Math.min(most, Math.max(2 * wanted, 4 * MAXIMUM_BLOCK)));
      grown.set(this.#buffer.subarray(0, this.#end));
      this.#buffer = grown;
      if (wanted <= grown.length) return;
    }
    const kept = Math.min(this.#windowSize, this.#end);
    this.#buffer.copyWithin(0, this.#end - kept, this.#end);
    this.#end = kept;
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

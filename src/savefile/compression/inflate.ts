// gzip without zlib: for where there is no Node. Says of broken files what zlib says. Source: RFC 1951, RFC 1952.

import { BrokenStream } from '../bytestream.js';
import type { Decompressor } from './decoder.js';
import { Bits, Huffman, LACKING } from './huffman.js';

/** How far back a match may reach, and plain bytes handed on at a time. */
const HISTORY = 32 * 1024;
const CHUNK = 256 * 1024;
const LONGEST_MATCH = 258;
/** Compressed bytes taken at a time: each becomes a thousand at most. */
const PUSHED = 4096;

const Flag = { HEADER_CHECK: 2, EXTRA: 4, NAME: 8, COMMENT: 16, RESERVED: 0xe0 } as const;

/** Order of the lengths of the code for code lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
const distanceBits = (symbol: number): number => Math.max(0, (symbol >> 1) - 1);

const CRC = new Uint32Array(256).map((_, i) => {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

function crcOf(crc: number, b: Uint8Array, start: number, end: number): number {
  crc = ~crc;
  for (let i = start; i < end; i++) crc = CRC[(crc ^ b[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

let fixed: readonly [Huffman, Huffman] | null = null;

/** The codes of blocks that bring none. */
function fixedCodes(): readonly [Huffman, Huffman] {
  if (fixed === null) {
    const lengths = new Uint8Array(288).map((_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    fixed = [new Huffman(lengths, 'literal/lengths'), new Huffman(new Uint8Array(32).fill(5), 'distances')];
  }
  return fixed;
}

/** What comes next in the file. */
type Step = 'member' | 'block' | 'stored' | 'symbols' | 'trailer' | 'between' | 'padding';

export class GzipDecompressor implements Decompressor {
  readonly #output: (bytes: Uint8Array) => void;
  readonly #bits = new Bits();
  /** History, then what was made and not handed on. */
  readonly #window = new Uint8Array(HISTORY + CHUNK + LONGEST_MATCH);
  #handed = 0;
  #at = 0;
  #step: Step = 'member';
  #last = false;
  /** Bytes left of a stored block. */
  #stored = 0;
  #codes: readonly [Huffman, Huffman] = fixedCodes();
  /** Of the member at hand: check value, and plain bytes. */
  #crc = 0;
  #length = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
  }

  push(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, PUSHED);
    const bits = this.#bits;
    bits.giveBack();
    const rest = bits.bytes.length - bits.at;
    const all = new Uint8Array(rest + count);
    all.set(bits.bytes.subarray(bits.at));
    all.set(bytes.subarray(0, count), rest);
    bits.bytes = all;
    bits.at = 0;
    try {
      while (this.#next());
    } finally {
      this.#handOn();
    }
    return count;
  }

  finish(): void {
    if (this.#step !== 'between' && this.#step !== 'padding')
      throw new BrokenStream('gzip: unexpected end of file');
  }

  close(): void {}

  /** One step; where the bytes end within it, back to its beginning. @returns whether there may be another */
  #next(): boolean {
    const bits = this.#bits;
    const { at, held, count } = bits;
    try {
      return this.#take();
    } catch (error) {
      if (error !== LACKING) throw error;
      // Symbols go back to the last one that was whole themselves.
      if (this.#step !== 'symbols') {
        bits.at = at;
        bits.held = held;
        bits.count = count;
      }
      return false;
    }
  }

  #take(): boolean {
    const bits = this.#bits;
    switch (this.#step) {
      case 'between':
        if (bits.at === bits.bytes.length) return false;
        this.#step = bits.bytes[bits.at] === 0 ? 'padding' : 'member';
        return true;
      case 'padding':
        bits.at = bits.bytes.length;
        return false;
      case 'member':
        this.#member();
        return true;
      case 'block':
        this.#block();
        return true;
      case 'stored':
        return this.#copy();
      case 'symbols':
        this.#symbols();
        return true;
      case 'trailer':
        this.#trailer();
        return true;
    }
  }

  #member(): void {
    const bits = this.#bits;
    const start = bits.at;
    const byte = (): number => bits.take(8);
    if (byte() !== 0x1f || byte() !== 0x8b) throw new BrokenStream('gzip: incorrect header check');
    if (byte() !== 8) throw new BrokenStream('gzip: unknown compression method');
    const flags = byte();
    if ((flags & Flag.RESERVED) !== 0) throw new BrokenStream('gzip: unknown header flags set');
    for (let i = 0; i < 6; i++) byte();
    if ((flags & Flag.EXTRA) !== 0) for (let left = bits.take(16); left > 0; left--) byte();
    // Names may be of any length: what has been looked through once is not kept for more.
    for (const flag of [Flag.NAME, Flag.COMMENT])
      if ((flags & flag) !== 0) for (let length = 0; byte() !== 0; length++) tooLong(length);
    if ((flags & Flag.HEADER_CHECK) !== 0) {
      const crc = crcOf(0, bits.bytes, start, bits.at) & 0xffff;
      if (bits.take(16) !== crc) throw new BrokenStream('gzip: header crc mismatch');
    }
    this.#crc = 0;
    this.#length = 0;
    this.#handed = 0;
    this.#at = 0;
    this.#step = 'block';
  }

  #block(): void {
    const bits = this.#bits;
    const last = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 3) throw new BrokenStream('gzip: invalid block type');
    if (kind === 0) {
      bits.align();
      const length = bits.take(16);
      if (bits.take(16) !== (length ^ 0xffff)) throw new BrokenStream('gzip: invalid stored block lengths');
      this.#stored = length;
      this.#step = 'stored';
    } else {
      this.#codes = kind === 1 ? fixedCodes() : this.#readCodes();
      this.#step = 'symbols';
    }
    this.#last = last;
  }

  #readCodes(): readonly [Huffman, Huffman] {
    const bits = this.#bits;
    const literals = bits.take(5) + 257;
    const distances = bits.take(5) + 1;
    const count = bits.take(4) + 4;
    if (literals > 286 || distances > 30) throw new BrokenStream('gzip: too many length or distance symbols');
    const small = new Uint8Array(19);
    for (let i = 0; i < count; i++) small[ORDER[i]!] = bits.take(3);
    const code = new Huffman(small, 'code lengths');
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = code.read(bits);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      const value = symbol === 16 ? lengths[i - 1] : 0;
      const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      if (value === undefined || i + times > lengths.length)
        throw new BrokenStream('gzip: invalid bit length repeat');
      lengths.fill(value, i, i + times);
      i += times;
    }
    if (lengths[256] === 0) throw new BrokenStream('gzip: invalid code -- missing end-of-block');
    return [
      new Huffman(lengths.subarray(0, literals), 'literal/lengths', true),
      new Huffman(lengths.subarray(literals), 'distances', true),
    ];
  }

  /** Bytes of a stored block. @returns whether that was all of it */
  #copy(): boolean {
    const bits = this.#bits;
    while (this.#stored > 0) {
      this.#makeRoom();
      const room = HISTORY + CHUNK - this.#at;
      const count = Math.min(this.#stored, bits.bytes.length - bits.at, room);
      if (count === 0) return false;
      this.#window.set(bits.bytes.subarray(bits.at, bits.at + count), this.#at);
      bits.at += count;
      this.#at += count;
      this.#stored -= count;
    }
    this.#step = this.#last ? 'trailer' : 'block';
    return true;
  }

  #symbols(): void {
    const bits = this.#bits;
    const window = this.#window;
    const [literals, distances] = this.#codes;
    let { at, held, count } = bits;
    try {
      for (;;) {
        at = bits.at;
        held = bits.held;
        count = bits.count;
        const symbol = literals.read(bits);
        if (this.#at >= HISTORY + CHUNK) this.#makeRoom();
        if (symbol < 256) {
          window[this.#at++] = symbol;
          continue;
        }
        if (symbol === 256) break;
        if (symbol > 285) throw new BrokenStream('gzip: invalid literal/length code');
        const length = LENGTHS[symbol - 257]! + bits.take(LENGTH_BITS[symbol - 257]!);
        const code = distances.read(bits);
        if (code > 29) throw new BrokenStream('gzip: invalid distance code');
        const distance = DISTANCES[code]! + bits.take(distanceBits(code));
        const to = this.#at;
        if (distance > to) throw new BrokenStream('gzip: invalid distance too far back');
        for (let i = 0; i < length; i++) window[to + i] = window[to + i - distance]!;
        this.#at = to + length;
      }
    } catch (error) {
      if (error === LACKING) {
        bits.at = at;
        bits.held = held;
        bits.count = count;
      }
      throw error;
    }
    this.#step = this.#last ? 'trailer' : 'block';
  }

  #trailer(): void {
    const bits = this.#bits;
    bits.align();
    this.#handOn();
    const crc = (bits.take(16) | (bits.take(16) << 16)) >>> 0;
    const length = (bits.take(16) | (bits.take(16) << 16)) >>> 0;
    if (crc !== this.#crc) throw new BrokenStream('gzip: incorrect data check');
    if (length !== this.#length) throw new BrokenStream('gzip: incorrect length check');
    this.#step = 'between';
  }

  /** Hands on what was made. */
  #handOn(): void {
    const from = this.#handed;
    const to = this.#at;
    if (from === to) return;
    this.#crc = crcOf(this.#crc, this.#window, from, to);
    this.#length = (this.#length + to - from) >>> 0;
    this.#handed = to;
    this.#output(this.#window.slice(from, to));
  }

  /** When the window is full, the history goes to its beginning. */
  #makeRoom(): void {
    if (this.#at < HISTORY + CHUNK) return;
    this.#handOn();
    this.#window.copyWithin(0, this.#at - HISTORY, this.#at);
    this.#at = HISTORY;
    this.#handed = HISTORY;
  }
}

/** Where a file's name would take more memory than a file's name may. */
function tooLong(length: number): void {
  if (length > 1 << 20) throw new BrokenStream('gzip: the name in its header is too long');
}

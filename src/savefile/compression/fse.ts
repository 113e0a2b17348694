// zstd's entropy coding: bits read backwards, FSE tables, Huffman tables. Source: RFC 8878, section 4.

import { BrokenStream } from '../bytestream.js';

export function broken(): never {
  throw new BrokenStream('zstd: bad block');
}

/** Position of the highest bit that is set, of a number above 0. */
function highBit(value: number): number {
  return 31 - Math.clz32(value);
}

/** Bits of a stretch of bytes, the last first. The buffer goes on for 4 bytes at least. */
export class BackwardBits {
  /** Bits not read yet; below 0: more were read than there are, as zeros. */
  left = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

  /** The highest bit set in the last byte only says where they begin. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    const last = end > start ? bytes[end - 1]! : 0;
    if (last === 0) broken();
    this.#bytes = bytes;
    this.#start = start;
    this.left = (end - start - 1) * 8 + highBit(last);
  }

  /** @param count at most 24 */
  read(count: number): number {
    this.left -= count;
    return this.#at(this.left, count);
  }

  /** As read, without moving on. */
  peek(count: number): number {
    return this.#at(this.left - count, count);
  }

  #at(bit: number, count: number): number {
    if (bit < 0) return bit + count <= 0 ? 0 : (this.#at(0, bit + count) << -bit) >>> 0;
    const bytes = this.#bytes;
    const at = this.#start + (bit >> 3);
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    return (word >>> (bit & 7)) & ((1 << count) - 1);
  }
}

/** What each state stands for, and how the next one is found: `base` and so many more bits. */
export interface FseTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A table of one symbol, which takes no bits. */
export function singleSymbol(symbol: number): FseTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** @param frequencies of the symbols, -1 for less than one; they add up to 2^accuracy */
export function fseTable(frequencies: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  const next = new Uint16Array(frequencies.length);
  let high = size;
  frequencies.forEach((frequency, symbol) => {
    if (frequency >= 0) next[symbol] = frequency;
    else {
      symbols[--high] = symbol;
      next[symbol] = 1;
    }
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  frequencies.forEach((frequency, symbol) => {
    for (let i = 0; i < frequency; i++) {
      symbols[at] = symbol;
      // Ends: there are as many places below `high` as frequencies above 0 say, and steps reach them all.
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  for (let state = 0; state < size; state++) {
    const value = next[symbols[state]!]!++;
    bits[state] = accuracy - highBit(value);
    bases[state] = (value << bits[state]!) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/**
 * Reads a table's description.
 * @param most highest symbol it may have
 * @returns the table and where its description ends
 */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  mostAccuracy: number,
  most: number,
): { table: FseTable; end: number } {
  let bit = start * 8;
  const peek = (count: number): number => {
    const at = bit >> 3;
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    return (word >> (bit & 7)) & ((1 << count) - 1);
  };
  if (start >= end) broken();
  const accuracy = peek(4) + 5;
  bit += 4;
  if (accuracy > mostAccuracy) broken();
  let left = 1 << accuracy;
  const frequencies: number[] = [];
  while (left > 0) {
    if (frequencies.length > most || bit > end * 8) broken();
    const count = highBit(left + 1) + 1;
    const low = (1 << (count - 1)) - 1;
    // So many small values take a bit less.
    const short = (1 << count) - 2 - left;
    let value = peek(count);
    if ((value & low) < short) {
      value &= low;
      bit += count - 1;
    } else {
      if (value > low) value -= short;
      bit += count;
    }
    const frequency = value - 1;
    left -= frequency < 0 ? 1 : frequency;
    frequencies.push(frequency);
    if (frequency !== 0) continue;
    for (let repeat = 3; repeat === 3; ) {
      repeat = peek(2);
      bit += 2;
      for (let i = 0; i < repeat; i++) frequencies.push(0);
      if (frequencies.length > most + 1 || bit > end * 8) broken();
    }
  }
  const after = (bit + 7) >> 3;
  if (left !== 0 || after > end || frequencies.length > most + 1) broken();
  return { table: fseTable(frequencies, accuracy), end: after };
}

/** By the next bits of a stream: a symbol and how many of them are its own. */
export interface HuffmanTable {
  readonly width: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

const MOST_HUFFMAN_BITS = 11;
const WEIGHTS_ACCURACY = 6;

/** Reads a Huffman table's description. Returns the table and where the description ends. */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
  end: number,
): { table: HuffmanTable; end: number } {
  if (start >= end) broken();
  const head = bytes[start]!;
  const weights: number[] = [];
  let after: number;
  if (head >= 128) {
    const count = head - 127;
    after = start + 1 + ((count + 1) >> 1);
    if (after > end) broken();
    for (let i = 0; i < count; i++) {
      const pair = bytes[start + 1 + (i >> 1)]!;
      weights.push(i % 2 === 0 ? pair >> 4 : pair & 15);
    }
  } else {
    after = start + 1 + head;
    if (after > end) broken();
    codedWeights(bytes, start + 1, after, weights);
  }
  return { table: huffmanTable(weights), end: after };
}

/** Two states take turns until the bits are used up. */
function codedWeights(bytes: Uint8Array, start: number, end: number, weights: number[]): void {
  const { table, end: from } = readFseTable(bytes, start, end, WEIGHTS_ACCURACY, MOST_HUFFMAN_BITS + 1);
  const stream = new BackwardBits();
  stream.begin(bytes, from, end);
  let state = stream.read(table.accuracy);
  let other = stream.read(table.accuracy);
  if (stream.left < 0) broken();
  for (;;) {
    weights.push(table.symbols[state]!);
    const bits = table.bits[state]!;
    if (stream.left < bits) {
      weights.push(table.symbols[other]!);
      break;
    }
    const next = table.bases[state]! + stream.read(bits);
    state = other;
    other = next;
    // States that take no bits would go on for ever.
    if (weights.length > 254) broken();
  }
  if (weights.length > 255) broken();
}

/** The last weight is not written: it is what makes the sum a power of 2. */
function huffmanTable(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MOST_HUFFMAN_BITS + 1) broken();
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0) broken();
  const width = highBit(sum) + 1;
  const rest = (1 << width) - sum;
  if (width > MOST_HUFFMAN_BITS || (rest & (rest - 1)) !== 0) broken();
  weights.push(highBit(rest) + 1);
  const symbols = new Uint8Array(1 << width);
  const bits = new Uint8Array(1 << width);
  let at = 0;
  for (let weight = 1; weight <= width; weight++) {
    for (let symbol = 0; symbol < weights.length; symbol++) {
      if (weights[symbol] !== weight) continue;
      const span = 1 << (weight - 1);
      symbols.fill(symbol, at, at + span);
      bits.fill(width + 1 - weight, at, at + span);
      at += span;
    }
  }
  return { width, symbols, bits };
}

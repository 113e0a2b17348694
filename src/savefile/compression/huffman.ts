// Huffman codes of DEFLATE (RFC 1951 3.2), read from bits that come as they like.

import { BrokenStream } from '../bytestream.js';

/** Longest code, and the bits that one look at the table tells. */
const LONGEST = 15;
const ROOT = 9;

/** Thrown where the bits that have come end, and caught where reading goes on when there are more. One object: it is thrown often. */
export const LACKING = new Error('more bits are wanted');

/** Bits, the lowest of each byte first. */
export class Bits {
  bytes: Uint8Array = new Uint8Array(0);
  /** Next byte that has not been taken into `held`. */
  at = 0;
  held = 0;
  count = 0;

  /** @returns the next `wanted` bits, 16 at most */
  take(wanted: number): number {
    while (this.count < wanted) {
      if (this.at >= this.bytes.length) throw LACKING;
      this.held |= this.bytes[this.at++]! << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << wanted) - 1);
    this.held >>>= wanted;
    this.count -= wanted;
    return value;
  }

  /** Gives back whole bytes that are held. */
  giveBack(): void {
    this.at -= this.count >> 3;
    this.count &= 7;
    this.held &= (1 << this.count) - 1;
  }

  /** Passes over the rest of the byte at hand. */
  align(): void {
    this.giveBack();
    this.held = 0;
    this.count = 0;
  }
}

export class Huffman {
  /** By the next bits: symbol * 16 + length of its code; 0: it is longer. */
  private readonly root = new Uint16Array(1 << ROOT);
  /** Codes of each length, and the symbols in the order of their codes. */
  private readonly counts = new Uint16Array(LONGEST + 1);
  private readonly symbols: Uint16Array;

  /**
   * @param lengths of the symbols' codes, 0: it has none
   * @param what for the message when they are no code
   * @param single whether one code of one bit will do, and no code at all
   */
  constructor(lengths: Uint8Array, what: string, single = false) {
    const { counts, root } = this;
    for (const length of lengths) counts[length]!++;
    const coded = lengths.length - counts[0]!;
    counts[0] = 0;
    const next = new Uint16Array(LONGEST + 2);
    const codes = new Uint16Array(LONGEST + 2);
    let left = 1;
    for (let length = 1; length <= LONGEST; length++) {
      left = left * 2 - counts[length]!;
      if (left < 0) throw new BrokenStream(`gzip: invalid ${what} set`);
      next[length + 1] = next[length]! + counts[length]!;
      codes[length + 1] = (codes[length]! + counts[length]!) << 1;
    }
    if (left > 0 && !(single && (coded === 0 || (coded === 1 && counts[1] === 1))))
      throw new BrokenStream(`gzip: invalid ${what} set`);
    this.symbols = new Uint16Array(coded);
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!;
      if (length === 0) continue;
      this.symbols[next[length]!++] = symbol;
      const code = codes[length]!++;
      if (length > ROOT) continue;
      for (let i = reversed(code, length); i < 1 << ROOT; i += 1 << length) root[i] = symbol * 16 + length;
    }
  }

  /** @returns the next symbol */
  read(bits: Bits): number {
    while (bits.count < ROOT && bits.at < bits.bytes.length) {
      bits.held |= bits.bytes[bits.at++]! << bits.count;
      bits.count += 8;
    }
    const entry = this.root[bits.held & ((1 << ROOT) - 1)]!;
    const length = entry & 15;
    if (length === 0) return this.slow(bits);
    if (length > bits.count) throw LACKING;
    bits.held >>>= length;
    bits.count -= length;
    return entry >> 4;
  }

  /** Bit by bit: codes of one length are one behind the other. */
  private slow(bits: Bits): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code |= bits.take(1);
      const count = this.counts[length]!;
      if (code - count < first) return this.symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new BrokenStream('gzip: invalid code');
  }
}

function reversed(code: number, length: number): number {
  let turned = 0;
  for (let i = 0; i < length; i++) turned |= ((code >> i) & 1) << (length - 1 - i);
  return turned;
}

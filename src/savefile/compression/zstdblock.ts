// A compressed block of zstd: literals, and the sequences that say how they and what came before become the plain bytes.
// Source: RFC 8878, section 3.1.1.3.

import {
  BackwardBits,
  broken,
  type FseTable,
  fseTable,
  type HuffmanTable,
  readFseTable,
  readHuffmanTable,
  singleSymbol,
} from './fse.js';

/** Largest block, before and after. */
export const MAXIMUM_BLOCK = 128 * 1024;

/** What codes stand for: a number and so many bits to be added to it. */
function codes(
  plain: number,
  first: number,
  bits: readonly number[],
): { bases: Uint32Array; bits: Uint8Array } {
  const all = [...new Array<number>(plain).fill(0), ...bits];
  let base = first;
  const bases = all.map((count) => {
    const own = base;
    base += 2 ** count;
    return own;
  });
  return { bases: Uint32Array.from(bases), bits: Uint8Array.from(all) };
}

const LITERAL_LENGTHS = codes(16, 0, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const MATCH_LENGTHS = codes(32, 3, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
/** Offsets of more bits lie beyond the largest window. */
const MOST_OFFSET_CODE = 27;

/** The three kinds of code, in the order their tables come: accuracy at most, highest symbol, table when none is given. */
const times = (value: number, count: number): number[] => new Array<number>(count).fill(value);
const KINDS = [
  {
    accuracy: 9,
    most: 35,
    usual: fseTable(
      [4, 3, ...times(2, 11), 1, 1, 1, ...times(2, 9), 3, 2, ...times(1, 5), ...times(-1, 4)],
      6,
    ),
  },
  {
    accuracy: 8,
    most: 31,
    usual: fseTable([...times(1, 6), 2, 2, 2, ...times(1, 15), ...times(-1, 5)], 5),
  },
  {
    accuracy: 9,
    most: 52,
    usual: fseTable([1, 4, 3, ...times(2, 6), ...times(1, 37), ...times(-1, 7)], 6),
  },
] as const;

const Mode = { USUAL: 0, SINGLE: 1, TABLE: 2 } as const;
const LiteralsType = { RAW: 0, SINGLE: 1, HUFFMAN: 2 } as const;

/** Decompresses the blocks of one frame after the other: what they have in common is kept from one to the next. */
export class ZstdBlocks {
  readonly #literals = new Uint8Array(MAXIMUM_BLOCK);
  #literalCount = 0;
  /** Of them, how many the sequences have taken. */
  #literal = 0;
  #huffman: HuffmanTable | null = null;
  #tables: (FseTable | null)[] = [null, null, null];
  #repeats = [1, 4, 8];
  readonly #bits = new BackwardBits();

  /** A frame begins. */
  reset(): void {
    this.#huffman = null;
    this.#tables = [null, null, null];
    this.#repeats = [1, 4, 8];
  }

  /**
   * @param from the block is [0, length); 4 bytes more are there
   * @param to gets the plain bytes at `start`; what lies before, from `oldest` on, may be referred to
   * @param limit where they have to end at the latest
   * @returns where they end
   */
  decompress(
    from: Uint8Array,
    length: number,
    to: Uint8Array,
    oldest: number,
    start: number,
    limit: number,
  ): number {
    return this.#sequences(from, this.#readLiterals(from, length), length, to, oldest, start, limit);
  }

  /** Returns where the sequences begin. */
  #readLiterals(b: Uint8Array, length: number): number {
    if (length < 1) broken();
    const type = b[0]! & 3;
    return type === LiteralsType.RAW || type === LiteralsType.SINGLE
      ? this.#readPlainLiterals(b, length, type)
      : this.#readPackedLiterals(b, length, type);
  }

  #readPlainLiterals(b: Uint8Array, length: number, type: number): number {
    const format = (b[0]! >> 2) & 3;
    const head = format === 1 ? 2 : format === 3 ? 3 : 1;
    const size = format === 1 ? u16(b, 0) >> 4 : format === 3 ? u24(b, 0) >> 4 : b[0]! >> 3;
    const taken = type === LiteralsType.RAW ? size : 1;
    if (size > MAXIMUM_BLOCK || head + taken > length) broken();
    if (type === LiteralsType.RAW) this.#literals.set(b.subarray(head, head + size));
    else this.#literals.fill(b[head]!, 0, size);
    this.#literalCount = size;
    return head + taken;
  }

  #readPackedLiterals(b: Uint8Array, length: number, type: number): number {
    const format = (b[0]! >> 2) & 3;
    const head = format < 2 ? 3 : format + 2;
    if (head > length) broken();
    const width = format < 2 ? 10 : format === 2 ? 14 : 18;
    const word = u24(b, 0) + b[3]! * 2 ** 24 + b[4]! * 2 ** 32;
    const size = Math.floor(word / 16) % 2 ** width;
    const packed = Math.floor(word / 2 ** (4 + width)) % 2 ** width;
    const end = head + packed;
    if (size > MAXIMUM_BLOCK || end > length) broken();
    let at = head;
    if (type === LiteralsType.HUFFMAN) {
      const read = readHuffmanTable(b, at, end);
      this.#huffman = read.table;
      at = read.end;
    }
    if (this.#huffman === null) broken();
    if (format === 0) this.#huffmanStream(b, at, end, 0, size);
    else this.#huffmanStreams(b, at, end, size);
    this.#literalCount = size;
    return end;
  }

  /** Four streams, of which three say their length in front. */
  #huffmanStreams(b: Uint8Array, at: number, end: number, size: number): void {
    if (at + 6 > end) broken();
    const share = (size + 3) >> 2;
    if (share * 3 > size) broken();
    let stream = at + 6;
    for (let i = 0; i < 4; i++) {
      const next = i < 3 ? stream + u16(b, at + 2 * i) : end;
      if (next > end) broken();
      this.#huffmanStream(b, stream, next, share * i, i < 3 ? share * (i + 1) : size);
      stream = next;
    }
  }

  #huffmanStream(b: Uint8Array, start: number, end: number, from: number, to: number): void {
    const { width, symbols, bits } = this.#huffman!;
    const stream = this.#bits;
    const literals = this.#literals;
    stream.begin(b, start, end);
    for (let i = from; i < to; i++) {
      const next = stream.peek(width);
      literals[i] = symbols[next]!;
      stream.left -= bits[next]!;
    }
    if (stream.left !== 0) broken();
  }

  #sequences(
    b: Uint8Array,
    start: number,
    length: number,
    to: Uint8Array,
    oldest: number,
    begin: number,
    limit: number,
  ): number {
    const literals = this.#literals;
    const literalCount = this.#literalCount;
    let at = start;
    if (at >= length) broken();
    let count = b[at++]!;
    if (count === 255) {
      count = u16(b, at) + 0x7f00;
      at += 2;
    } else if (count >= 128) count = ((count - 128) << 8) + b[at++]!;
    this.#literal = 0;
    let out = begin;
    if (count > 0) out = this.#runSequences(b, at, length, count, to, oldest, begin, limit);
    else if (at !== length) broken();
    const rest = literalCount - this.#literal;
    if (out + rest > limit) broken();
    to.set(literals.subarray(this.#literal, literalCount), out);
    return out + rest;
  }

  /** Follows sequences, whose tables begin at `start`. Returns where what they make ends. */
  #runSequences(
    b: Uint8Array,
    start: number,
    length: number,
    count: number,
    to: Uint8Array,
    oldest: number,
    begin: number,
    limit: number,
  ): number {
    const literals = this.#literals;
    const literalCount = this.#literalCount;
    let literal = 0;
    let out = begin;
    if (start >= length) broken();
    const at = this.#readTables(b, start, length);
    const [lengthTable, offsetTable, matchTable] = this.#tables as [FseTable, FseTable, FseTable];
    const repeats = this.#repeats;
    const stream = this.#bits;
    stream.begin(b, at, length);
    let lengthState = stream.read(lengthTable.accuracy);
    let offsetState = stream.read(offsetTable.accuracy);
    let matchState = stream.read(matchTable.accuracy);
    for (let i = 0; i < count; i++) {
      const lengthCode = lengthTable.symbols[lengthState]!;
      const offsetCode = offsetTable.symbols[offsetState]!;
      const matchCode = matchTable.symbols[matchState]!;
      if (offsetCode > MOST_OFFSET_CODE || lengthCode > 35 || matchCode > 52) broken();
      const high = offsetCode > 16 ? stream.read(offsetCode - 16) : 0;
      const low = stream.read(Math.min(offsetCode, 16));
      const value = 2 ** offsetCode + high * 65_536 + low;
      const match = MATCH_LENGTHS.bases[matchCode]! + stream.read(MATCH_LENGTHS.bits[matchCode]!);
      const own = LITERAL_LENGTHS.bases[lengthCode]! + stream.read(LITERAL_LENGTHS.bits[lengthCode]!);
      const back = offsetOf(value, own, repeats);
      if (i + 1 < count) {
        lengthState = lengthTable.bases[lengthState]! + stream.read(lengthTable.bits[lengthState]!);
        matchState = matchTable.bases[matchState]! + stream.read(matchTable.bits[matchState]!);
        offsetState = offsetTable.bases[offsetState]! + stream.read(offsetTable.bits[offsetState]!);
      }
      if (stream.left < 0 || literal + own > literalCount || out + own + match > limit) broken();
      for (let n = 0; n < own; n++) to[out + n] = literals[literal + n]!;
      literal += own;
      out += own;
      if (back < 1 || back > out - oldest) broken();
      for (let n = 0; n < match; n++) to[out + n] = to[out + n - back]!;
      out += match;
    }
    if (stream.left !== 0) broken();
    this.#literal = literal;
    return out;
  }

  /** Returns where they end. */
  #readTables(b: Uint8Array, start: number, length: number): number {
    const modes = b[start]!;
    if ((modes & 3) !== 0) broken();
    let at = start + 1;
    for (const [i, { accuracy, most, usual }] of KINDS.entries()) {
      const mode = (modes >> (6 - 2 * i)) & 3;
      if (mode === Mode.USUAL) this.#tables[i] = usual;
      else if (mode === Mode.SINGLE) {
        if (at >= length || b[at]! > most) broken();
        this.#tables[i] = singleSymbol(b[at++]!);
      } else if (mode === Mode.TABLE) {
        const read = readFseTable(b, at, length, accuracy, most);
        this.#tables[i] = read.table;
        at = read.end;
      } else if (this.#tables[i] === null) broken();
    }
    return at;
  }
}

/** Small values are offsets used before; the list of these moves on. */
function offsetOf(value: number, literals: number, repeats: number[]): number {
  if (value > 3) {
    repeats[2] = repeats[1]!;
    repeats[1] = repeats[0]!;
    repeats[0] = value - 3;
    return repeats[0];
  }
  const index = value - 1 + (literals === 0 ? 1 : 0);
  if (index === 0) return repeats[0]!;
  const back = index === 3 ? repeats[0]! - 1 : repeats[index]!;
  if (index > 1) repeats[2] = repeats[1]!;
  repeats[1] = repeats[0]!;
  repeats[0] = back;
  return back;
}

function u16(b: Uint8Array, at: number): number {
  return b[at]! | (b[at + 1]! << 8);
}

function u24(b: Uint8Array, at: number): number {
  return b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16);
}

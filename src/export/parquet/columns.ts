// Columns of a row group: values are taken packet by packet, and become pages when the group is full.

import type { Facts, Field, FieldValue } from '../../decode/facts/index.js';
import { Key, UNKNOWN } from '../keys.js';
import { bitsFor, PageBytes } from './pages.js';

/** Source: parquet.thrift, Type and Encoding. */
export const Physical = { BOOLEAN: 0, INT64: 2, BYTE_ARRAY: 6 } as const;
export const Encoding = { PLAIN: 0, RLE: 3, DICTIONARY: 8 } as const;

/** Distinct numbers of a group that are worth a dictionary. */
const MOST_NUMBERS = 4096;
/** Later times have no room in 64 bits: they are null. */
const MOST_TIME = 2n ** 63n - 1n;
const MOST_SECONDS = 9_223_372_036;
const BILLION = 1_000_000_000n;

/** A column's pages, not compressed yet. */
export interface ColumnPages {
  /** Null: the values stand in the data page themselves. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null;
  readonly data: Uint8Array;
  /** Values of the data page, nulls included. */
  readonly count: number;
  readonly nulls: number;
  /** Of INT64: the least and the greatest, as they are written. */
  readonly range: readonly [Uint8Array, Uint8Array] | null;
}

export interface Column {
  readonly field: Field;
  readonly physical: number;
  take(facts: Facts, row: number): void;
  /** What was taken of so many rows; the next group begins. */
  pages(rows: number): ColumnPages;
}

export function columnOf(field: Field, rows: number): Column {
  const { reader, type } = field;
  if (reader.kind === 'time') return new TimeColumn(field, rows);
  if (reader.kind === 'number') return new NumberColumn(field, rows);
  if (type === 'boolean') return new BooleanColumn(field, rows);
  if (type === 'strings') return new ListColumn(field, rows);
  return new ValueColumn(field, rows);
}

function i64(n: number | bigint): Uint8Array {
  const bytes = new PageBytes();
  bytes.big(BigInt(n));
  return bytes.taken().slice();
}

/** Texts as UTF-8: halves of surrogate pairs become U+FFFD. */
function bytesOf(value: FieldValue): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(value as string);
}

/** The time of capture: nanoseconds. */
class TimeColumn implements Column {
  readonly physical = Physical.INT64;
  private readonly times: BigInt64Array;
  private readonly present: Uint8Array;
  private second = Number.NaN;
  private base = 0n;

  constructor(
    readonly field: Field,
    rows: number,
  ) {
    this.times = new BigInt64Array(rows);
    this.present = new Uint8Array(rows);
  }

  take({ packet: { seconds, nanoseconds } }: Facts, row: number): void {
    const whole = seconds + Math.floor(nanoseconds / 1e9);
    this.present[row] = whole >= 0 && whole < MOST_SECONDS ? 1 : 0;
    if (seconds !== this.second) {
      this.second = seconds;
      this.base = BigInt(seconds) * BILLION;
    }
    this.times[row] = this.base + BigInt(nanoseconds);
  }

  pages(rows: number): ColumnPages {
    const { times, present } = this;
    const page = new PageBytes();
    page.levels(present, rows, 1);
    let least = MOST_TIME;
    let greatest = 0n;
    let nulls = 0;
    for (let row = 0; row < rows; row++) {
      if (present[row] === 0) {
        nulls++;
        continue;
      }
      const time = times[row]!;
      page.big(time);
      if (time < least) least = time;
      if (time > greatest) greatest = time;
    }
    const range = nulls === rows ? null : ([i64(least), i64(greatest)] as const);
    return { dictionary: null, data: page.taken(), count: rows, nulls, range };
  }
}

/** Numbers: NaN is null. */
class NumberColumn implements Column {
  readonly physical = Physical.INT64;
  private readonly numbers: Float64Array;
  private readonly read: (facts: Facts) => number;

  constructor(
    readonly field: Field,
    rows: number,
  ) {
    this.numbers = new Float64Array(rows);
    const { reader } = field;
    this.read = reader.kind === 'number' ? reader.read : () => Number.NaN;
  }

  take(facts: Facts, row: number): void {
    this.numbers[row] = this.read(facts);
  }

  pages(rows: number): ColumnPages {
    const { numbers } = this;
    const present = new Uint8Array(rows);
    const codes = new Int32Array(rows);
    let known: Map<number, number> | null = new Map();
    let count = 0;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < rows; row++) {
      const n = numbers[row]!;
      if (Number.isNaN(n)) continue;
      present[row] = 1;
      if (n < least) least = n;
      if (n > greatest) greatest = n;
      if (known !== null) {
        let code = known.get(n);
        if (code === undefined) {
          code = known.size;
          known.set(n, code);
          if (code >= MOST_NUMBERS) known = null;
        }
        codes[count] = code;
      }
      count++;
    }
    const page = new PageBytes();
    page.levels(present, rows, 1);
    const rest = {
      count: rows,
      nulls: rows - count,
      range: count === 0 ? null : ([i64(least), i64(greatest)] as const),
    };
    if (known === null || count === 0) {
      for (let row = 0; row < rows; row++) if (present[row] === 1) page.i64(numbers[row]!);
      return { dictionary: null, data: page.taken(), ...rest };
    }
    const values = new PageBytes();
    for (const n of known.keys()) values.i64(n);
    const width = bitsFor(known.size);
    page.byte(width);
    page.packed(codes, count, width);
    return { dictionary: { bytes: values.taken(), count: known.size }, data: page.taken(), ...rest };
  }
}

function fits(value: FieldValue | null): boolean {
  return value !== null && (typeof value !== 'bigint' || (value >= 0n && value <= MOST_TIME));
}

/** Whatever else has single values: by a dictionary, or, where most differ, one after the other. */
class ValueColumn implements Column {
  readonly physical: number;
  private key: Key;
  private readonly codes: Int32Array;

  constructor(
    readonly field: Field,
    private readonly rows: number,
  ) {
    const { type } = field;
    this.physical = type === 'string' || type === 'bytes' ? Physical.BYTE_ARRAY : Physical.INT64;
    this.key = new Key(field, rows);
    this.codes = new Int32Array(rows);
  }

  take(facts: Facts, row: number): void {
    this.codes[row] = this.key.of(facts);
  }

  private write(to: PageBytes, value: FieldValue): void {
    if (this.physical === Physical.BYTE_ARRAY) to.block(bytesOf(value));
    else if (typeof value === 'bigint') to.big(value);
    else to.i64(value as number);
  }

  pages(rows: number): ColumnPages {
    const { codes, key } = this;
    this.key = new Key(this.field, this.rows);
    const { values } = key;
    const present = new Uint8Array(rows);
    const known = new Int32Array(rows);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const code = codes[row]!;
      if (code === UNKNOWN || !fits(values[code]!)) continue;
      present[row] = 1;
      known[count++] = code - 1;
    }
    const page = new PageBytes();
    page.levels(present, rows, 1);
    const rest = { count: rows, nulls: rows - count, range: null };
    const distinct = values.length - 1;
    if (distinct * 2 > count) {
      for (let i = 0; i < count; i++) this.write(page, values[known[i]! + 1]!);
      return { dictionary: null, data: page.taken(), ...rest };
    }
    const dictionary = new PageBytes();
    for (let i = 1; i <= distinct; i++) this.write(dictionary, values[i]!);
    const width = bitsFor(distinct);
    page.byte(width);
    page.packed(known, count, width);
    return { dictionary: { bytes: dictionary.taken(), count: distinct }, data: page.taken(), ...rest };
  }
}

/** True and false, a bit each. */
class BooleanColumn implements Column {
  readonly physical = Physical.BOOLEAN;
  private readonly values: Int8Array;

  constructor(
    readonly field: Field,
    rows: number,
  ) {
    this.values = new Int8Array(rows);
  }

  take(facts: Facts, row: number): void {
    const value = this.field.of(facts);
    this.values[row] = value === null ? -1 : value === true ? 1 : 0;
  }

  pages(rows: number): ColumnPages {
    const present = new Uint8Array(rows);
    const bits = new Uint8Array((rows + 7) >> 3);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const value = this.values[row]!;
      if (value < 0) continue;
      present[row] = 1;
      bits[count >> 3]! |= value << (count & 7);
      count++;
    }
    const page = new PageBytes();
    page.levels(present, rows, 1);
    for (let i = 0; i < (count + 7) >> 3; i++) page.byte(bits[i]!);
    return { dictionary: null, data: page.taken(), count: rows, nulls: rows - count, range: null };
  }
}

/** Lists of texts. Definition levels: 0 no list, 1 an empty one, 2 a text; repetition levels: 1 goes on with the list. */
class ListColumn implements Column {
  readonly physical = Physical.BYTE_ARRAY;
  private key: Key;
  private readonly codes: Int32Array;

  constructor(
    readonly field: Field,
    private readonly rows: number,
  ) {
    this.key = new Key(field, rows);
    this.codes = new Int32Array(rows);
  }

  take(facts: Facts, row: number): void {
    this.codes[row] = this.key.of(facts);
  }

  pages(rows: number): ColumnPages {
    const { codes, key } = this;
    this.key = new Key(this.field, this.rows);
    const words = new Map<string, number>();
    const numbers = key.values.map((list) =>
      list === null
        ? null
        : (list as readonly string[]).map((text) => {
            const number = words.get(text) ?? words.size;
            words.set(text, number);
            return number;
          }),
    );
    const repetition: number[] = [];
    const definition: number[] = [];
    const known: number[] = [];
    let nulls = 0;
    for (let row = 0; row < rows; row++) {
      const list = numbers[codes[row]!]!;
      if (list === null || list.length === 0) {
        repetition.push(0);
        definition.push(list === null ? 0 : 1);
        nulls++;
        continue;
      }
      for (let i = 0; i < list.length; i++) {
        repetition.push(i === 0 ? 0 : 1);
        definition.push(2);
        known.push(list[i]!);
      }
    }
    const count = definition.length;
    const page = new PageBytes();
    page.levels(repetition, count, 1);
    page.levels(definition, count, 2);
    const dictionary = new PageBytes();
    for (const word of words.keys()) dictionary.block(bytesOf(word));
    const width = bitsFor(words.size);
    const rest = { count, nulls, range: null };
    if (known.length === 0) return { dictionary: null, data: page.taken(), ...rest };
    page.byte(width);
    page.packed(known, known.length, width);
    return { dictionary: { bytes: dictionary.taken(), count: words.size }, data: page.taken(), ...rest };
  }
}

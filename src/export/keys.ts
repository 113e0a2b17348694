// What packets are grouped by: a field's values as small numbers, in the order that they were first seen in.

import type { Facts, Field, FieldValue } from '../decode/facts/index.js';

/** The number of what is not known. */
export const UNKNOWN = 0;
/** What a key says when it has had as many values as it keeps. */
export const FULL = -1;

/** A field's values. Numbers and addresses are told apart without making anything; lists by their JSON. */
export class Key {
  /** By number; 0 is what is not known. */
  readonly values: (FieldValue | null)[] = [null];
  /** @returns the number of a packet's value, UNKNOWN, or FULL */
  readonly of: (facts: Facts) => number;
  private readonly numbers = new Map<FieldValue, number>();

  /** @param most values that are kept: packets say them, and there may be any number */
  constructor(
    readonly field: Field,
    private readonly most: number,
  ) {
    this.of = this.reader();
  }

  private numberOf(value: FieldValue | null): number {
    if (value === null) return UNKNOWN;
    const key = typeof value === 'object' ? keyOf(value) : value;
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.values.length > this.most) return FULL;
      number = this.values.push(value) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  private reader(): (facts: Facts) => number {
    const { reader, of } = this.field;
    switch (reader.kind) {
      case 'number': {
        const { read } = reader;
        return (facts) => {
          const n = read(facts);
          return Number.isNaN(n) ? UNKNOWN : this.numberOf(n);
        };
      }
      case 'code': {
        const { read, value } = reader;
        const known: number[] = [];
        return (facts) => {
          const code = read(facts);
          if (code < 0) return UNKNOWN;
          known[code] ??= this.numberOf(value(code));
          return known[code]!;
        };
      }
      case 'of': {
        const { read } = reader;
        const value = reader.value as (object: object) => FieldValue | null;
        const known = new WeakMap<object, number>();
        return (facts) => {
          const object = read(facts);
          if (object === null) return UNKNOWN;
          let number = known.get(object);
          if (number === undefined) {
            number = this.numberOf(value(object));
            known.set(object, number);
          }
          return number;
        };
      }
      case 'address': {
        const { at } = reader;
        // IPv4 addresses by number; those of IPv6 by their text.
        const four = new Map<number, number>();
        return (facts) => {
          const offset = at(facts);
          if (offset < 0) return UNKNOWN;
          const { buffer: b, version } = facts.headers;
          if (version !== 4) return this.numberOf(of(facts));
          const address =
            (b[offset]! << 24) | (b[offset + 1]! << 16) | (b[offset + 2]! << 8) | b[offset + 3]!;
          let number = four.get(address);
          if (number === undefined) {
            number = this.numberOf(of(facts));
            if (number !== FULL) four.set(address, number);
          }
          return number;
        };
      }
      default:
        return (facts) => this.numberOf(of(facts));
    }
  }
}

function keyOf(value: readonly string[] | Uint8Array): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value);
}

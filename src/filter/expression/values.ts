// What a filter's registers hold on one way through its program, as terms: two equal terms are the same number. Beside it what
// the tests on that way have said of them.

import { Alu, ANCILLARY, Jump } from './classic.js';

const Kind = { CONSTANT: 0, LOAD: 1, INDIRECT: 2, LENGTH: 3, ALU: 4, COMPARISON: 5 } as const;

const MAXIMUM = 0xffffffff;
/** Terms made of more than so many others are not computed from them. */
const DEEP = 24;
/** Terms made of more loads than this are always looked at. */
const MANY = 8;

/** @returns the operation's result, 32 bits, as every interpreter has it; null for a division by 0 */
function compute(operation: number, a: number, b: number): number | null {
  switch (operation) {
    case Alu.ADD:
      return (a + b) >>> 0;
    case Alu.SUB:
      return (a - b) >>> 0;
    case Alu.MUL:
      return Math.imul(a, b) >>> 0;
    case Alu.DIV:
      return b === 0 ? null : Math.floor(a / b);
    case Alu.MOD:
      return b === 0 ? null : a % b;
    case Alu.OR:
      return (a | b) >>> 0;
    case Alu.AND:
      return (a & b) >>> 0;
    case Alu.XOR:
      return (a ^ b) >>> 0;
    case Alu.LSH:
      return b > 31 ? 0 : (a << b) >>> 0;
    case Alu.RSH:
      return b > 31 ? 0 : a >>> b;
    default:
      return -a >>> 0;
  }
}

interface Term {
  readonly kind: number;
  readonly operation: number;
  readonly a: number;
  readonly b: number;
  readonly depth: number;
  /** Places of loads that it is made of; null: too many. */
  readonly leaves: number[] | null;
  /** Largest number it can be. */
  readonly most: number;
}

/** What is known of a term: its bounds, and what it is not. */
export interface Known {
  readonly id: number;
  readonly least: number;
  readonly most: number;
  readonly not: { readonly value: number; readonly next: Known['not'] } | null;
}

/** What is known on one way through the program, by term. */
export type Knowledge = ReadonlyMap<number, Known>;

/** Terms by their numbers. */
export class Values {
  private readonly terms: Term[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<string, Known>();

  private intern(
    kind: number,
    operation: number,
    a: number,
    b: number,
    most: number,
    leaves: number[] | null,
    depth: number,
  ): number {
    const key = `${kind},${operation},${a},${b}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.terms.length;
      this.terms.push({ kind, operation, a, b, depth, leaves, most });
      this.numbers.set(key, number);
    } else if (leaves !== null && leaves.length === 1) {
      // The same bytes are loaded at several places.
      const have = this.terms[number]!.leaves;
      if (have !== null && !have.includes(leaves[0]!)) have.push(leaves[0]!);
    }
    return number;
  }

  constant(value: number): number {
    return this.intern(Kind.CONSTANT, 0, value, 0, value, [], 0);
  }

  /** @param leaf the load's place */
  load(size: number, k: number, leaf: number): number {
    // What the system knows of a packet is no byte, whatever size it is loaded with.
    const most = size === 4 || k >= ANCILLARY ? MAXIMUM : 2 ** (8 * size) - 1;
    return this.intern(Kind.LOAD, size, k, 0, most, [leaf], 1);
  }

  indirect(size: number, k: number, x: number, leaf: number): number {
    const most = size === 4 ? MAXIMUM : 2 ** (8 * size) - 1;
    return this.intern(Kind.INDIRECT, size, k, x, most, [leaf], 1);
  }

  length(): number {
    return this.intern(Kind.LENGTH, 0, 0, 0, MAXIMUM, [], 0);
  }

  alu(operation: number, a: number, b: number): number {
    const one = this.terms[a]!;
    const other = this.terms[b]!;
    if (one.kind === Kind.CONSTANT && other.kind === Kind.CONSTANT) {
      const result = compute(operation, one.a, other.a);
      if (result !== null) return this.constant(result);
    }
    if (other.kind === Kind.CONSTANT) {
      const k = other.a;
      if (k === 0 && (operation === Alu.AND || operation === Alu.MUL)) return this.constant(0);
      const neutral = operation === Alu.AND ? (k & one.most) >>> 0 === one.most && isMask(one.most) : k === 0;
      if (neutral && NEUTRAL.includes(operation)) return a;
    }
    return this.derived(Kind.ALU, operation, a, b, mostOf(operation, one.most, other));
  }

  /** A place that many bytes behind a term: of a sum, behind its first part. @returns the term, and how many bytes behind it */
  split(term: number, k: number): [term: number, k: number] {
    for (;;) {
      const { kind, operation, a, b } = this.terms[term]!;
      if (kind !== Kind.ALU || operation !== Alu.ADD) return [term, k];
      const one = this.terms[a]!;
      const other = this.terms[b]!;
      if (other.kind === Kind.CONSTANT && one.most + other.a + k <= MAXIMUM) [term, k] = [a, k + other.a];
      else if (one.kind === Kind.CONSTANT && other.most + one.a + k <= MAXIMUM) [term, k] = [b, k + one.a];
      else return [term, k];
    }
  }

  /** @returns a term and a number that are equal where the given ones are: `a - 3` is 4 where `a` is 7 */
  isolate(term: number, value: number): [term: number, value: number] {
    for (;;) {
      const { kind, operation, a, b } = this.terms[term]!;
      if (kind !== Kind.ALU) return [term, value];
      const k = this.terms[b]!.kind === Kind.CONSTANT ? this.terms[b]!.a : null;
      if (operation === Alu.SUB && k === null && value === 0)
        return [this.comparison(Jump.JEQ, Math.min(a, b), Math.max(a, b)), 1];
      if (k === null) return [term, value];
      if (operation === Alu.ADD) [term, value] = [a, (value - k) >>> 0];
      else if (operation === Alu.SUB) [term, value] = [a, (value + k) >>> 0];
      else if (operation === Alu.XOR) [term, value] = [a, (value ^ k) >>> 0];
      else return [term, value];
    }
  }

  /** @returns a term that is 1 where the comparison holds, 0 where not */
  comparison(operation: number, a: number, b: number): number {
    return this.derived(Kind.COMPARISON, operation, a, b, 1);
  }

  private derived(kind: number, operation: number, a: number, b: number, most: number): number {
    const one = this.terms[a]!;
    const other = this.terms[b]!;
    const depth = Math.max(one.depth, other.depth) + 1;
    return this.intern(kind, operation, a, b, most, this.join(one.leaves, other.leaves), depth);
  }

  private join(one: number[] | null, other: number[] | null): number[] | null {
    if (one === null || other === null) return null;
    const all = [...new Set([...one, ...other])];
    return all.length > MANY ? null : all;
  }

  leaves(term: number): readonly number[] | null {
    return this.terms[term]!.leaves;
  }

  private bounds(knowledge: Knowledge, term: number): Known {
    return knowledge.get(term) ?? { id: -1, least: 0, most: this.terms[term]!.most, not: null };
  }

  /** @returns the term's number where it can be but one, else null */
  numberOf(knowledge: Knowledge, term: number): number | null {
    const { kind, operation, a, b, depth } = this.terms[term]!;
    if (kind === Kind.CONSTANT) return a;
    const known = knowledge.get(term);
    if (known !== undefined && known.least === known.most) return known.least;
    if (kind !== Kind.ALU || depth > DEEP) return null;
    const one = this.numberOf(knowledge, a);
    const other = one === null ? null : this.numberOf(knowledge, b);
    return one === null || other === null ? null : compute(operation, one, other);
  }

  /** @returns whether the term equals `value`, or null where it may */
  equals(knowledge: Knowledge, term: number, value: number): boolean | null {
    const number = this.numberOf(knowledge, term);
    if (number !== null) return number === value;
    const { least, most, not } = this.bounds(knowledge, term);
    if (value < least || value > most) return false;
    for (let one = not; one !== null; one = one.next) if (one.value === value) return false;
    return null;
  }

  /** @returns whether the term is at least `value`, or null where it may be */
  reaches(knowledge: Knowledge, term: number, value: number): boolean | null {
    const number = this.numberOf(knowledge, term);
    if (number !== null) return number >= value;
    const { least, most } = this.bounds(knowledge, term);
    return least >= value ? true : most < value ? false : null;
  }

  /** Within these bounds, besides what is known. */
  within(knowledge: Knowledge, term: number, least: number, most: number): Knowledge {
    const have = this.bounds(knowledge, term);
    const bounded = { ...have, least: Math.max(have.least, least), most: Math.min(have.most, most) };
    return this.learn(knowledge, term, `${have.id}|${bounded.least}-${bounded.most}`, this.trim(bounded));
  }

  /** Not this, besides what is known. */
  differs(knowledge: Knowledge, term: number, value: number): Knowledge {
    const have = this.bounds(knowledge, term);
    const without = this.trim({ ...have, not: { value, next: have.not } });
    return this.learn(knowledge, term, `${have.id}|${term}!${value}`, without);
  }

  /** The term has been loaded: nothing more is known of it, but that it can be. */
  loaded(knowledge: Knowledge, term: number): Knowledge {
    if (knowledge.has(term)) return knowledge;
    return this.learn(knowledge, term, `${term}`, this.bounds(knowledge, term));
  }

  /** Bounds that it is known not to be are none. */
  private trim({ id, least, most, not }: Known): Known {
    const excludes = (value: number): boolean => {
      for (let one = not; one !== null; one = one.next) if (one.value === value) return true;
      return false;
    };
    while (least < most && excludes(least)) least++;
    while (least < most && excludes(most)) most--;
    return { id, least, most, not: least === most ? null : not };
  }

  private learn(knowledge: Knowledge, term: number, key: string, what: Known): Knowledge {
    const name = `${term}:${key}`;
    let known = this.known.get(name);
    if (known === undefined) {
      known = { ...what, id: this.known.size };
      this.known.set(name, known);
    }
    return new Map(knowledge).set(term, known);
  }
}

/** Operations that leave A as it is, for a mask of all it can have or for 0. */
const NEUTRAL: readonly number[] = [Alu.AND, Alu.ADD, Alu.SUB, Alu.OR, Alu.XOR, Alu.LSH, Alu.RSH];

/** Whether all bits below the highest are set. */
function isMask(value: number): boolean {
  return ((value + 1) & value) === 0;
}

/** The largest result of an operation on a number up to `most` and a term. */
function mostOf(operation: number, most: number, { kind, a, most: other }: Term): number {
  const constant = kind === Kind.CONSTANT;
  const within = (result: number): number => (result <= MAXIMUM ? result : MAXIMUM);
  switch (operation) {
    case Alu.AND:
      return Math.min(most, other);
    case Alu.ADD:
      return within(most + other);
    case Alu.MUL:
      return within(most * other);
    case Alu.LSH:
      return constant && a < 32 ? within(most * 2 ** a) : MAXIMUM;
    case Alu.RSH:
      return constant ? (a > 31 ? 0 : Math.floor(most / 2 ** a)) : most;
    case Alu.DIV:
      return constant ? Math.floor(most / a) : most;
    case Alu.MOD:
      return constant ? Math.min(most, a - 1) : most;
    case Alu.OR:
    case Alu.XOR: {
      const bits = 32 - Math.clz32(most | other);
      return bits === 32 ? MAXIMUM : 2 ** bits - 1;
    }
    default:
      return MAXIMUM;
  }
}

// A metadata filter as a tree, and what a field must say of itself to stand in one.

import type { Interface, PacketFilter } from '../../packet/index.js';
import type { FactTerm } from './facts.js';
import type { Pattern } from './regex.js';

/** One comparison: any of the values, or the pattern. */
export interface Term {
  readonly kind: 'term';
  readonly field: Field;
  readonly negated: boolean;
  readonly values: readonly string[];
  /** The values of a field of numbers. */
  readonly numbers: readonly number[];
  readonly pattern: Pattern | null;
}

export type Node =
  | Term
  | FactTerm
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly of: Node };

/** What is the same for every packet of a hook. */
export interface HookFacts {
  readonly interface: Interface;
  readonly direction: 'in' | 'out';
  /** Process IDs of the trees that the kernel follows, in the order of their bits. */
  readonly trees: readonly number[];
}

/** A test of one word of `struct packet_facts` (kernel/facts.h), or of a name in it. */
export interface KernelTest {
  readonly offset: number;
  /**
   * `equal`: the word is one of the numbers; `unlessUnknown`: the same, but -1 is no value; `bits`: it has one of them, and 0 is none of
   * its bits; `name`: text of 16 bytes.
   */
  readonly compare: 'equal' | 'unlessUnknown' | 'bits' | 'name';
}

/** How the kernel answers for a field. */
export interface KernelAnswer {
  /**
   * What is asked of each packet of a hook: the answer itself where it is the same for all of them, a test with the term's
   * numbers or others, or `maybe` where only user space knows.
   */
  ask(term: Term, hook: HookFacts): boolean | 'maybe' | { readonly test: KernelTest; readonly term: Term };
  /** Whether that is the whole answer; if not, the kernel lets pass what may match. */
  whole(term: Term, followsTrees: boolean): boolean;
}

/** A field: all there is to say of it (fields.ts). */
export interface Field {
  readonly name: string;
  /** The field of the list (decode/facts/fields.ts) that asks the same, of which the kernel then answers what it can. */
  readonly listed?: string;
  /** The number that a value stands for, null where it is none; left out: the values are text. */
  readonly number?: (text: string) => number | null;
  /** Whether there is text that a regular expression could match. */
  readonly text: boolean;
  /** Whether its terms name the roots of trees of processes. */
  readonly trees?: true;
  /** Whether the answer is the same for all packets of a socket's owner. */
  readonly ofOwner?: true;
  /** Left out: only user space knows. */
  readonly kernel?: KernelAnswer;
  /** Compiles a term, without its negation. The function allocates nothing. */
  readonly compile: (term: Term) => PacketFilter;
}

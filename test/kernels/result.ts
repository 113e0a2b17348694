// What the booted machine tells of each case, and what came of a machine.

import type { Verdict } from '../../bench/attribution/judge.js';

/** Begins a line that is a result. */
export const MARK = '@result ';
/** Begins the line that has the names of the cases that will be run. */
export const PLAN = '@plan ';

export type Kinds = { readonly [kind: string]: Verdict };

export interface Result {
  readonly name: string;
  readonly right: boolean;
  readonly note: string;
  readonly seconds: number;
  /** Of the ground truth. */
  readonly kinds?: Kinds;
}

/** A case's last try. */
export interface Tried extends Result {
  /** It was not right at first, and was tried once more. */
  readonly again: boolean;
}

/** What came of a machine's cases. */
export interface Report {
  /** The kernel's version. */
  readonly version: string;
  readonly results: readonly Tried[];
  /** What could not be judged, in words; none: all was. */
  readonly open: readonly string[];
  /** By the clock, and of processors. */
  readonly seconds: number;
  readonly processor: number;
}

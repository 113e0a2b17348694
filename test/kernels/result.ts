// What the booted machine tells of each case.

import type { Verdict } from '../../bench/attribution/judge.js';

/** Begins a line that is a result. */
export const MARK = '@result ';

export type Kinds = { readonly [kind: string]: Verdict };

export interface Result {
  readonly name: string;
  readonly right: boolean;
  readonly note: string;
  readonly seconds: number;
  /** Of the ground truth. */
  readonly kinds?: Kinds;
}

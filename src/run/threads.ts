// Between a run and its second threads: what they get, and what they answer.

import type { Taken } from './packets.js';
import type { RunSpec } from './spec.js';

/** What the second thread of printing gets. */
export interface PrintData {
  readonly spec: RunSpec;
  readonly memory: SharedArrayBuffer;
}

/** What the second thread of counting gets. */
export interface CountData {
  readonly spec: RunSpec;
  /** About where it begins, a multiple of 4. */
  readonly from: number;
}

/** Its first message: where it begins, -1 nowhere, and what it knows of sections, interfaces and processes. */
export interface Found {
  readonly start: number;
  readonly layout: number;
}

/** Its second: what it counted, and what broke the file off. */
export interface Rest {
  readonly taken: Taken;
  readonly broken: { readonly reason: string; readonly offset: number | null } | null;
}

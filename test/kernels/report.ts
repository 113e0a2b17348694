// What came of a machine's cases.

import type { Kernel } from './fetch.js';
import type { Result } from './result.js';

/** What a machine told, line by line. */
export interface Report {
  readonly kernel: Kernel;
  readonly results: readonly Result[];
  readonly seconds: number;
}

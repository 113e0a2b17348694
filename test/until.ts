// Waiting in tests for what another program does.

import assert from 'node:assert/strict';

/** Milliseconds between two looks. */
const PAUSE = 50;

/**
 * @param seconds that are waited at most
 * @returns what waits until something is so; `why` is said when it does not come
 */
export function waiting(seconds: number) {
  return async (done: () => unknown, why: string | (() => string)): Promise<void> => {
    for (let left = (seconds * 1000) / PAUSE; left > 0; left--) {
      if (done()) return;
      await new Promise((next) => setTimeout(next, PAUSE));
    }
    assert.fail(typeof why === 'string' ? why : why());
  };
}

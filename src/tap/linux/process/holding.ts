// Who of several processes that hold a socket works with it.

import type { Uses } from './waiters.js';

/** Holders of one socket that are looked at. */
export const MOST_HOLDERS = 32;

/** Milliseconds of this thread that all sockets of several holders may take. */
export const ASKING = 100;

/** A process's descriptor of a socket. */
export interface Holder {
  readonly pid: number;
  readonly original: number;
}

/** Of several that hold a socket, the first of those that do most with it. @param holders the youngest first */
export function worksWith(holders: readonly Holder[], uses: Uses): Holder {
  let best = holders[0]!;
  let most = -1;
  for (const holder of holders) {
    const use = uses.of(holder.pid, holder.original);
    if (use <= most) continue;
    best = holder;
    most = use;
  }
  return best;
}

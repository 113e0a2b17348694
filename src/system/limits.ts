// The limit of locked memory, which old kernels count eBPF towards. Source: getrlimit(2), linux/resource.h.

import { readFileSync } from 'node:fs';
import { addressOf, libc, SYSCALL } from './libc.js';

const RLIMIT_MEMLOCK = 8;
const UNLIMITED = 0xffffffffffffffffn;

let tried = false;

/** The limit of locked memory, in bytes; null: there is none. Source: proc_pid_limits(5). */
export function memoryLock(): number | null {
  const [, soft] = /^Max locked memory +(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
  return soft === undefined || soft === 'unlimited' ? null : Number(soft);
}

/**
 * Raises the limit of locked memory: for good, as what is made later is counted too. Without CAP_SYS_RESOURCE no further than the
 * hard limit.
 * @returns whether it is higher than before; false when it was raised before
 */
export function raiseMemoryLock(): boolean {
  if (tried) return false;
  tried = true;
  const limit = new BigUint64Array(new ArrayBuffer(16)); // soft, hard
  const at = addressOf(new Uint8Array(limit.buffer)); // outside the heap: it does not move
  const call = (set: bigint, get: bigint): number =>
    libc().syscall6(SYSCALL.prlimit64, 0, RLIMIT_MEMLOCK, Number(set), Number(get), 0);
  if (call(0n, at) !== 0) return false;
  const [soft, hard] = limit as unknown as [bigint, bigint];
  limit.fill(UNLIMITED);
  if (call(at, 0n) === 0) return soft !== UNLIMITED;
  limit.fill(hard);
  return soft < hard && call(at, 0n) === 0;
}

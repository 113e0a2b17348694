// What is left of root's capabilities when root is given up: some in force, others put by for the moment that asks for them.
// Source: capabilities(7), capset(2).

import { errno, libc, SystemError } from './libc.js';

export const Capability = {
  DAC_READ_SEARCH: 2,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  PERFMON: 38,
  BPF: 39,
} as const;

const VERSION_3 = 0x20080522;
const HEADER = new Uint8Array(new Uint32Array([VERSION_3, 0]).buffer);

/** capset's data: effective, permitted and inheritable, of the lower 32 capabilities and the upper. */
function sets(effective: readonly number[], permitted: readonly number[]): Uint8Array {
  const data = new Uint32Array(6);
  const add = (bits: readonly number[], field: number): void => {
    for (const bit of bits) data[(bit >> 5) * 3 + field]! |= 1 << (bit & 31);
  };
  add(effective, 0);
  add(permitted, 1);
  return new Uint8Array(data.buffer);
}

/**
 * Gives up every capability of this thread, which does work that needs none.
 * @param but one that it keeps, if it has it
 */
export function giveUpCapabilities(but: number | null = null): void {
  const kept = but === null ? [] : [but];
  // Whoever has none may give up all.
  if (libc().capset(HEADER, sets(kept, kept)) !== 0) libc().capset(HEADER, sets([], []));
}

const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;

/** What this thread has, a service's for instance, is not for the programs that it starts from now on. */
export function clearAmbient(): void {
  libc().prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/** What is put by: with it in force, and without. Null: all that there is is in force. */
let reserve: { readonly raised: Uint8Array; readonly lowered: Uint8Array } | null = null;
let depth = 0;

/**
 * Limits this thread to some capabilities.
 * @param inForce those that it has at all times
 * @param putBy those that it has within `withReserve`
 * @throws SystemError
 */
export function limitCapabilities(inForce: readonly number[], putBy: readonly number[]): void {
  const all = [...inForce, ...putBy];
  const lowered = sets(inForce, all);
  if (libc().capset(HEADER, lowered) !== 0) throw new SystemError('cannot limit the capabilities', errno());
  reserve = putBy.length === 0 ? null : { raised: sets(all, all), lowered };
}

/** Does work with the capabilities that are put by. It must not wait: nothing else runs on this thread meanwhile. */
export function withReserve<T>(work: () => T): T {
  if (reserve === null) return work();
  if (depth++ === 0) libc().capset(HEADER, reserve.raised);
  try {
    return work();
  } finally {
    if (--depth === 0) libc().capset(HEADER, reserve.lowered);
  }
}

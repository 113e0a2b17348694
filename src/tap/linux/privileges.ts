// Capabilities: what a capture needs, what is missing, and how root is given up. Source: capabilities(7).

import { readFileSync, stat } from 'node:fs';
import { becomeUser, errno, libc, SystemError } from '../../system/index.js';

const CAPABILITY = {
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  PERFMON: 38,
  BPF: 39,
} as const;
const PR_SET_KEEPCAPS = 8;
const VERSION_3 = 0x20080522;

function effective(): bigint {
  const match = readFileSync('/proc/self/status', 'latin1').match(/^CapEff:\s*([0-9a-f]+)/m);
  return BigInt(`0x${match?.[1] ?? '0'}`);
}

/** Whether packets can be captured at all: with packet sockets. */
export function canCapture(): boolean {
  return ((effective() >> BigInt(CAPABILITY.NET_RAW)) & 1n) === 1n;
}

/** Whether other users' processes can be looked into: their sockets, paths and command lines. */
export function canSeeOthers(): boolean {
  return ((effective() >> BigInt(CAPABILITY.SYS_PTRACE)) & 1n) === 1n;
}

/** Names of the capabilities that eBPF needs and this process lacks. */
export function missingCapabilities(): string[] {
  const have = effective();
  const has = (bit: number): boolean => ((have >> BigInt(bit)) & 1n) === 1n;
  const missing: string[] = [];
  if (!has(CAPABILITY.NET_ADMIN)) missing.push('CAP_NET_ADMIN');
  if (!has(CAPABILITY.BPF) && !has(CAPABILITY.SYS_ADMIN)) missing.push('CAP_BPF');
  if (!has(CAPABILITY.PERFMON) && !has(CAPABILITY.SYS_ADMIN)) missing.push('CAP_PERFMON');
  return missing;
}

/**
 * Becomes another user, keeping what an open tap still needs: CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON to join interfaces
 * that appear, CAP_SYS_PTRACE to read the paths of other users' processes. Only this thread keeps them.
 * @throws Error when there is no such user, SystemError when the system refuses
 */
export function dropPrivileges(user: string): void {
  const had = effective();
  // Node's threads for files begin when they are first needed, with what their maker has: they begin now, before this thread is told
  // to keep its capabilities, and lose them with the user.
  stat('/', () => {});
  if (libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) !== 0)
    throw new SystemError('cannot keep capabilities', errno());
  becomeUser(user);
  const kept = [CAPABILITY.NET_ADMIN, CAPABILITY.SYS_PTRACE, CAPABILITY.PERFMON, CAPABILITY.BPF].filter(
    (bit) => ((had >> BigInt(bit)) & 1n) === 1n,
  );
  const header = new Uint32Array([VERSION_3, 0]);
  const data = new Uint32Array(6);
  for (const bit of kept) {
    const word = bit < 32 ? 0 : 3;
    data[word] = data[word]! | (1 << (bit & 31));
    data[word + 1] = data[word + 1]! | (1 << (bit & 31));
  }
  if (libc().capset(new Uint8Array(header.buffer), new Uint8Array(data.buffer)) !== 0) {
    throw new SystemError('cannot limit the capabilities', errno());
  }
}

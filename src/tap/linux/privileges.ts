// Capabilities: what a capture needs, what is missing, and how root is given up. Source: capabilities(7).

import { readFileSync, stat } from 'node:fs';
import {
  becomeUser,
  Capability,
  type Credentials,
  errno,
  libc,
  limitCapabilities,
  SystemError,
} from '../../system/index.js';

const PR_SET_KEEPCAPS = 8;

function effective(): bigint {
  const match = readFileSync('/proc/self/status', 'latin1').match(/^CapEff:\s*([0-9a-f]+)/m);
  return BigInt(`0x${match?.[1] ?? '0'}`);
}

/** Whether packets can be captured at all: with packet sockets. */
export function canCapture(): boolean {
  return ((effective() >> BigInt(Capability.NET_RAW)) & 1n) === 1n;
}

/** Whether other users' processes can be looked into: their sockets, paths and command lines. */
export function canSeeOthers(): boolean {
  return ((effective() >> BigInt(Capability.SYS_PTRACE)) & 1n) === 1n;
}

/** Names of the capabilities that eBPF needs and this process lacks. */
export function missingCapabilities(): string[] {
  const have = effective();
  const has = (bit: number): boolean => ((have >> BigInt(bit)) & 1n) === 1n;
  const missing: string[] = [];
  if (!has(Capability.NET_ADMIN)) missing.push('CAP_NET_ADMIN');
  if (!has(Capability.BPF) && !has(Capability.SYS_ADMIN)) missing.push('CAP_BPF');
  if (!has(Capability.PERFMON) && !has(Capability.SYS_ADMIN)) missing.push('CAP_PERFMON');
  return missing;
}

/** What a capture goes on to do besides. */
export interface KeptFor {
  /** It enters other network namespaces. */
  readonly namespaces: boolean;
  /** It looks through /proc for the owners of sockets all the time. */
  readonly searches: boolean;
}

/**
 * Becomes another user, keeping what an open tap still needs: CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON to join interfaces
 * that appear, CAP_SYS_PTRACE to read the paths of other users' processes. Put by for the moments that ask for them are
 * CAP_DAC_READ_SEARCH, to read what containers' runtimes and the cgroups tell root, and what enters other namespaces. Only this thread
 * keeps them.
 * @throws Error when there is no such user, SystemError when the system refuses
 */
export function dropPrivileges(user: string | Credentials, kept: KeptFor): void {
  const had = effective();
  const among = (bits: readonly number[]): number[] =>
    bits.filter((bit) => ((had >> BigInt(bit)) & 1n) === 1n);
  // Node's threads for files begin when they are first needed, with what their maker has: they begin now, before this thread is told
  // to keep its capabilities, and lose them with the user.
  stat('/', () => {});
  if (libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) !== 0)
    throw new SystemError('cannot keep capabilities', errno());
  becomeUser(user);
  const { NET_ADMIN, SYS_PTRACE, PERFMON, BPF, DAC_READ_SEARCH, SYS_ADMIN } = Capability;
  const always = [NET_ADMIN, SYS_PTRACE, PERFMON, BPF];
  const seldom: number[] = kept.namespaces ? [SYS_ADMIN] : [];
  (kept.searches ? always : seldom).push(DAC_READ_SEARCH);
  limitCapabilities(among(always), among(seldom));
}

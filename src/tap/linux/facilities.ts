// What this system lacks, and what is then less exact: told at the start, listed in docs/manual.md.

import { readlinkSync } from 'node:fs';

/** What the tap can do without. PKTAP_WITHOUT names some of them: it then does as if they were missing. */
export type Facility =
  | 'btf'
  | 'functions'
  | 'tracepoints'
  | 'cgroup2'
  | 'tcx'
  | 'clsact'
  | 'exec'
  | 'iterator';

/** Inode number of the first process ID namespace. Source: linux/proc_ns.h, PROC_PID_INIT_INO. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/** Whether a facility is taken for missing. */
export function goesWithout(facility: Facility): boolean {
  return (process.env['PKTAP_WITHOUT'] ?? '').split(',').includes(facility);
}

/** What is there. */
export interface Facilities {
  readonly knowsTasks: boolean;
  /** The kernel lets nobody read its memory. */
  readonly lockedDown: boolean;
  /** Every send and receive is told of. */
  readonly uses: boolean;
  /** Sockets are told of as they are created. */
  readonly creations: boolean;
  readonly executions: boolean;
  /** Trees are followed; null: none are asked for. */
  readonly trees: boolean | null;
  /** Dropped packets have owners; null: none are asked for. */
  readonly drops: boolean | null;
  /** Sockets that were there before have owners, whoever their processes' user is. */
  readonly claims: boolean;
}

/** @returns for each thing that is missing what is less exact, as one line */
export function lessExact(facilities: Facilities): string[] {
  const { knowsTasks, lockedDown, uses, creations, executions, trees, drops, claims } = facilities;
  const lines: string[] = [];
  if (!knowsTasks)
    lines.push(
      `${lockedDown ? 'this kernel is locked down (confidentiality)' : 'no BTF'}: names are those of threads; parents, start times and network namespaces are unknown`,
    );
  if (!uses && creations && !lockedDown)
    lines.push(
      'no socket tracepoints (6.5 has them): a forked worker that only reads and writes may keep its parent’s name',
    );
  if (!creations)
    lines.push(
      uses
        ? 'no cgroup2: a socket has no owner until its first send or receive is over'
        : 'no cgroup2: only sockets that are there now have owners',
    );
  if (!executions)
    lines.push('programs are not told of as they start: of those that live milliseconds, paths are unknown');
  if (trees === false)
    lines.push('trees of processes are found in /proc: a process whose parent is gone may be missed');
  if (drops === false)
    lines.push(
      'dropped packets have no processes: this kernel tells tracepoints nothing of sockets (5.11 does)',
    );
  if (!claims)
    lines.push(
      'no CAP_SYS_PTRACE: sockets of other users’ processes that are there now have no owner at first',
    );
  if (inPidNamespace())
    lines.push('a process ID namespace of its own: process IDs are the host’s, /proc does not know them');
  return lines;
}

function inPidNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') !== FIRST_PID_NAMESPACE;
  } catch {
    return false;
  }
}

// What /proc says of a process beyond what the kernel's hooks do. Source: proc(5).

import { readlinkSync } from 'node:fs';
import { nameText } from '../../../packet/index.js';
import { buildId } from './buildid.js';
import { readFile } from './guardedfiles.js';
import { readStat } from './trees.js';

/** Bytes of a command line that are kept: it may have megabytes. */
const MOST = 32 * 1024;

export interface ProcFacts {
  readonly path: string | null;
  readonly args: readonly string[] | null;
  readonly uuid: Uint8Array | null;
  /** Its cgroup in the cgroup2 hierarchy. */
  readonly cgroup: string | null;
  /** Its cgroups in all hierarchies, cgroup2's first. */
  readonly cgroups: readonly string[];
}

export const UNKNOWN: ProcFacts = { path: null, args: null, uuid: null, cgroup: null, cgroups: [] };

/** Which process is meant: the number may be another one's by now. */
export interface Identity {
  readonly pid: number;
  /** null: any. */
  readonly name: string | null;
  /** Clock ticks since boot, null: unknown. */
  readonly start: bigint | null;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function isThere({ pid, name, start }: Identity): boolean {
  const stat = readStat(pid);
  return (
    stat !== null &&
    (name === null || nameText(Buffer.from(stat.name, 'latin1')) === name) &&
    (start === null || stat.start === start)
  );
}

function commandLine(pid: number): readonly string[] | null {
  const bytes = readFile(`/proc/${pid}/cmdline`, MOST);
  const text = bytes === null ? '' : nameText(bytes);
  return text === '' ? null : text.replace(/\0$/, '').split('\0');
}

/** Paths of /proc/PID/cgroup, cgroup2's first. */
function cgroupsOf(pid: number): { path: string | null; all: string[] } {
  const text = readFile(`/proc/${pid}/cgroup`, MOST)?.toString('utf8') ?? '';
  let path: string | null = null;
  const all: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^(\d+):[^:]*:(.*)$/.exec(line);
    if (match === null) continue;
    if (match[1] === '0') {
      path = match[2]!;
      all.unshift(path);
    } else {
      all.push(match[2]!);
    }
  }
  return { path, all };
}

/** What /proc says of a process; nothing when the number belongs to another one by now. */
export function readProc(identity: Identity): ProcFacts {
  if (!isThere(identity)) return UNKNOWN;
  const { pid } = identity;
  const cgroups = cgroupsOf(pid);
  const facts: ProcFacts = {
    path: attempt(() => readlinkSync(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '') ?? null,
    args: attempt(() => commandLine(pid)),
    uuid: buildId(`/proc/${pid}/exe`),
    cgroup: cgroups.path,
    cgroups: cgroups.all,
  };
  // It may have ended, or become another program, while this was read.
  return isThere(identity) ? facts : UNKNOWN;
}

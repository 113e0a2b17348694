// Processes by what the kernel said of them: one object for each set of facts, the rest from /proc when asked for.

import { readFileSync, readlinkSync } from 'node:fs';
import { accountById } from '../../native/accounts.js';
import type { Container, Process } from '../../packet/index.js';
import { Owner } from './record.js';
import type { Lineage } from './trees.js';

/** Processes kept: more than live on a busy host at once, so that memory stays flat. */
const LIMIT = 16384;

/** Seconds between CLOCK_BOOTTIME's start and the epoch, in nanoseconds. */
export type BootTime = bigint;

/** A process the tap saw. Facts of /proc are read once, when first asked for: it may be gone by then. */
export class LiveProcess implements Process {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number | null;
  readonly uid: number;
  readonly startTime: bigint | null;
  readonly netns: number | null;
  readonly comment = null;
  private proc: ProcFacts | null = null;
  private readonly trees: number;
  private readonly byLineage: Lineage | null;

  constructor(
    facts: {
      pid: number;
      name: string;
      parentPid: number;
      uid: number;
      startTime: bigint | null;
      netns: number;
      trees: number;
    },
    lineage: Lineage | null,
  ) {
    this.pid = facts.pid;
    this.name = facts.name;
    this.parentPid = facts.parentPid === 0 ? null : facts.parentPid;
    this.uid = facts.uid;
    this.startTime = facts.startTime;
    this.netns = facts.netns === 0 ? null : facts.netns;
    this.trees = facts.trees;
    this.byLineage = lineage;
  }

  private facts(): ProcFacts {
    this.proc ??= readProc(this.pid, this.name);
    return this.proc;
  }

  get path(): string | null {
    return this.facts().path;
  }
  get args(): readonly string[] | null {
    return this.facts().args;
  }
  get user(): string | null {
    return accountById(this.uid)?.name ?? null;
  }
  get uuid(): Uint8Array | null {
    return this.facts().uuid;
  }
  get cgroup(): string | null {
    return this.facts().cgroup;
  }
  get lineage(): readonly number[] | null {
    return this.byLineage?.of(this.pid, this.trees) ?? null;
  }
  get container(): Container | null {
    return null;
  }
}

interface ProcFacts {
  readonly path: string | null;
  readonly args: readonly string[] | null;
  readonly uuid: Uint8Array | null;
  readonly cgroup: string | null;
}

const UNKNOWN: ProcFacts = { path: null, args: null, uuid: null, cgroup: null };

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** What /proc says of a process, unless the number belongs to another one by now. */
function readProc(pid: number, name: string): ProcFacts {
  const comm = attempt(() => readFileSync(`/proc/${pid}/comm`, 'latin1'));
  if (comm === null || comm.trimEnd() !== name) return UNKNOWN;
  const cmdline = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  const cgroups = attempt(() => readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
  return {
    path: attempt(() => readlinkSync(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '') ?? null,
    args: cmdline === null || cmdline === '' ? null : cmdline.replace(/\0$/, '').split('\0'),
    uuid: attempt(() => buildId(readFileSync(`/proc/${pid}/exe`))),
    cgroup: cgroups?.match(/^0::(.*)$/m)?.[1] ?? null,
  };
}

/**
 * The first 16 bytes of an ELF file's build ID (NT_GNU_BUILD_ID), or null.
 * @param file the whole file
 */
export function buildId(file: Buffer): Uint8Array | null {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[5] !== 1) return null;
  const wide = file[4] === 2;
  const table = wide ? Number(file.readBigUInt64LE(32)) : file.readUInt32LE(28);
  const entry = file.readUInt16LE(wide ? 54 : 42);
  const count = file.readUInt16LE(wide ? 56 : 44);
  for (let i = 0, at = table; i < count && at + entry <= file.length; i++, at += entry) {
    if (file.readUInt32LE(at) !== 4) continue; // PT_NOTE
    const start = wide ? Number(file.readBigUInt64LE(at + 8)) : file.readUInt32LE(at + 4);
    const size = wide ? Number(file.readBigUInt64LE(at + 32)) : file.readUInt32LE(at + 16);
    const end = Math.min(start + size, file.length);
    for (let note = start; note + 12 <= end; ) {
      const nameSize = file.readUInt32LE(note);
      const descriptionSize = file.readUInt32LE(note + 4);
      const description = note + 12 + ((nameSize + 3) & ~3);
      if (file.readUInt32LE(note + 8) === 3 && descriptionSize >= 16 && description + 16 <= end) {
        return new Uint8Array(file.subarray(description, description + 16));
      }
      note = description + ((descriptionSize + 3) & ~3);
    }
  }
  return null;
}

interface Known {
  readonly startLow: number;
  readonly startHigh: number;
  readonly comm: readonly [number, number, number, number];
  readonly uid: number;
  readonly process: LiveProcess;
}

/** The processes seen, by ID. */
export class ProcessTable {
  private readonly known = new Map<number, Known>();
  private readonly boot: BootTime;
  private readonly lineage: Lineage | null;

  /**
   * @param boot nanoseconds from the epoch to the system's start
   * @param lineage null: nobody asks who descends from whom
   */
  constructor(boot: BootTime, lineage: Lineage | null) {
    this.boot = boot;
    this.lineage = lineage;
  }

  /**
   * @param words the ring as u32s
   * @param at index of the owner's first word
   * @returns the process, the same object as long as its facts are the same; null for none
   */
  find(words: Uint32Array, at: number): LiveProcess | null {
    const pid = words[at]!;
    if (pid === 0) return null;
    const known = this.known.get(pid);
    const comm = at + Owner.COMM / 4;
    const start = at + Owner.START / 4;
    const uid = words[at + Owner.UID / 4]!;
    if (
      known !== undefined &&
      known.startLow === words[start] &&
      known.startHigh === words[start + 1] &&
      known.uid === uid &&
      known.comm[0] === words[comm] &&
      known.comm[1] === words[comm + 1] &&
      known.comm[2] === words[comm + 2] &&
      known.comm[3] === words[comm + 3]
    ) {
      return known.process;
    }
    return this.add(words, at, pid);
  }

  private add(words: Uint32Array, at: number, pid: number): LiveProcess {
    const comm = at + Owner.COMM / 4;
    const start = at + Owner.START / 4;
    const startLow = words[start]!;
    const startHigh = words[start + 1]!;
    const sinceBoot = (BigInt(startHigh) << 32n) | BigInt(startLow);
    const bytes = Buffer.from(words.slice(comm, comm + 4).buffer);
    const end = bytes.indexOf(0);
    let process = new LiveProcess(
      {
        pid,
        name: bytes.toString('utf8', 0, end < 0 ? 16 : end),
        parentPid: words[at + Owner.PPID / 4]!,
        uid: words[at + Owner.UID / 4]!,
        startTime: sinceBoot === 0n ? null : sinceBoot + this.boot,
        netns: words[at + Owner.NETNS / 4]!,
        trees: words[at + Owner.SEEN / 4]! >>> 16,
      },
      this.lineage,
    );
    // /proc counts the start in hundredths of a second, the hooks in nanoseconds: still the same process.
    const before = this.known.get(pid)?.process;
    if (
      before !== undefined &&
      before.name === process.name &&
      before.uid === process.uid &&
      before.startTime !== null &&
      process.startTime !== null &&
      before.startTime / 10_000_000n - process.startTime / 10_000_000n <= 1n &&
      process.startTime / 10_000_000n - before.startTime / 10_000_000n <= 1n
    ) {
      process = before;
    }
    if (this.known.size >= LIMIT) this.known.delete(this.known.keys().next().value!);
    this.known.set(pid, {
      startLow,
      startHigh,
      comm: [words[comm]!, words[comm + 1]!, words[comm + 2]!, words[comm + 3]!],
      uid: process.uid,
      process,
    });
    return process;
  }
}

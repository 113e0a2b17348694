// Processes by what the kernel said of them: one object for each set of facts, the rest from /proc when asked for.

import { type Container, nameText, type Process } from '../../../packet/index.js';
import { accountById } from '../../../system/index.js';
import { Owner } from '../ebpf/record.js';
import { CgroupPaths } from './cgroups.js';
import { Containers } from './containers.js';
import { executableBuildId } from './executablefile.js';
import type { Executions } from './executions.js';
import { type ProcFacts, readProc, UNKNOWN } from './procfacts.js';
import type { Lineage } from './trees.js';

/** Processes kept: more than live on a busy host at once, so that memory stays flat. */
const LIMIT = 16384;

/** Bytes of paths and command lines that are kept: thousands of processes may have the longest. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Nanoseconds of a clock tick as /proc counts, the same on every architecture Linux runs on here. */
const TICK = 10_000_000n;

/** Seconds between CLOCK_BOOTTIME's start and the epoch, in nanoseconds. */
export type BootTime = bigint;

/** What is asked about a process's place among others. */
interface Surroundings {
  readonly lineage: Lineage;
  readonly executions: Executions | null;
  readonly cgroups: CgroupPaths;
  readonly containers: Containers;
  /** Told of what a process's facts take, once they are read. */
  readonly grown: (process: LiveProcess) => void;
}

/** A process the tap saw. Facts of /proc are read once, when first asked for: it may be gone by then. */
export class LiveProcess implements Process {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number | null;
  readonly uid: number;
  readonly startTime: bigint | null;
  readonly netns: number | null;
  /** Start in clock ticks since boot, as /proc says it. */
  readonly start: bigint | null;
  /** Which of its programs, as the kernel counts them; 0: unknown. */
  readonly program: bigint;
  readonly comment = null;
  private proc: ProcFacts | null = null;
  /** Bytes of its facts, once they are read. */
  bytes = 0;
  private ancestors: readonly number[] | null = null;
  private readonly trees: number;
  private readonly cgroupId: bigint;
  private readonly surroundings: Surroundings;

  constructor(
    facts: {
      pid: number;
      name: string;
      parentPid: number;
      uid: number;
      startTime: bigint | null;
      netns: number;
      trees: number;
      start: bigint | null;
      program: bigint;
      cgroupId: bigint;
    },
    surroundings: Surroundings,
  ) {
    this.pid = facts.pid;
    this.name = facts.name;
    this.parentPid = facts.parentPid === 0 ? null : facts.parentPid;
    this.uid = facts.uid;
    this.startTime = facts.startTime;
    this.netns = facts.netns === 0 ? null : facts.netns;
    this.trees = facts.trees;
    this.start = facts.start;
    this.program = facts.program;
    this.cgroupId = facts.cgroupId;
    this.surroundings = surroundings;
  }

  private facts(): ProcFacts {
    if (this.proc === null) {
      this.proc = this.read();
      const { path, args } = this.proc;
      this.bytes = 2 * ((path?.length ?? 0) + (args ?? []).reduce((sum, arg) => sum + arg.length + 16, 0));
      this.surroundings.grown(this);
    }
    return this.proc;
  }

  /** What /proc says, and what was told as its program was started. /proc alone may be of the program that it became since. */
  private read(): ProcFacts {
    const { executions } = this.surroundings;
    const program = executions?.of(this) ?? null;
    if (program === null) return executions?.isPast(this) ? UNKNOWN : readProc(this);
    // It is known by its program: names change.
    const facts = readProc({ pid: this.pid, start: this.start, name: null });
    const { path, file } = program;
    // Where the kernel told no file, the path is as it was given: /proc's is the better one.
    if (facts.path !== null && (path === null || file === null || facts.path === path)) return facts;
    const uuid = path === null || file === null ? null : executableBuildId(path, file, this.parentPid);
    const args = facts.path === null ? (facts.args ?? program.args) : program.args;
    return { ...facts, path, args, uuid };
  }

  /** Reads now what /proc says: it may be gone when it is asked for. */
  keep(): void {
    const { lineage } = this.surroundings;
    if (lineage.asked) this.ancestors ??= lineage.of(this.pid, this.trees);
    this.facts();
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
    return this.facts().cgroup ?? this.surroundings.cgroups.of(this.cgroupId);
  }
  get lineage(): readonly number[] {
    return this.ancestors ?? this.surroundings.lineage.of(this.pid, this.trees);
  }
  get container(): Container | null {
    const { cgroups } = this.facts();
    const cgroup = this.cgroup;
    return this.surroundings.containers.of(cgroups.length > 0 || cgroup === null ? cgroups : [cgroup]);
  }
}

interface Known {
  readonly startLow: number;
  readonly startHigh: number;
  /** Its lower half: no process has run so many. */
  readonly program: number;
  readonly comm: readonly [number, number, number, number];
  readonly uid: number;
  readonly process: LiveProcess;
}

/** The processes seen, by ID. */
export class ProcessTable {
  private readonly known = new Map<number, Known>();
  /** Of the facts of all that are known. */
  private bytes = 0;
  private readonly boot: BootTime;
  private readonly surroundings: Surroundings;

  /**
   * @param boot nanoseconds from the epoch to the system's start
   * @param cgroup descriptor of the cgroup2 hierarchy's root, -1: none
   * @param executions programs that were started since
   * @param mayWait whether packets may wait a little for what is said of a process
   */
  constructor(
    boot: BootTime,
    lineage: Lineage,
    cgroup = -1,
    executions: Executions | null = null,
    mayWait = (): boolean => true,
  ) {
    this.boot = boot;
    const cgroups = new CgroupPaths(cgroup);
    this.surroundings = {
      lineage,
      executions,
      cgroups,
      containers: new Containers('', undefined, mayWait),
      grown: (process) => this.grown(process),
    };
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
      known.program === words[at + Owner.PROGRAM / 4] &&
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

  /** A process runs another program from now on: what was known of it is of the old one. */
  forget(pid: number): void {
    const known = this.known.get(pid);
    if (known === undefined) return;
    this.bytes -= known.process.bytes;
    this.known.delete(pid);
  }

  /** A process's facts were read: of those that are known longest some are forgotten when all take too much. */
  private grown(process: LiveProcess): void {
    if (this.known.get(process.pid)?.process !== process) return;
    this.bytes += process.bytes;
    for (const pid of this.known.keys()) {
      if (this.bytes <= MOST_BYTES) return;
      if (pid !== process.pid) this.forget(pid);
    }
  }

  /** The capture is over: processes that somebody keeps ask nothing of its descriptors any more. */
  close(): void {
    this.surroundings.cgroups.close();
    this.surroundings.containers.close();
  }

  private add(words: Uint32Array, at: number, pid: number): LiveProcess {
    const comm = at + Owner.COMM / 4;
    const start = at + Owner.START / 4;
    const startLow = words[start]!;
    const startHigh = words[start + 1]!;
    const cgroup = at + Owner.CGROUP / 4;
    const program = at + Owner.PROGRAM / 4;
    const sinceBoot = (BigInt(startHigh) << 32n) | BigInt(startLow);
    const bytes = Buffer.from(words.slice(comm, comm + 4).buffer);
    const end = bytes.indexOf(0);
    let process = new LiveProcess(
      {
        pid,
        name: nameText(bytes, 0, end < 0 ? 16 : end),
        parentPid: words[at + Owner.PPID / 4]!,
        uid: words[at + Owner.UID / 4]!,
        startTime: sinceBoot === 0n ? null : sinceBoot + this.boot,
        netns: words[at + Owner.NETNS / 4]!,
        trees: words[at + Owner.SEEN / 4]! >>> 16,
        start: sinceBoot === 0n ? null : sinceBoot / TICK,
        program: (BigInt(words[program + 1]!) << 32n) | BigInt(words[program]!),
        cgroupId: (BigInt(words[cgroup + 1]!) << 32n) | BigInt(words[cgroup]!),
      },
      this.surroundings,
    );
    // /proc counts the start in hundredths of a second, the hooks in nanoseconds: still the same process.
    const before = this.known.get(pid)?.process;
    if (
      before !== undefined &&
      before.name === process.name &&
      before.uid === process.uid &&
      (before.program === process.program || before.program === 0n || process.program === 0n) &&
      before.startTime !== null &&
      process.startTime !== null &&
      before.startTime / 10_000_000n - process.startTime / 10_000_000n <= 1n &&
      process.startTime / 10_000_000n - before.startTime / 10_000_000n <= 1n
    ) {
      process = before;
    }
    this.forget(pid);
    if (this.known.size >= LIMIT) this.forget(this.known.keys().next().value!);
    this.bytes += process.bytes;
    this.known.set(pid, {
      startLow,
      startHigh,
      program: words[program]!,
      comm: [words[comm]!, words[comm + 1]!, words[comm + 2]!, words[comm + 3]!],
      uid: process.uid,
      process,
    });
    return process;
  }
}

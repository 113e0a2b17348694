// Who holds a socket, by /proc: looked for where it most likely is, and then among the relatives of whoever has it. A number
// is trusted only with the start of its process, and a descriptor only when it leads to the socket now.

import { readdirSync } from 'node:fs';
import { milliseconds } from '../../../builtin.js';
import { descriptors, descriptorsOf, socketAt } from '../../../system/index.js';
import { ticksSinceBoot } from '../clock.js';
import { readFile } from './guardedfiles.js';
import type { Newcomers } from './newcomers.js';
import { allProcesses, type ProcStat, readStat } from './trees.js';
import { useOf } from './waiters.js';

/** A process's descriptor of a socket. */
export interface Holder {
  readonly pid: number;
  readonly fd: number;
  /** Clock ticks since boot. */
  readonly start: bigint;
  readonly parent: number;
}

/** A descriptor, as it was seen: the process may be gone since. */
export interface Spot {
  readonly pid: number;
  readonly fd: number;
  /** When it was, in clock ticks since boot. */
  readonly ticks: bigint;
}

/** A walk over /proc may take a tenth of the time. */
const WALK_SHARE = 10;
/** Milliseconds that packets may wait for it. */
const PAUSE = 200;
/** Processes whose children are counted. */
const MOST_COUNTED = 16384;
/** Milliseconds that a search among the likely ones may take. */
const SEARCH = 10;
/** Sockets that are noted. */
const MOST_NOTED = 200_000;
/** Processes whose sockets were asked for last. */
const MOST_RECENT = 16;
/** Descriptors of a process that may be looked at without asking whether it is a thread. */
const FEW = 32;
const SIGCHLD_BIT = 1n << 16n;
/** Relatives that are looked at. */
const MOST_RELATIVES = 256;

/** Children of every thread of a process. */
export function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads
    .slice(0, MOST_RELATIVES)
    .flatMap((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 65536)?.toString().split(' ') ?? [])
    .filter((word) => word !== '')
    .map(Number);
}

/** Whether a descriptor leads to a socket still, and is the same process's. */
export function holds(holder: Holder, inode: number): boolean {
  return socketAt(holder.pid, holder.fd) === inode && readStat(holder.pid)?.start === holder.start;
}

export class Holders {
  private readonly newcomers: Newcomers;
  /** By inode number, from the last walk and since. */
  private noted = new Map<number, Holder[]>();
  /** Page faults of children that processes with sockets had waited for, and when. */
  private readonly counted = new Map<number, { start: bigint; faults: number; stamp: number }>();
  private readonly recent = new Set<number>();
  private nextWalk = 0;
  /** The walk that is under way: what it found, and who is left. */
  private found = new Map<number, Holder[]>();
  private left: number[] = [];

  constructor(newcomers: Newcomers) {
    this.newcomers = newcomers;
  }

  /**
   * A process that holds a socket: the first that is found.
   * @param hints processes that are looked at before others
   * @param thoroughly whether all of /proc may be looked through
   */
  first(inode: number, hints: Iterable<number>, thoroughly: boolean): Holder | null {
    const found = confirm(this.spot(inode, hints), inode);
    if (found !== null) this.remember(found.pid);
    if (found !== null || !thoroughly || !this.walk()) return found;
    return this.noted.get(inode)?.find((holder) => holds(holder, inode)) ?? null;
  }

  /** Only the descriptor, to be confirmed soon: where there is no time for more. */
  spot(inode: number, hints: Iterable<number>): Spot | null {
    if (inode === 0) return null;
    const noted = this.noted.get(inode)?.find((holder) => holds(holder, inode));
    return noted === undefined ? this.search(inode, hints) : { ...noted, ticks: noted.start + 1n };
  }

  /** Every process that holds a socket, as far as is known, or they descend from each other. */
  all(inode: number, first: Holder | null): readonly Holder[] {
    if (first === null) return [];
    const others = this.noted
      .get(inode)
      ?.filter((holder) => holder.pid !== first.pid && holds(holder, inode));
    const all = withRelatives([first, ...(others ?? [])], inode);
    this.note(inode, all);
    return all;
  }

  private search(inode: number, hints: Iterable<number>): Spot | null {
    const seen = new Set<number>();
    const end = milliseconds() + SEARCH;
    for (const pids of [hints, this.newcomers.list(), [...this.recent].reverse()]) {
      for (const pid of pids) {
        if (seen.has(pid) || pid === process.pid) continue;
        seen.add(pid);
        if (seen.size % 8 === 0 && milliseconds() > end) return null;
        const fd = descriptorOf(pid, inode);
        if (fd >= 0) return { pid, fd, ticks: ticksSinceBoot() };
      }
    }
    return null;
  }

  /**
   * Whether a process has no child, and had none since a time, as far as /proc tells: then nobody did its work for it. What
   * it says of children that are gone is compared with what it said before that time.
   * @param stamp microseconds since the epoch
   */
  alone({ pid, start }: Holder, stamp: number): boolean {
    const stat = readStat(pid);
    if (stat === null || stat.start !== start) return false;
    const before = this.counted.get(pid);
    const same = before?.start === start && before.faults === stat.childFaults;
    if (!same) this.count(pid, stat);
    if (!same || before.stamp >= stamp) return false;
    const status = readFile(`/proc/${pid}/status`, 4096)?.toString('latin1') ?? '';
    const ignored = /^SigIgn:\t([0-9a-f]+)/m.exec(status)?.[1];
    // Who ignores SIGCHLD waits for no child, and so counts none.
    if (ignored === undefined || (BigInt(`0x${ignored}`) & SIGCHLD_BIT) !== 0n) return false;
    return childrenOf(pid).length === 0;
  }

  /** What a process said the last time of children that it had waited for; what it says now is noted. */
  faultsBefore({ pid, start }: Holder): number {
    const before = this.counted.get(pid);
    const stat = readStat(pid);
    if (stat === null || stat.start !== start) return -1;
    if (before?.start !== start || before.faults !== stat.childFaults) this.count(pid, stat);
    return before?.start === start ? before.faults : stat.childFaults;
  }

  /** Notes what a process says of children that it has waited for. */
  private count(pid: number, { start, childFaults }: ProcStat): void {
    if (this.counted.size >= MOST_COUNTED) this.counted.delete(this.counted.keys().next().value!);
    this.counted.set(pid, { start, faults: childFaults, stamp: Date.now() * 1000 });
  }

  private note(inode: number, holders: Holder[]): void {
    if (this.noted.size >= MOST_NOTED) this.noted.delete(this.noted.keys().next().value!);
    this.noted.set(inode, holders);
  }

  private remember(pid: number): void {
    this.recent.delete(pid);
    this.recent.add(pid);
    if (this.recent.size > MOST_RECENT) this.recent.delete(this.recent.values().next().value!);
  }

  /**
   * Notes who holds which socket, the newest processes first: they are the first to be gone. What takes longer than a pause
   * may be goes on the next time.
   * @returns whether it was time for it
   */
  walk(): boolean {
    const begin = milliseconds();
    if (begin < this.nextWalk) return false;
    if (this.left.length === 0) {
      this.left = allProcesses().sort((a, b) => a - b);
      this.found = new Map();
    }
    let end = begin;
    while (this.left.length > 0 && end - begin < PAUSE) {
      this.noteAll(this.left.pop()!);
      end = milliseconds();
    }
    if (this.left.length === 0) this.noted = this.found;
    this.nextWalk = end + (end - begin) * WALK_SHARE;
    return true;
  }

  private noteAll(pid: number): void {
    const stat = pid === process.pid ? null : readStat(pid);
    if (stat === null) return;
    const count = descriptorsOf(pid);
    if (count > 0 && this.counted.get(pid)?.start !== stat.start) this.count(pid, stat);
    for (let i = 0; i < count; i++) {
      const fd = descriptors[i]!;
      const inode = socketAt(pid, fd);
      if (inode <= 0) continue;
      const holder = { pid, fd, start: stat.start, parent: stat.parent };
      const others = this.found.get(inode);
      if (others !== undefined) {
        if (others.length < MOST_RELATIVES) others.push(holder);
      } else if (this.found.size < MOST_NOTED) {
        this.found.set(inode, [holder]);
        // Of use before the round is over.
        if (!this.noted.has(inode)) this.note(inode, [holder]);
      }
    }
  }
}

/** A process's descriptor of a socket, or -1. */
function descriptorOf(pid: number, inode: number): number {
  const count = descriptorsOf(pid);
  // Of a process with many, only its own number counts: each of its threads shows them all.
  if (count > FEW && leaderOf(pid) !== pid) return -1;
  // The last is often the newest.
  for (let i = count - 1; i >= 0; i--) {
    const fd = descriptors[i]!;
    if (socketAt(pid, fd) === inode) return fd;
  }
  return -1;
}

/** Whose descriptor it is: a thread's number stands for its process. */
export function confirm(spot: Spot | null, inode: number): Holder | null {
  if (spot === null) return null;
  const { fd } = spot;
  const pid = leaderOf(spot.pid);
  const stat = readStat(pid);
  // The number may be another process's since: one that was started later.
  if (stat === null || (stat.start >= spot.ticks && socketAt(pid, fd) !== inode)) return null;
  return { pid, fd, start: stat.start, parent: stat.parent };
}

/** A process's descriptor when it leads to the socket, or null. */
function holderAt(pid: number, fd: number, inode: number): Holder | null {
  return fd < 0 || socketAt(pid, fd) !== inode ? null : confirm({ pid, fd, ticks: 0n }, inode);
}

/** The process of a thread. */
function leaderOf(thread: number): number {
  const status = readFile(`/proc/${thread}/status`, 4096)?.toString('latin1') ?? '';
  return Number(/^Tgid:\t(\d+)/m.exec(status)?.[1] ?? 0);
}

/** Adds those that got the descriptor by a fork: it has the same number there. */
function withRelatives(found: readonly Holder[], inode: number): Holder[] {
  const all = new Map(found.map((holder) => [holder.pid, holder]));
  let looked = 0;
  const waiting = [...found];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    const { fd } = holder;
    for (const pid of [holder.parent, ...childrenOf(holder.pid)]) {
      if (all.has(pid) || pid < 1 || pid === process.pid || looked++ > MOST_RELATIVES) continue;
      // What was made standard input and output may have another number in the parent.
      const relative =
        pid === holder.parent && fd <= 2
          ? holderAt(pid, descriptorOf(pid, inode), inode)
          : holderAt(pid, fd, inode);
      if (relative === null) continue;
      all.set(pid, relative);
      waiting.push(relative);
    }
  }
  return [...all.values()];
}

/** The one process of several holders that works with the socket; null when that cannot be told. */
export function userOf(holders: readonly Holder[]): Holder | null {
  const [first] = holders;
  if (first === undefined || holders.every(({ pid }) => pid === first.pid)) return first ?? null;
  let best: Holder | null = null;
  let most = -1;
  for (const holder of holders) {
    const use = useOf(holder.pid, holder.fd);
    if (use < most) continue;
    best = use === most ? null : holder;
    most = use;
  }
  return most > 0 ? best : null;
}

// Trees of processes that a filter asks for: entered into the kernel's map of members, which then keeps it; and, where the
// kernel cannot, found out from /proc.

import { readdirSync, readFileSync } from 'node:fs';
import { COMMAND_TREE } from '../../../filter/index.js';
import {
  deleteFromMap,
  libc,
  lookupMap,
  openRawTracepoint,
  SystemError,
  updateMap,
} from '../../../system/index.js';
import { MEMBER as Member } from '../ebpf/layouts.js';
import type { Loader } from '../ebpf/loader.js';

const HOOKS = [
  ['process_forked', 'sched_process_fork'],
  ['process_freed', 'sched_process_free'],
] as const;

/** Looks at all processes at the start, each for what was forked during the last: more often only while a chain forks as fast as we look. */
const MOST_ROUNDS = 64;
/** Processes whose trees are remembered where the kernel follows none. */
const REMEMBERED = 16_384;

/** Who descends from whom, as far as is asked. */
export interface Lineage {
  /**
   * @param trees the bits that the kernel has of it
   * @returns process IDs of itself and of its ancestors, those that are asked for
   */
  of(pid: number, trees: number): readonly number[];
  /** Whether the capture asks for any. */
  readonly asked: boolean;
}

export interface ProcStat {
  readonly parent: number;
  /** Clock ticks since boot. */
  readonly start: bigint;
  readonly name: string;
  /** Page faults of the children it has waited for. */
  readonly childFaults: number;
}

/** What /proc/PID/stat says, or null when there is no such process. Source: proc_pid_stat(5). */
export function readStat(pid: number | 'self'): ProcStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const close = stat.lastIndexOf(')');
    const fields = stat.slice(close + 2).split(' ');
    return {
      parent: Number(fields[1]),
      start: BigInt(fields[19]!),
      name: stat.slice(stat.indexOf('(') + 1, close),
      childFaults: Number(fields[8]) + Number(fields[10]),
    };
  } catch {
    return null;
  }
}

export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Trees that the kernel follows. Bit i is the tree of `roots[i]`. */
export class KernelTrees implements Lineage {
  readonly asked = true;
  private readonly map: number;
  private readonly roots: readonly number[];
  private readonly lists = new Map<number, readonly number[]>();
  private readonly entered = new Map<number, number>();
  private readonly attachments: readonly number[];

  private constructor(map: number, roots: readonly number[], attachments: readonly number[]) {
    this.map = map;
    this.roots = roots;
    this.attachments = attachments;
    // What is forked while this looks is found in the next round, or entered by the hook.
    for (let rounds = 0; rounds < MOST_ROUNDS && this.enterAll(); rounds++);
  }

  /** @returns null where the kernel has too few tracepoints, or tells nothing of its types */
  static follow(loader: Loader, roots: readonly number[]): KernelTrees | null {
    if (!loader.knowsTasks) return null;
    const attachments: number[] = [];
    try {
      for (const [program, tracepoint] of HOOKS) {
        const fd = loader.tracepointHook(program, tracepoint);
        if (fd === null) break;
        try {
          attachments.push(openRawTracepoint(fd, null));
        } finally {
          libc().close(fd);
        }
      }
      if (attachments.length === HOOKS.length)
        return new KernelTrees(loader.map('members'), roots, attachments);
    } catch (error) {
      for (const attachment of attachments) libc().close(attachment);
      throw error;
    }
    for (const attachment of attachments) libc().close(attachment);
    return null;
  }

  /** Enters the members that /proc shows and that are not known yet. @returns whether there were any */
  private enterAll(): boolean {
    const stats = new Map<number, ProcStat>();
    for (const pid of allProcesses()) {
      const stat = readStat(pid);
      if (stat !== null) stats.set(pid, stat);
    }
    const found = new Map<number, number>();
    // Chains may be as long as there are processes: no call within a call.
    const bitsOf = (pid: number): number => {
      const chain: number[] = [];
      let bits = 0;
      for (let at = pid; at !== 0; at = stats.get(at)?.parent ?? 0) {
        const known = found.get(at);
        if (known !== undefined) {
          bits = known;
          break;
        }
        found.set(at, 0);
        chain.push(at);
      }
      for (const one of chain.reverse()) {
        const root = this.roots.indexOf(one);
        bits |= root < 0 ? 0 : 1 << root;
        found.set(one, bits);
      }
      return bits;
    };
    let more = false;
    for (const [pid, stat] of stats) {
      const bits = bitsOf(pid) | (this.entered.get(pid) ?? 0);
      if (bits === 0 || this.entered.get(pid) === bits) continue;
      this.entered.set(pid, bits);
      // Children of members are the hook's: a burst of forks must not keep us here.
      if ((this.bits(pid, stat.start) & bits) === bits) continue;
      this.enter(pid, stat.start, bits, false);
      more = true;
    }
    return more;
  }

  private enter(pid: number, start: bigint, trees: number, childrenOnly: boolean): void {
    const member = new Uint8Array(new ArrayBuffer(Member.SIZE));
    const view = new DataView(member.buffer);
    view.setBigUint64(Member.START, start, true);
    view.setUint32(Member.TREES, trees, true);
    view.setUint32(Member.CHILDREN_ONLY, childrenOnly ? 1 : 0, true);
    const result = updateMap(this.map, keyOf(pid), member, 0);
    if (result < 0) throw new SystemError('cannot follow a tree of processes', -result);
  }

  /** A process's bits now. */
  bits(pid: number, start: bigint): number {
    const member = new Uint8Array(new ArrayBuffer(Member.SIZE));
    if (!lookupMap(this.map, keyOf(pid), member)) return 0;
    const view = new DataView(member.buffer);
    if (view.getBigUint64(Member.START, true) !== start || view.getUint32(Member.CHILDREN_ONLY, true) !== 0)
      return 0;
    return view.getUint32(Member.TREES, true);
  }

  of(_: number, trees: number): readonly number[] {
    let list = this.lists.get(trees);
    if (list === undefined) {
      list = this.roots.filter((_, i) => (trees & (1 << i)) !== 0);
      this.lists.set(trees, list);
    }
    return list;
  }

  /**
   * Runs `start`: the process that it forks begins the command's tree.
   * @param self our own process ID as the kernel's hooks see it
   */
  launch(start: () => number | undefined, self: number): void {
    const born = readStat(process.pid)!.start;
    const own = this.bits(self, born);
    this.enter(self, born, own | (1 << this.roots.indexOf(COMMAND_TREE)), true);
    try {
      start();
    } finally {
      if (own === 0) deleteFromMap(this.map, keyOf(self));
      else this.enter(self, born, own, false);
    }
  }

  close(): void {
    for (const attachment of this.attachments) libc().close(attachment);
  }
}

function keyOf(pid: number): Uint8Array {
  return new Uint8Array(new Uint32Array([pid]).buffer);
}

const NONE: readonly number[] = [];

/** By /proc, when a process's first packet is looked at: one whose parents are gone by then is not found. */
export class ProcLineage implements Lineage {
  private command = -1;
  private readonly roots: ReadonlySet<number>;
  /** Of whom a process descends is what it is for all its life. */
  private readonly known = new Map<number, { readonly start: bigint; readonly list: readonly number[] }>();

  /** @param roots the process IDs that are asked for; where none are, all are told */
  constructor(roots: readonly number[]) {
    this.roots = new Set(roots);
  }

  get asked(): boolean {
    return this.roots.size > 0;
  }

  of(pid: number): readonly number[] {
    if (!this.asked) return this.all(pid);
    const chain: { readonly pid: number; readonly start: bigint }[] = [];
    const met = new Set<number>();
    let list: readonly number[] = NONE;
    for (let at = pid; at > 0 && !met.has(at); ) {
      const stat = readStat(at);
      if (stat === null) {
        // Its number is all that is left of it.
        list = this.with(at, list);
        break;
      }
      const known = this.known.get(at);
      if (known?.start === stat.start) {
        list = known.list;
        break;
      }
      met.add(at);
      chain.push({ pid: at, start: stat.start });
      at = stat.parent;
    }
    for (const one of chain.reverse()) {
      list = this.with(one.pid, list);
      this.known.delete(one.pid);
      this.known.set(one.pid, { start: one.start, list });
    }
    for (const oldest of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(oldest);
    }
    return list;
  }

  private all(pid: number): readonly number[] {
    const list = new Set<number>();
    for (let at = pid; at > 0 && !list.has(at); at = readStat(at)?.parent ?? 0) list.add(at);
    return [...list];
  }

  /** The same list for most of a chain. */
  private with(pid: number, list: readonly number[]): readonly number[] {
    const more = [pid, ...(pid === this.command ? [COMMAND_TREE] : [])].filter((one) => this.roots.has(one));
    return more.length === 0 ? list : [...list, ...more];
  }

  launch(start: () => number | undefined): void {
    this.command = start() ?? -1;
  }
}

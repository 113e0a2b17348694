// Sockets that are older than the tap: the kernel goes through who holds which, and writes down the owners by itself (kernel/claim.c).
// Of those that several processes hold, what these do with them decides (waiters.ts). No socket is opened here: nothing is left to close,
// where the last one to close a socket may have to wait for its peer.

import { readSync } from 'node:fs';
import {
  AttachType,
  BpfError,
  createLink,
  deleteFromMap,
  libc,
  openIterator,
  updateMap,
} from '../../../system/index.js';
import { threadMilliseconds } from '../clock.js';
import { HELD_SOCKET as Held } from '../ebpf/layouts.js';
import type { Loader } from '../ebpf/loader.js';
import { Owner } from '../ebpf/record.js';
import { goesWithout } from '../facilities.js';
import { readFile } from './guardedfiles.js';
import { ASKING, type Holder, MOST_HOLDERS, worksWith } from './holding.js';
import { Uses } from './waiters.js';

/** Entries that the kernel's map of decisions has. */
const MOST_DECIDED = 16_000;
/** Holders that are told of and remembered, of all such sockets. */
const MOST_TOLD = 1 << 18;
const BPF_ANY = 0;
const EAGAIN = 'EAGAIN';

/** What came of it. */
export interface Claimed {
  /** Sockets that several processes hold and nobody was asked about: they have no owner until they are used. */
  readonly left: number;
}

/**
 * Gives every socket that a process holds now its owner. What a hook wrote meanwhile is not touched.
 * @param seesAll whether /proc tells everything of other users' processes
 * @returns null where the kernel cannot do so
 */
export function claimByIterator(loader: Loader, seesAll: boolean): Claimed | null {
  if (goesWithout('iterator')) return null;
  let program: number | null = null;
  let link = -1;
  try {
    program = loader.iterator('socket_held', 'task_file');
    if (program === null) return null;
    link = createLink(program, 0, AttachType.TRACE_ITER);
    return claim(link, loader.map('multipath'), seesAll);
  } catch (error) {
    if (error instanceof BpfError) return null;
    throw error;
  } finally {
    if (link >= 0) libc().close(link);
    if (program !== null) libc().close(program);
  }
}

function claim(link: number, decisions: number, seesAll: boolean): Claimed {
  iterate(link, () => {});
  const told = new Told();
  iterate(link, (bytes) => told.take(bytes));
  if (told.sockets.size === 0) return { left: 0 };
  const { decided, left } = decide(told, seesAll);
  const value = new Uint8Array(new ArrayBuffer(Owner.SIZE));
  const view = new DataView(value.buffer);
  const entered: Uint8Array[] = [];
  for (const [socket, pid] of decided) {
    const key = new Uint8Array(new BigUint64Array([socket]).buffer);
    view.setUint32(Owner.PID, pid, true);
    if (updateMap(decisions, key, value, BPF_ANY) === 0) entered.push(key);
  }
  if (entered.length > 0) iterate(link, () => {});
  for (const key of entered) deleteFromMap(decisions, key);
  return { left: left + decided.size - entered.length };
}

/** Has the kernel go through all descriptors once. */
function iterate(link: number, take: (bytes: Buffer) => void): void {
  const fd = openIterator(link);
  const buffer = Buffer.alloc(1 << 16);
  try {
    for (;;) {
      let length = 0;
      try {
        length = readSync(fd, buffer, 0, buffer.length, null);
      } catch (error) {
        // It has gone through a million of them without a word, and asks whether it is to go on.
        if ((error as NodeJS.ErrnoException).code === EAGAIN) continue;
        throw error;
      }
      if (length === 0) return;
      take(buffer.subarray(0, length));
    }
  } finally {
    libc().close(fd);
  }
}

/** Holders of the sockets that several processes hold, as the kernel tells of them. */
class Told {
  readonly sockets = new Map<bigint, Holder[]>();
  /** Holders that there was no room for. */
  more = 0;
  private count = 0;
  private rest = Buffer.alloc(0);

  take(bytes: Buffer): void {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let at = 0;
    for (; at + Held.SIZE <= all.length; at += Held.SIZE) this.add(all, at);
    this.rest = Buffer.from(all.subarray(at));
  }

  private add(bytes: Buffer, at: number): void {
    const socket = bytes.readBigUInt64LE(at + Held.SOCKET);
    const holders = this.sockets.get(socket);
    if (this.count === MOST_TOLD) {
      if (holders === undefined) this.more++;
      return;
    }
    this.count++;
    const holder = { pid: bytes.readUInt32LE(at + Held.PID), original: bytes.readUInt32LE(at + Held.FD) };
    if (holders === undefined) this.sockets.set(socket, [holder]);
    // The youngest count: the kernel tells of the oldest first.
    else if (holders.push(holder) > MOST_HOLDERS) holders.shift();
  }
}

/** Who of their holders gets each socket, as far as there is time to ask. */
function decide(
  { sockets, more }: Told,
  seesAll: boolean,
): { decided: ReadonlyMap<bigint, number>; left: number } {
  const decided = new Map<bigint, number>();
  const uses = new Uses();
  const visible = new Map<number, boolean>();
  const until = threadMilliseconds() + ASKING;
  let left = more;
  for (const [socket, holders] of sockets) {
    const known = holders.every(({ pid }) => pid !== 0 && (seesAll || isVisible(pid, visible)));
    if (!known || decided.size === MOST_DECIDED || threadMilliseconds() > until) left++;
    else decided.set(socket, worksWith(holders.reverse(), uses).pid);
  }
  return { decided, left };
}

/** Whether /proc tells what a process does with its descriptors. */
function isVisible(pid: number, known: Map<number, boolean>): boolean {
  let visible = known.get(pid);
  if (visible === undefined) {
    visible = readFile(`/proc/${pid}/syscall`, 512) !== null;
    known.set(pid, visible);
  }
  return visible;
}

// Sockets that are older than the tap, where the kernel cannot go through them itself (claims.ts): duplicates of them are opened, and
// their owners written into the sockets.

import type { ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { builtin } from '../../../builtin.js';
import {
  descriptors,
  descriptorsOf,
  libc,
  lookupMap,
  SYSCALL,
  socketAt,
  updateMap,
} from '../../../system/index.js';
import { threadMilliseconds } from '../clock.js';
import { Owner, sealOwner } from '../ebpf/record.js';
import { ASKING, type Holder, MOST_HOLDERS, worksWith } from './holding.js';
import { allProcesses, type KernelTrees, readStat } from './trees.js';
import { Uses } from './waiters.js';

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const IPPROTO_MPTCP = 262;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const SO_PROTOCOL = 38;
const SO_COOKIE = 57;
const BPF_NOEXIST = 1;
/** Sockets that one child closes. */
const MOST_LINGERING = 200;
/** Clock ticks a second, in which /proc/PID/stat counts: the same on every architecture Linux runs on here. */
const TICKS = 100n;

/**
 * Writes the owner of every socket that a process holds now, and that may have packets. Where several hold one, who waits on it or watches it comes
 * first (waiters.ts), else the youngest: a worker rather than the server that forked it. What a hook wrote meanwhile is not
 * touched.
 * @param map descriptor of the SK_STORAGE map
 * @param multipath descriptor of the map of Multipath TCP's sockets
 * @param trees says which trees the owners belong to
 * @returns how many sockets that several processes hold were not looked at: they have no owner until they are used
 */
export function claimSockets(map: number, multipath: number, trees: KernelTrees | null): number {
  const { claims, left } = claimsByProcess();
  const key = new Uint8Array(new ArrayBuffer(4));
  const lingering: number[] = [];
  for (const [pid, originals] of claims) {
    const owner = ownerRecord(pid, trees);
    const pidfd = owner === null ? -1 : libc().syscall6(SYSCALL.pidfdOpen, pid, 0, 0, 0, 0);
    if (owner === null || pidfd < 0) continue;
    for (const original of originals) {
      const duplicate = libc().syscall6(SYSCALL.pidfdGetfd, pidfd, original, 0, 0, 0);
      if (duplicate < 0) continue;
      new DataView(key.buffer).setInt32(0, duplicate, true);
      updateMap(map, key, owner, BPF_NOEXIST);
      const cookie = multipathCookie(duplicate);
      if (cookie !== null) updateMap(multipath, cookie, owner, BPF_NOEXIST);
      if (lingers(duplicate)) lingering.push(duplicate);
      else libc().close(duplicate);
      if (lingering.length >= MOST_LINGERING) closeInChild(lingering.splice(0));
    }
    libc().close(pidfd);
  }
  if (lingering.length > 0) closeInChild(lingering);
  return left;
}

/**
 * Inode numbers of this namespace's Unix domain sockets: no packet is theirs, and a host has hundreds, held by several processes each.
 * Source: proc_pid_net(5), /proc/net/unix.
 */
function unixSockets(): Set<number> {
  const inodes = new Set<number>();
  try {
    const text = readFileSync('/proc/net/unix', 'latin1');
    for (const [, inode] of text.matchAll(/^[0-9a-f]+: \S+ \S+ \S+ \S+ \S+ +(\d+)/gm))
      inodes.add(Number(inode));
  } catch {
    // the kernel has none
  }
  return inodes;
}

/** The descriptors by which sockets are claimed, by process: of each socket one; and how many there was no time to ask about. */
function claimsByProcess(): { claims: Map<number, number[]>; left: number } {
  const holders = new Map<number, Holder[]>();
  const others = unixSockets();
  for (const pid of allProcesses().sort((a, b) => b - a)) {
    if (pid === process.pid) continue;
    const count = descriptorsOf(pid);
    for (let i = 0; i < count; i++) {
      const original = descriptors[i]!;
      const inode = socketAt(pid, original);
      if (inode <= 0 || others.has(inode)) continue;
      const known = holders.get(inode);
      if (known === undefined) holders.set(inode, [{ pid, original }]);
      else if (known.length < MOST_HOLDERS) known.push({ pid, original });
    }
  }
  const claims = new Map<number, number[]>();
  const uses = new Uses();
  const until = threadMilliseconds() + ASKING;
  let left = 0;
  for (const all of holders.values()) {
    if (all.length > 1 && threadMilliseconds() > until) {
      left++;
      continue;
    }
    const { pid, original } = all.length === 1 ? all[0]! : worksWith(all, uses);
    const originals = claims.get(pid);
    if (originals === undefined) claims.set(pid, [original]);
    else originals.push(original);
  }
  return { claims, left };
}

/** Whether closing a socket may wait: its owner may end meanwhile, and leave the last descriptor to us. */
function lingers(fd: number): boolean {
  const value = new Uint8Array(new ArrayBuffer(8));
  const length = new Uint8Array(new Uint32Array([value.length]).buffer);
  if (libc().getsockopt(fd, SOL_SOCKET, SO_LINGER, value, length) !== 0) return false;
  const view = new DataView(value.buffer);
  return view.getInt32(0, true) !== 0 && view.getInt32(4, true) > 0;
}

/**
 * Closes sockets without waiting for their peers. A process that ends does not wait (SO_LINGER is for a call of close), so
 * a child gets them, and ends when ours are closed.
 */
function closeInChild(duplicates: readonly number[]): void {
  let child: ChildProcess | null = null;
  try {
    child = builtin('node:child_process').spawn('cat', {
      stdio: ['pipe', 'ignore', 'ignore', ...duplicates],
    });
    child.on('error', () => {});
  } catch {
    // they are closed all the same
  }
  for (const fd of duplicates) {
    // Without a child a thread of its own may wait, not we.
    if (child?.pid === undefined) libc().close.async(fd, () => {});
    else libc().close(fd);
  }
  child?.stdin?.on('error', () => {});
  child?.stdin?.end();
  child?.unref();
}

/** The cookie of a Multipath TCP socket, null for others. */
function multipathCookie(fd: number): Uint8Array | null {
  const get = (option: number, size: number): Uint8Array | null => {
    const value = new Uint8Array(new ArrayBuffer(size));
    const length = new Uint8Array(new Uint32Array([size]).buffer);
    return libc().getsockopt(fd, SOL_SOCKET, option, value, length) === 0 ? value : null;
  };
  const protocol = get(SO_PROTOCOL, 4);
  if (protocol === null || new DataView(protocol.buffer).getInt32(0, true) !== IPPROTO_MPTCP) return null;
  return get(SO_COOKIE, 8);
}

/**
 * Our own process ID as the kernel's hooks see it: in a process ID namespace it is another one than `process.pid`. A new
 * socket's record says it.
 * @param map descriptor of the SK_STORAGE map
 */
export function ownProcessId(map: number): number {
  const fd = libc().socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) return process.pid;
  const owner = new Uint8Array(new ArrayBuffer(Owner.SIZE));
  const found = lookupMap(map, new Uint8Array(new Int32Array([fd]).buffer), owner);
  libc().close(fd);
  return found ? new DataView(owner.buffer).getUint32(Owner.PID, true) : process.pid;
}

/** Inode number of a process's network namespace, 0 for one that has ended and waits for its parent. */
function namespaceOf(pid: number): number {
  return (statSync(`/proc/${pid}/ns/net`, { throwIfNoEntry: false })?.ino ?? 0) >>> 0;
}

/** A process's owner record, as the hooks write it; null when it is gone. */
export function ownerRecord(pid: number, trees: KernelTrees | null = null): Uint8Array | null {
  const stat = readStat(pid);
  if (stat === null) return null;
  try {
    const record = new Uint8Array(new ArrayBuffer(Owner.SIZE));
    const view = new DataView(record.buffer);
    view.setUint32(Owner.PID, pid, true);
    view.setUint32(Owner.TID, pid, true);
    view.setUint32(
      Owner.UID,
      Number(readFileSync(`/proc/${pid}/status`, 'latin1').match(/^Uid:\t(\d+)/m)?.[1] ?? 0),
      true,
    );
    view.setUint32(Owner.PPID, stat.parent, true);
    record.set(Buffer.from(stat.name.slice(0, 15), 'latin1'), Owner.COMM);
    view.setBigUint64(Owner.START, (stat.start * 1_000_000_000n) / TICKS, true);
    view.setUint32(Owner.NETNS, namespaceOf(pid), true);
    view.setUint16(Owner.TREES, trees?.bits(pid, stat.start) ?? 0, true);
    sealOwner(record);
    return record;
  } catch {
    return null;
  }
}

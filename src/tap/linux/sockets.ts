// Sockets that are older than the tap: their owners, written into the sockets themselves.

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { lookupMap, updateMap } from '../../native/bpf.js';
import { libc, SYSCALL } from '../../native/libc.js';
import { Owner, sealOwner } from './record.js';
import { allProcesses, type KernelTrees, readStat } from './trees.js';

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const IPPROTO_MPTCP = 262;
const SOL_SOCKET = 1;
const SO_PROTOCOL = 38;
const SO_COOKIE = 57;
const BPF_NOEXIST = 1;
/** Clock ticks a second, in which /proc/PID/stat counts: the same on every architecture Linux runs on here. */
const TICKS = 100n;

/**
 * Writes the owner of every socket that a process holds now. Where several hold one, the youngest is taken: a worker
 * rather than the server that forked it. What a hook wrote meanwhile is not touched.
 * @param map descriptor of the SK_STORAGE map
 * @param multipath descriptor of the map of Multipath TCP's sockets
 * @param trees says which trees the owners belong to
 * @returns how many sockets got an owner
 */
export function claimSockets(map: number, multipath: number, trees: KernelTrees | null): number {
  let claimed = 0;
  const processes = allProcesses().sort((a, b) => b - a);
  const key = new Uint8Array(new ArrayBuffer(4));
  for (const pid of processes) {
    if (pid === process.pid) continue;
    const descriptors = socketsOf(pid);
    if (descriptors.length === 0) continue;
    const owner = ownerRecord(pid, trees);
    const pidfd = owner === null ? -1 : libc().syscall6(SYSCALL.pidfdOpen, pid, 0, 0, 0, 0);
    if (owner === null || pidfd < 0) continue;
    for (const descriptor of descriptors) {
      const duplicate = libc().syscall6(SYSCALL.pidfdGetfd, pidfd, descriptor, 0, 0, 0);
      if (duplicate < 0) continue;
      new DataView(key.buffer).setInt32(0, duplicate, true);
      if (updateMap(map, key, owner, BPF_NOEXIST) === 0) claimed++;
      const cookie = multipathCookie(duplicate);
      if (cookie !== null) updateMap(multipath, cookie, owner, BPF_NOEXIST);
      libc().close(duplicate);
    }
    libc().close(pidfd);
  }
  return claimed;
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

function socketsOf(pid: number): number[] {
  const found: number[] = [];
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return found;
  }
  for (const name of names) {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${name}`).startsWith('socket:')) found.push(Number(name));
    } catch {
      // closed in between
    }
  }
  return found;
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

// Who of several that hold a socket works with it: whoever waits on it in a system call comes before whoever watches it by
// epoll, and who only holds the descriptor comes last. Source: proc_pid_syscall(5), proc_pid_fdinfo(5), proc_pid_mem(5).

import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { readFile } from './guardedfiles.js';

/** What a process does with a socket, the more the larger. */
const Use = { HOLDS: 0, WATCHES: 1, WAITS: 2 } as const;

/** Threads and descriptors of a process that are looked at. */
const MOST_THREADS = 128;
const MOST_DESCRIPTORS = 1024;
const MOST_POLLED = 1024;
const MOST_WATCHED = 1024 * 1024;

type Kind = 'direct' | 'epoll' | 'poll' | 'select';

/** System calls that wait, by number. */
const WAITING: ReadonlyMap<number, Kind> = new Map(
  Object.entries<readonly number[]>(
    process.arch === 'x64'
      ? {
          // read write readv writev sendfile connect accept sendto recvfrom sendmsg recvmsg accept4 recvmmsg sendmmsg
          direct: [0, 1, 19, 20, 40, 42, 43, 44, 45, 46, 47, 288, 299, 307],
          epoll: [232, 281, 441],
          poll: [7, 271],
          select: [23, 270],
        }
      : {
          direct: [63, 64, 65, 66, 71, 203, 202, 206, 207, 211, 212, 242, 243, 269],
          epoll: [22, 441],
          poll: [73],
          select: [72],
        },
  ).flatMap(([kind, numbers]) => numbers.map((number): [number, Kind] => [number, kind as Kind])),
);

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A system call that a thread is in: its arguments. */
interface Call {
  readonly kind: Kind;
  readonly argument: readonly number[];
}

/** What processes do with their descriptors, at one time: of each process what does not depend on the descriptor is read once. */
export class Uses {
  private readonly waiting = new Map<number, readonly Call[]>();
  private readonly epolls = new Map<number, readonly number[]>();
  /** Descriptors of each epoll instance. */
  private readonly watched = new Map<string, ReadonlySet<number>>();

  /** What a process does with its descriptor `fd`, as far as /proc may be read. */
  of(pid: number, fd: number): number {
    if (this.callsOf(pid).some((call) => this.waits(pid, call, fd))) return Use.WAITS;
    return this.epollsOf(pid).some((epoll) => this.watches(pid, epoll, fd)) ? Use.WATCHES : Use.HOLDS;
  }

  /** The calls in which threads of a process wait. */
  private callsOf(pid: number): readonly Call[] {
    const known = this.waiting.get(pid);
    if (known !== undefined) return known;
    const calls: Call[] = [];
    for (const thread of list(`/proc/${pid}/task`).slice(0, MOST_THREADS)) {
      // The call's number and arguments, or `running`.
      const text = readFile(`/proc/${pid}/task/${thread}/syscall`, 512)?.toString('latin1') ?? '';
      const words = text.split(' ');
      const kind = WAITING.get(Number(words[0]));
      if (kind !== undefined && words.length >= 7) calls.push({ kind, argument: words.slice(1).map(Number) });
    }
    this.waiting.set(pid, calls);
    return calls;
  }

  private epollsOf(pid: number): readonly number[] {
    const known = this.epolls.get(pid);
    if (known !== undefined) return known;
    const epolls: number[] = [];
    for (const descriptor of list(`/proc/${pid}/fd`).slice(0, MOST_DESCRIPTORS)) {
      try {
        if (readlinkSync(`/proc/${pid}/fd/${descriptor}`) === 'anon_inode:[eventpoll]')
          epolls.push(Number(descriptor));
      } catch {
        // closed in between
      }
    }
    this.epolls.set(pid, epolls);
    return epolls;
  }

  /** Whether a call is on the descriptor. */
  private waits(pid: number, { kind, argument }: Call, fd: number): boolean {
    const [first, second] = argument as [number, number];
    switch (kind) {
      case 'direct':
        return (first | 0) === fd;
      case 'epoll':
        return this.watches(pid, first | 0, fd);
      case 'poll':
        return polls(pid, first, second, fd);
      case 'select':
        return fd < (first | 0) && [1, 2].some((i) => selects(pid, argument[i]!, fd));
    }
  }

  /** Whether an epoll instance has the descriptor. */
  private watches(pid: number, epoll: number, fd: number): boolean {
    const key = `${pid} ${epoll}`;
    let watched = this.watched.get(key);
    if (watched === undefined) {
      const text = readFile(`/proc/${pid}/fdinfo/${epoll}`, MOST_WATCHED)?.toString('latin1') ?? '';
      watched = new Set(Array.from(text.matchAll(/^tfd: +(\d+) /gm), ([, watchedFd]) => Number(watchedFd)));
      this.watched.set(key, watched);
    }
    return watched.has(fd);
  }
}

/** What a process does with its descriptor `fd` just now. */
export function useOf(pid: number, fd: number): number {
  return new Uses().of(pid, fd);
}

function memory(pid: number, address: number, length: number): Buffer | null {
  if (address === 0 || !Number.isSafeInteger(address)) return null;
  let file = -1;
  try {
    file = openSync(`/proc/${pid}/mem`, 'r');
    const bytes = Buffer.alloc(length);
    return readSync(file, bytes, 0, length, address) === length ? bytes : null;
  } catch {
    return null;
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/** Whether the array that poll was given has the descriptor. */
function polls(pid: number, address: number, count: number, fd: number): boolean {
  const bytes = memory(pid, address, 8 * Math.min(count, MOST_POLLED));
  for (let at = 0; bytes !== null && at < bytes.length; at += 8) {
    if (bytes.readInt32LE(at) === fd) return true;
  }
  return false;
}

/** Whether a set that select was given has the descriptor. */
function selects(pid: number, address: number, fd: number): boolean {
  const bytes = memory(pid, address, 8 * ((fd >> 6) + 1));
  return bytes !== null && (bytes[fd >> 3]! & (1 << (fd & 7))) !== 0;
}

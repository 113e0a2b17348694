// The C library's calls that Node does not offer, typed. All but poll and close are Linux's.

import { type Koffi, koffi } from './koffi.js';
import { C_LIBRARY, DARWIN, errorText } from './platform.js';

type Pointer = unknown;

interface Libc {
  syscall6: ((number: number, a: number, b: number, c: number, d: number, e: number) => number) & {
    async(
      number: number,
      a: number,
      b: number,
      c: number,
      d: number,
      e: number,
      done: (error: unknown, result: number) => void,
    ): void;
  };
  bpf: ((number: number, command: number, attributes: Uint8Array, size: number) => number) & {
    async(
      number: number,
      command: number,
      attributes: Uint8Array,
      size: number,
      done: (error: unknown, result: number) => void,
    ): void;
  };
  mmap(
    address: number,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): Pointer;
  munmap(address: Pointer, length: number): number;
  poll: ((fds: Uint8Array, count: number, timeout: number) => number) & {
    async(
      fds: Uint8Array,
      count: number,
      timeout: number,
      done: (error: unknown, result: number) => void,
    ): void;
  };
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  send(fd: number, data: Uint8Array, length: number, flags: number): number;
  recv(fd: number, data: Uint8Array, length: number, flags: number): number;
  close: ((fd: number) => number) & {
    async(fd: number, done: (error: unknown, result: number) => void): void;
  };
  setns(fd: number, type: number): number;
  clock_gettime(clock: number, time: Uint8Array): number;
  sysconf(name: number): number;
  if_nametoindex(name: string): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  capget(header: Uint8Array, data: Uint8Array): number;
  capset(header: Uint8Array, data: Uint8Array): number;
}

let loaded: Libc | null = null;

/** The C library, loaded at the first call. */
export function libc(): Libc {
  if (loaded === null) {
    const lib = koffi().load(C_LIBRARY);
    if (DARWIN) return darwinLibc(lib);
    loaded = {
      syscall6: lib.func('long syscall(long n, long a, long b, long c, long d, long e)'),
      bpf: lib.func('long syscall(long n, int command, void *attributes, uint size)'),
      mmap: lib.func(
        'void *mmap(uintptr_t address, size_t length, int protection, int flags, int fd, int64 offset)',
      ),
      munmap: lib.func('int munmap(void *address, size_t length)'),
      poll: lib.func('int poll(void *fds, ulong count, int timeout)'),
      socket: lib.func('int socket(int domain, int type, int protocol)'),
      bind: lib.func('int bind(int fd, void *address, uint length)'),
      setsockopt: lib.func('int setsockopt(int fd, int level, int name, void *value, uint length)'),
      getsockopt: lib.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
      send: lib.func('long send(int fd, void *data, size_t length, int flags)'),
      recv: lib.func('long recv(int fd, void *data, size_t length, int flags)'),
      close: lib.func('int close(int fd)'),
      clock_gettime: lib.func('int clock_gettime(int clock, void *time)'),
      sysconf: lib.func('long sysconf(int name)'),
      if_nametoindex: lib.func('uint if_nametoindex(const char *name)'),
      setns: lib.func('int setns(int fd, int type)'),
      prctl: lib.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)'),
      capget: lib.func('int capget(void *header, void *data)'),
      capset: lib.func('int capset(void *header, void *data)'),
    } as unknown as Libc;
  }
  return loaded;
}

/** macOS has poll and close as well; whoever asks for a call of Linux's there is told that it is no function. */
function darwinLibc(lib: ReturnType<Koffi['load']>): Libc {
  loaded = {
    poll: lib.func('int poll(void *fds, uint count, int timeout)'),
    close: lib.func('int close(int fd)'),
  } as unknown as Libc;
  return loaded;
}

/** errno of the last call made through `libc()`. */
export function errno(): number {
  return koffi().errno();
}

const SC_PAGESIZE = 30;

/** Bytes of the system's pages: 4 KiB, on arm64 16 or 64 as well. */
export function pageSize(): number {
  return libc().sysconf(SC_PAGESIZE);
}

/** How a descriptor is mapped: MAP_SHARED, MAP_PRIVATE. */
export const Mapping = { SHARED: 1, PRIVATE: 2 } as const;

/**
 * Maps `length` bytes of a descriptor.
 * @param protection PROT_ bits
 * @returns where they are
 * @throws SystemError that begins with `what`
 */
export function mapMemory(
  length: number,
  protection: number,
  fd: number,
  offset: number,
  what: string,
  mapping: number = Mapping.SHARED,
): Pointer {
  const pointer = libc().mmap(0, length, protection, mapping, fd, offset);
  const failed = pointer === null || BigInt.asIntN(64, BigInt(pointer as bigint)) === -1n;
  if (failed) throw new SystemError(what, errno());
  return pointer;
}

const O_CLOEXEC = 0x80000;

/** A pipe whose ends no program that is started gets by itself. @throws SystemError */
export function makePipe(): readonly [reading: number, writing: number] {
  const ends = new Int32Array(2);
  const at = Number(addressOf(new Uint8Array(ends.buffer)));
  if (libc().syscall6(SYSCALL.pipe2, at, O_CLOEXEC, 0, 0, 0) < 0) throw new SystemError('pipe', errno());
  return [ends[0]!, ends[1]!];
}

/** A view of `length` bytes of memory that the C library mapped. */
export function viewMemory(pointer: Pointer, length: number): ArrayBuffer {
  return koffi().view(pointer, length) as ArrayBuffer;
}

/**
 * Address of an array's first byte, for structures that hold pointers. The array must be kept until the call is over.
 */
export function addressOf(bytes: Uint8Array): bigint {
  return BigInt(koffi().address(bytes) as bigint | number);
}

/** A system call that failed: `errno` tells why. */
export class SystemError extends Error {
  readonly errno: number;
  constructor(what: string, number: number) {
    super(`${what}: ${errorText(number)}`);
    this.errno = number;
  }
}

/** Numbers of x64's own system calls. Source: arch/x86/entry/syscalls/syscall_64.tbl. */
const X64 = {
  flock: 73,
  recvmsg: 47,
  schedGetattr: 315,
  schedSetattr: 314,
  readlinkat: 267,
  openat: 257,
  getdents64: 217,
  bpf: 321,
  prlimit64: 302,
  setgroups: 116,
  setresuid: 117,
  setresgid: 119,
  openByHandleAt: 304,
  seccomp: 317,
  connect: 42,
  pipe2: 293,
};
/** Numbers of the architectures that share theirs. Source: include/uapi/asm-generic/unistd.h. */
const GENERIC: typeof X64 = {
  flock: 32,
  recvmsg: 212,
  schedGetattr: 275,
  schedSetattr: 274,
  readlinkat: 78,
  openat: 56,
  getdents64: 61,
  bpf: 280,
  prlimit64: 261,
  setgroups: 159,
  setresuid: 147,
  setresgid: 149,
  openByHandleAt: 265,
  seccomp: 277,
  connect: 203,
  pipe2: 59,
};
/** Where the numbers are not known: no call has this one, each fails with "Function not implemented". */
const UNKNOWN: typeof X64 = {
  flock: -1,
  recvmsg: -1,
  schedGetattr: -1,
  schedSetattr: -1,
  readlinkat: -1,
  openat: -1,
  getdents64: -1,
  bpf: -1,
  prlimit64: -1,
  setgroups: -1,
  setresuid: -1,
  setresgid: -1,
  openByHandleAt: -1,
  seccomp: -1,
  connect: -1,
  pipe2: -1,
};
const NUMBERS = new Map([
  ['x64', X64],
  ['arm64', GENERIC],
  ['riscv64', GENERIC],
  ['loong64', GENERIC],
]);

/** System call numbers that differ by architecture, or have no wrapper in older C libraries. */
export function systemCalls(arch: string): typeof X64 {
  return NUMBERS.get(arch) ?? UNKNOWN;
}

export const SYSCALL = {
  ...systemCalls(process.arch),
  // The same everywhere.
  openat2: 437,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  pidfdOpen: 434,
  pidfdGetfd: 438,
  landlockCreateRuleset: 444,
  landlockAddRule: 445,
  landlockRestrictSelf: 446,
} as const;

// bpf(2) as typed functions. Layouts of union bpf_attr: linux/bpf.h.

import { addressOf, errno, libc, SYSCALL, SystemError } from './libc.js';
import { raiseMemoryLock } from './limits.js';

const Command = {
  MAP_CREATE: 0,
  MAP_LOOKUP: 1,
  MAP_UPDATE: 2,
  MAP_DELETE: 3,
  PROG_LOAD: 5,
  PROG_TEST_RUN: 10,
  PROG_GET_NEXT_ID: 11,
  MAP_GET_NEXT_ID: 12,
  PROG_GET_FD_BY_ID: 13,
  OBJ_GET_INFO_BY_FD: 15,
  PROG_QUERY: 16,
  RAW_TRACEPOINT_OPEN: 17,
  BTF_LOAD: 18,
  MAP_LOOKUP_AND_DELETE_BATCH: 25,
  LINK_CREATE: 28,
  LINK_GET_NEXT_ID: 31,
  ITER_CREATE: 33,
} as const;

export const MapType = {
  HASH: 1,
  ARRAY: 2,
  PERCPU_ARRAY: 6,
  LRU_HASH: 9,
  SK_STORAGE: 24,
  RINGBUF: 27,
} as const;

export const ProgramType = {
  SCHED_CLS: 3,
  CGROUP_SOCK: 9,
  RAW_TRACEPOINT: 17,
  CGROUP_SOCK_ADDR: 18,
  CGROUP_SOCKOPT: 25,
  TRACING: 26,
} as const;

export const AttachType = {
  NONE: 0,
  CGROUP_INET_SOCK_CREATE: 2,
  CGROUP_INET4_CONNECT: 10,
  CGROUP_INET6_CONNECT: 11,
  CGROUP_INET4_POST_BIND: 12,
  CGROUP_INET6_POST_BIND: 13,
  CGROUP_UDP4_SENDMSG: 14,
  CGROUP_UDP6_SENDMSG: 15,
  CGROUP_UDP4_RECVMSG: 19,
  CGROUP_UDP6_RECVMSG: 20,
  CGROUP_SETSOCKOPT: 22,
  TRACE_RAW_TP: 23,
  TRACE_ITER: 28,
  CGROUP_INET4_GETPEERNAME: 29,
  CGROUP_INET6_GETPEERNAME: 30,
  TCX_INGRESS: 46,
  TCX_EGRESS: 47,
} as const;

/** Fields of one bpf(2) call, little by little: every architecture Node runs on here is little-endian. */
class Attributes {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly kept: Uint8Array[] = [];
  constructor(size: number) {
    this.bytes = new Uint8Array(new ArrayBuffer(size));
    this.view = new DataView(this.bytes.buffer);
  }
  u32(offset: number, value: number): this {
    this.view.setUint32(offset, value, true);
    return this;
  }
  u64(offset: number, value: bigint): this {
    this.view.setBigUint64(offset, value, true);
    return this;
  }
  pointer(offset: number, to: Uint8Array | null): this {
    if (to !== null) {
      this.kept.push(to);
      this.view.setBigUint64(offset, addressOf(to), true);
    }
    return this;
  }
  /** A field that the kernel fills in. */
  read(offset: number): number {
    return this.view.getUint32(offset, true);
  }
  name(offset: number, name: string): this {
    for (let i = 0; i < Math.min(15, name.length); i++) this.bytes[offset + i] = name.charCodeAt(i);
    return this;
  }
  /** @returns the call's result, or minus errno */
  call(command: number): number {
    const result = libc().bpf(SYSCALL.bpf, command, this.bytes, this.bytes.length);
    return result < 0 ? -errno() : result;
  }
}

const EPERM = 1;
const EAGAIN = 11;
const LOAD_TRIES = 20;

/** The kernel refuses something of eBPF. */
export class BpfError extends SystemError {}

/**
 * A call that makes a map or program. Kernels before 5.11 count their memory towards RLIMIT_MEMLOCK, 64 KiB of root's too, and
 * refuse with EPERM: then the limit is raised, for the rest of the run.
 */
function charged(attributes: Attributes, command: number): number {
  const result = attributes.call(command);
  return result === -EPERM && raiseMemoryLock() ? attributes.call(command) : result;
}

function checked(result: number, what: string): number {
  if (result < 0) throw new BpfError(what, -result);
  return result;
}

/** No descriptor: a call that is let through says so. */
const NO_FD = 0xffffffff;
const EBADF = 9;

/** Whether bpf(2) can be called at all, whatever it answers. Kernels may ask for CAP_BPF first. */
export function callAllowed(): boolean {
  const key = new Uint8Array(new ArrayBuffer(8));
  const attributes = new Attributes(32).u32(0, NO_FD).pointer(8, key).pointer(16, key);
  return attributes.call(Command.MAP_LOOKUP) === -EBADF;
}

export interface MapSpec {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

/**
 * @param btf descriptor and type IDs of key and value for maps that want them (SK_STORAGE), or null
 * @returns a map's descriptor
 */
export function createMap(spec: MapSpec, btf: { fd: number; key: number; value: number } | null): number {
  const attributes = new Attributes(72)
    .u32(0, spec.type)
    .u32(4, spec.keySize)
    .u32(8, spec.valueSize)
    .u32(12, spec.maxEntries)
    .u32(16, spec.flags)
    .name(28, spec.name);
  if (btf !== null) attributes.u32(48, btf.fd).u32(52, btf.key).u32(56, btf.value);
  return checked(charged(attributes, Command.MAP_CREATE), `cannot create the eBPF map ${spec.name}`);
}

/** @returns true when the key was there and `value` is filled */
export function lookupMap(fd: number, key: Uint8Array, value: Uint8Array): boolean {
  return new Attributes(32).u32(0, fd).pointer(8, key).pointer(16, value).call(Command.MAP_LOOKUP) === 0;
}

/**
 * @param flags 0 any, 1 BPF_NOEXIST
 * @returns 0, or minus errno
 */
export function updateMap(fd: number, key: Uint8Array, value: Uint8Array, flags: number): number {
  return new Attributes(32)
    .u32(0, fd)
    .pointer(8, key)
    .pointer(16, value)
    .u64(24, BigInt(flags))
    .call(Command.MAP_UPDATE);
}

/** Takes a key out of a map, if it is there. */
export function deleteFromMap(fd: number, key: Uint8Array): void {
  new Attributes(32).u32(0, fd).pointer(8, key).call(Command.MAP_DELETE);
}

const ENOENT = 2;

/**
 * Takes all entries out of a hash map, as many as there is room for. Since Linux 5.6.
 * @param most entries that the map may have
 * @param keys gets their keys, one behind the other
 * @param values gets their values
 * @returns how many there were
 * @throws BpfError
 */
export function takeFromMap(fd: number, most: number, keys: Uint8Array, values: Uint8Array): number {
  const next = new Uint8Array(new ArrayBuffer(8));
  const attributes = new Attributes(56)
    .pointer(8, next)
    .pointer(16, keys)
    .pointer(24, values)
    .u32(32, most)
    .u32(36, fd);
  const result = attributes.call(Command.MAP_LOOKUP_AND_DELETE_BATCH);
  // No such entry: there is none behind those that it gave.
  if (result !== -ENOENT) checked(result, 'cannot read the eBPF map of counts');
  return attributes.read(32);
}

export interface ProgramSpec {
  readonly name: string;
  readonly type: number;
  readonly attachType: number;
  /** Type ID in the kernel's BTF for tp_btf programs, else 0. */
  readonly attachBtfId: number;
  /** Instructions, 8 bytes each. */
  readonly instructions: Uint8Array;
  /** What its functions take: the descriptor of their types, and `struct bpf_func_info` of each. Null: the kernel is not told. */
  readonly functions: { readonly types: number; readonly info: Uint8Array } | null;
}

const FUNCTION_INFO_SIZE = 8;

/**
 * What is refused and why, without each instruction on the way there: that fills any buffer, and kernels before 6.4 then drop the
 * end, which is the reason. Source: linux/bpf_verifier.h.
 */
const LOG_STATS = 4;

const LICENSE = new Uint8Array([...'GPL\0'].map((c) => c.charCodeAt(0)));

const STATISTICS = /^(?:verification time|stack depth|processed|insns processed) ?/;

/** A program the verifier refused. */
export class VerifierError extends BpfError {
  /** The verifier's log. */
  readonly log: string;
  /** What it says last. */
  readonly detail: string;
  constructor(name: string, number: number, log: string) {
    const reasons = log.split('\n').filter((line) => line !== '' && !STATISTICS.test(line));
    super(`this kernel refuses the eBPF program ${name}`, number);
    this.log = log;
    this.detail = reasons.slice(-3).join('; ');
  }
}

function programAttributes(spec: ProgramSpec): Attributes {
  const attributes = new Attributes(148);
  if (spec.functions !== null) {
    const { types, info } = spec.functions;
    attributes
      .u32(72, types)
      .u32(76, FUNCTION_INFO_SIZE)
      .pointer(80, info)
      .u32(88, info.length / FUNCTION_INFO_SIZE);
  }
  return attributes
    .u32(0, spec.type)
    .u32(4, spec.instructions.length / 8)
    .pointer(8, spec.instructions)
    .pointer(16, LICENSE)
    .name(48, spec.name)
    .u32(68, spec.attachType)
    .u32(108, spec.attachBtfId);
}

/**
 * Loads a program on another thread, so that several are verified at once.
 * @returns its descriptor, or null when the kernel refused it: loadProgram says why
 */
export function loadProgramAside(spec: ProgramSpec): Promise<number | null> {
  const attributes = programAttributes(spec);
  return new Promise((done, fail) => {
    libc().bpf.async(
      SYSCALL.bpf,
      Command.PROG_LOAD,
      attributes.bytes,
      attributes.bytes.length,
      (error, result) => {
        if (error !== null && error !== undefined) fail(error);
        // The attributes are looked at again, so that they and what they point to are there until now.
        else done(result >= 0 && attributes.bytes.length > 0 ? result : null);
      },
    );
  });
}

/**
 * Loads a program; when it is refused, loads it again for the verifier's log.
 * @returns its descriptor
 * @throws VerifierError
 */
export function loadProgram(spec: ProgramSpec): number {
  const load = (log: Uint8Array | null): number => {
    const attributes = programAttributes(spec);
    if (log !== null) attributes.u32(24, LOG_STATS).u32(28, log.length).pointer(32, log);
    // A signal that comes while a program is verified ends that: the next try is undisturbed, or one of some more.
    for (let tries = LOAD_TRIES; ; tries--) {
      const result = charged(attributes, Command.PROG_LOAD);
      if (result !== -EAGAIN || tries === 0) return result;
    }
  };
  const fd = load(null);
  if (fd >= 0) return fd;
  const log = new Uint8Array(new ArrayBuffer(1 << 16));
  const again = load(log);
  if (again >= 0) return again;
  const end = log.indexOf(0);
  throw new VerifierError(spec.name, -fd, Buffer.from(log.subarray(0, Math.max(0, end))).toString('latin1'));
}

/** Runs a SCHED_CLS program over a packet: its return value. For tests. */
export function testRun(fd: number, packet: Uint8Array): number {
  const attributes = new Attributes(80).u32(0, fd).u32(8, packet.length).pointer(16, packet);
  checked(attributes.call(Command.PROG_TEST_RUN), 'cannot run the eBPF program');
  return new DataView(attributes.bytes.buffer).getUint32(4, true);
}

/** Loads BTF types. @returns their descriptor */
export function loadBtf(bytes: Uint8Array): number {
  return checked(
    new Attributes(32).pointer(0, bytes).u32(16, bytes.length).call(Command.BTF_LOAD),
    'cannot load BTF',
  );
}

/** In front of all that is attached there: BPF_F_BEFORE, relative to nothing. */
export const FIRST = 8;

/**
 * Attaches a program by a link that closes with its descriptor.
 * @param target descriptor (a cgroup) or interface index (tcx)
 */
export function createLink(programFd: number, target: number, attachType: number, flags = 0): number {
  return checked(
    new Attributes(64)
      .u32(0, programFd)
      .u32(4, target)
      .u32(8, attachType)
      .u32(12, flags)
      .call(Command.LINK_CREATE),
    'cannot attach an eBPF program',
  );
}

/** @returns a file of an iterator's output: reading it runs its program for each object. @param link of that program */
export function openIterator(link: number): number {
  return checked(new Attributes(8).u32(0, link).call(Command.ITER_CREATE), 'cannot open an eBPF iterator');
}

/** Programs that a query asks for: more are not attached to one interface (BPF_MPROG_MAX). */
const QUERIED = 64;

/**
 * IDs of the programs on an interface (tcx), in the order in which they run.
 * @returns none where the kernel has no tcx
 */
export function attachedPrograms(ifindex: number, attachType: number): number[] {
  const ids = new Uint32Array(QUERIED);
  const query = new Attributes(64)
    .u32(0, ifindex)
    .u32(4, attachType)
    .pointer(16, new Uint8Array(ids.buffer))
    .u32(24, QUERIED);
  return query.call(Command.PROG_QUERY) === 0 ? [...ids.subarray(0, query.read(24))] : [];
}

/** struct bpf_prog_info, as far as it is read. */
const PROGRAM_INFO = { ID: 4, NAME: 64, SIZE: 80 } as const;

/** A loaded program's ID and name; null where it cannot be asked. */
export function programInfo(fd: number): { id: number; name: string } | null {
  const info = new Uint8Array(new ArrayBuffer(PROGRAM_INFO.SIZE));
  const attributes = new Attributes(16).u32(0, fd).u32(4, info.length).pointer(8, info);
  if (attributes.call(Command.OBJ_GET_INFO_BY_FD) !== 0) return null;
  const end = info.indexOf(0, PROGRAM_INFO.NAME);
  return {
    id: new DataView(info.buffer).getUint32(PROGRAM_INFO.ID, true),
    name: Buffer.from(info.subarray(PROGRAM_INFO.NAME, end < 0 ? info.length : end)).toString('latin1'),
  };
}

/** The name of the program of an ID, '' where it has none or is gone. */
export function programName(id: number): string {
  const fd = new Attributes(12).u32(0, id).call(Command.PROG_GET_FD_BY_ID);
  if (fd < 0) return '';
  try {
    return programInfo(fd)?.name ?? '';
  } finally {
    libc().close(fd);
  }
}

/** @param name tracepoint, or null for tp_btf programs, which know theirs */
export function openRawTracepoint(programFd: number, name: string | null): number {
  const attributes = new Attributes(32).u32(8, programFd);
  if (name !== null) attributes.pointer(0, Buffer.from(`${name}\0`, 'latin1'));
  return checked(
    attributes.call(Command.RAW_TRACEPOINT_OPEN),
    `cannot attach to the tracepoint ${name ?? ''}`,
  );
}

/** Kinds of objects that have IDs, by what /proc/PID/fdinfo calls them, and the call that lists them. */
const LISTS = {
  prog_id: Command.PROG_GET_NEXT_ID,
  map_id: Command.MAP_GET_NEXT_ID,
  link_id: Command.LINK_GET_NEXT_ID,
} as const;

/** Whether the kernel still holds an object of that ID. */
export function objectExists(kind: keyof typeof LISTS, id: number): boolean {
  const next = new Attributes(12).u32(0, id - 1);
  return next.call(LISTS[kind]) === 0 && next.read(4) === id;
}

// Which system calls the process may still make: a list of those that it may not, for all threads at once. A list of those that
// it may would break with the next C library. Source: seccomp(2), linux/filter.h, the kernel's tables of system calls.

import { addressOf, errno, libc, SYSCALL } from './libc.js';
import { Family, type Needs } from './needs.js';

/** Numbers on x64, and on the architectures that share theirs; null: there it is not. */
type Numbers = readonly [x64: number, generic: number | null];

/** What no run needs: to look into and to write to processes, to change the system, to become another user. */
const NEVER: Readonly<Record<string, Numbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  kcmp: [312, 272],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  tkill: [200, 130],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  unshare: [272, 97],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_register: [427, 427],
  perf_event_open: [298, 241],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  personality: [135, 92],
  syslog: [103, 116],
  vhangup: [153, 58],
  name_to_handle_at: [303, 264],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  setuid: [105, 146],
  setgid: [106, 144],
  setreuid: [113, 145],
  setregid: [114, 143],
  setresuid: [117, 147],
  setresgid: [119, 149],
  setfsuid: [122, 151],
  setfsgid: [123, 152],
  setgroups: [116, 159],
  listen: [50, 201],
};
const SERVING: Readonly<Record<string, Numbers>> = { accept: [43, 202], accept4: [288, 242] };
const PROGRAMS: Readonly<Record<string, Numbers>> = {
  execve: [59, 221],
  execveat: [322, 281],
  fork: [57, null],
  vfork: [58, null],
};
const RINGS: Readonly<Record<string, Numbers>> = { io_uring_enter: [426, 426] };
/** openat2's flags lie in memory, where a filter sees nothing: a capture reads by it what others may have put in its way. */
const CAPTURE: Readonly<Record<string, Numbers>> = {
  bpf: [321, 280],
  open_by_handle_at: [304, 265],
  openat2: [437, 437],
};
const NAMESPACES: Readonly<Record<string, Numbers>> = { setns: [308, 268] };
const CONNECTING: Readonly<Record<string, Numbers>> = { connect: [42, 203] };
/** What changes files by their names. */
const FILES: Readonly<Record<string, Numbers>> = {
  creat: [85, null],
  truncate: [76, 45],
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  mkdir: [83, null],
  mkdirat: [258, 34],
  rmdir: [84, null],
  link: [86, null],
  linkat: [265, 37],
  unlink: [87, null],
  unlinkat: [263, 35],
  symlink: [88, null],
  symlinkat: [266, 36],
  mknod: [133, null],
  mknodat: [259, 33],
  chmod: [90, null],
  fchmodat: [268, 53],
  fchmodat2: [452, 452],
  chown: [92, null],
  lchown: [94, null],
  fchownat: [260, 54],
  utime: [132, null],
  utimes: [235, null],
  futimesat: [261, null],
  utimensat: [280, 88],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
};
const CLONE: Numbers = [56, 220];
const CLONE3: Numbers = [435, 435];
const SOCKET: Numbers = [41, 198];
const SOCKETPAIR: Numbers = [53, 199];
const KILL: Numbers = [62, 129];
const TGKILL: Numbers = [234, 131];
const IOCTL: Numbers = [16, 29];
const OPEN: Numbers = [2, null];
const OPENAT: Numbers = [257, 56];

const CLONE_THREAD = 0x10000;
/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC: the same on all of these architectures. */
const WRITING = 0o1 | 0o2 | 0o100 | 0o1000;
/** Types characters on a terminal as its user; sets its keys and pastes. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

const EPERM = 1;
const ENOSYS = 38;
const Return = { KILL: 0x8000_0000, ERRNO: 0x0005_0000, ALLOW: 0x7fff_0000 } as const;
/** Offsets in struct seccomp_data. */
const Data = { NUMBER: 0, ARCHITECTURE: 4, ARGUMENT: 16 } as const;
const Code = { LOAD: 0x20, EQUAL: 0x15, AT_LEAST: 0x35, ANY_BIT: 0x45, RETURN: 0x06 } as const;
/** The bit of x32's system calls, which x64's kernels take as well. */
const X32 = 0x4000_0000;

/** AUDIT_ARCH_ of the architectures that we know. */
const ARCHITECTURES: Readonly<Record<string, number>> = {
  x64: 0xc000_003e,
  arm64: 0xc000_00b7,
  riscv64: 0xc000_00f3,
  loong64: 0xc000_0102,
};

type Step = readonly [code: number, k: number, yes: number, no: number];

const load = (offset: number): Step => [Code.LOAD, offset, 0, 0];
const end = (value: number): Step => [Code.RETURN, value >>> 0, 0, 0];
const REFUSE = end(Return.ERRNO | EPERM);
const ALLOW = end(Return.ALLOW);
/** The argument's lower half, on little-endian machines. */
const argument = (index: number): Step => load(Data.ARGUMENT + 8 * index);

/** The program's steps, for one architecture and process. */
function steps(arch: string, pid: number, needs: Needs): Step[] | null {
  const architecture = ARCHITECTURES[arch];
  if (architecture === undefined) return null;
  const number = ([x64, generic]: Numbers): number | null => (arch === 'x64' ? x64 : generic);
  const program: Step[] = [load(Data.ARCHITECTURE), [Code.EQUAL, architecture, 1, 0], end(Return.KILL)];
  program.push(load(Data.NUMBER));
  if (arch === 'x64') program.push([Code.AT_LEAST, X32, 0, 1], end(Return.KILL));
  /** For one call: what is decided by its arguments; it must end in a return. */
  const when = (call: Numbers, ...body: Step[]): void => {
    const its = number(call);
    if (its !== null) program.push([Code.EQUAL, its, 0, body.length], ...body);
  };
  const refuse = (calls: Readonly<Record<string, Numbers>>): void => {
    for (const call of Object.values(calls)) when(call, REFUSE);
  };
  refuse(NEVER);
  if (!needs.programs) {
    refuse(PROGRAMS);
    // clone3's flags lie in memory, where a filter sees nothing: the C library then calls clone.
    when(CLONE3, end(Return.ERRNO | ENOSYS));
    when(CLONE, argument(0), [Code.ANY_BIT, CLONE_THREAD, 1, 0], REFUSE, ALLOW);
  }
  if (!needs.signals) {
    // 0: its own process group.
    when(KILL, argument(0), [Code.EQUAL, pid, 2, 0], [Code.EQUAL, 0, 1, 0], REFUSE, ALLOW);
  }
  when(TGKILL, argument(0), [Code.EQUAL, pid, 1, 0], REFUSE, ALLOW);
  if (!needs.rings) refuse(RINGS);
  if (!needs.serves) refuse(SERVING);
  if (!needs.capture) refuse(CAPTURE);
  if (!needs.namespaces) refuse(NAMESPACES);
  const { INET, INET6, UNIX } = Family;
  const connects = needs.sockets.some((family) => family === INET || family === INET6);
  if (!connects) refuse(CONNECTING);
  const families = needs.sockets.map(
    (family, at): Step => [Code.EQUAL, family, needs.sockets.length - at, 0],
  );
  when(SOCKET, argument(0), ...families, REFUSE, ALLOW);
  // A program that is started talks to us by these.
  if (!needs.programs) when(SOCKETPAIR, REFUSE);
  else when(SOCKETPAIR, argument(0), [Code.EQUAL, UNIX, 1, 0], REFUSE, ALLOW);
  when(IOCTL, argument(1), [Code.EQUAL, TIOCSTI, 1, 0], [Code.EQUAL, TIOCLINUX, 0, 1], REFUSE, ALLOW);
  if (!needs.files) {
    refuse(FILES);
    when(OPEN, argument(1), [Code.ANY_BIT, WRITING, 0, 1], REFUSE, ALLOW);
    when(OPENAT, argument(2), [Code.ANY_BIT, WRITING, 0, 1], REFUSE, ALLOW);
  }
  program.push(ALLOW);
  return program;
}

/** struct sock_filter: code, jumps, k. */
const STEP_SIZE = 8;

/** @returns the program as the kernel takes it, null for an architecture whose numbers are not known */
function seccompProgram(arch: string, pid: number, needs: Needs): Uint8Array<ArrayBuffer> | null {
  const program = steps(arch, pid, needs);
  if (program === null) return null;
  const view = new DataView(new ArrayBuffer(program.length * STEP_SIZE));
  for (const [index, [code, k, yes, no]] of program.entries()) {
    const at = index * STEP_SIZE;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, yes);
    view.setUint8(at + 3, no);
    view.setUint32(at + 4, k, true);
  }
  return new Uint8Array(view.buffer);
}

const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_SET_MODE_FILTER = 1;
/** For every thread; and the processor's speculation as it was (kernels before 5.16 would slow it down). */
const FLAGS = 1 | 4;

/** Gives all threads a filter. @returns 0, or why the kernel refused: an error's number */
function install(program: Uint8Array): number {
  const head = new DataView(new ArrayBuffer(16));
  head.setUint16(0, program.length / STEP_SIZE, true);
  head.setBigUint64(8, BigInt(addressOf(program)), true);
  const address = Number(addressOf(new Uint8Array(head.buffer)));
  const result = libc().syscall6(SYSCALL.seccomp, SECCOMP_SET_MODE_FILTER, FLAGS, address, 0, 0);
  return result < 0 ? errno() : result;
}

/** From now on no program that this thread starts gets rights that it has not. */
export function refuseThreadNewPrivileges(): void {
  libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/**
 * From now on no program that this process starts gets rights that it has not, whichever thread starts it. prctl(2) says so for one
 * thread alone; seccomp(2) gives it to all with a filter, which here refuses nothing. Without it this thread alone has it.
 */
export function refuseNewPrivileges(): void {
  refuseThreadNewPrivileges();
  const all = new DataView(new ArrayBuffer(STEP_SIZE));
  all.setUint16(0, ALLOW[0], true);
  all.setUint32(4, ALLOW[1], true);
  install(new Uint8Array(all.buffer));
}

/**
 * Refuses system calls to all threads, and new privileges with them.
 * @returns whether the kernel does it; new privileges are refused to this thread in any case
 */
export function refuseSystemCalls(needs: Needs): boolean {
  refuseThreadNewPrivileges();
  const program = seccompProgram(process.arch, process.pid, needs);
  return program !== null && install(program) === 0;
}

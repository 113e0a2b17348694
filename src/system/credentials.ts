// Work done as another user, by this thread alone; and becoming one for good. Source: setresuid(2), credentials(7),
// seccomp(2).

import { accountByName } from './accounts.js';
import { addressOf, errno, libc, SYSCALL, SystemError } from './libc.js';

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

const SAME = -1;

function call(number: number, a: number, b: number, c: number): void {
  if (libc().syscall6(number, a, b, c, 0, 0) < 0)
    throw new SystemError('cannot become another user', errno());
}

function setGroups(groups: readonly number[]): void {
  const list = new Uint8Array(new Uint32Array(groups).buffer);
  call(SYSCALL.setgroups, groups.length, groups.length === 0 ? 0 : Number(addressOf(list)), 0);
}

/**
 * Runs `work` with the credentials of another user; only root can. What it starts has them for good: exec makes the saved
 * user ID, by which this thread comes back, the effective one. The C library's calls would change every thread.
 * @throws SystemError
 */
export function asUser<T>(to: Credentials, work: () => T): T {
  const groups = process.getgroups!();
  const gid = process.getegid!();
  try {
    setGroups(to.groups);
    call(SYSCALL.setresgid, to.gid, to.gid, SAME);
    call(SYSCALL.setresuid, to.uid, to.uid, 0);
    return work();
  } finally {
    call(SYSCALL.setresuid, 0, 0, 0);
    call(SYSCALL.setresgid, gid, gid, gid);
    setGroups(groups);
  }
}

/**
 * Becomes another user for good, every thread of the process.
 * @throws Error when there is no such user or the system refuses
 */
export function becomeUser(name: string): void {
  const account = accountByName(name);
  if (account === null) throw new Error(`Couldn't find user '${name}'`);
  process.setgroups!([account.gid]);
  process.setgid!(account.gid);
  process.setuid!(account.uid);
}

const CAPABILITY_VERSION_3 = 0x20080522;
const PR_SET_NO_NEW_PRIVS = 38;

/** The one by which root reads other users' files. */
export const CAP_DAC_READ_SEARCH = 2;

/**
 * Gives up every capability of this thread, which does work that needs none.
 * @param but one that it keeps, if it has it: below 32
 */
export function giveUpCapabilities(but: number | null = null): void {
  const header = new Uint8Array(new Uint32Array([CAPABILITY_VERSION_3, 0]).buffer);
  const data = new Uint32Array(6);
  if (but !== null) {
    data[0] = data[1] = 2 ** but;
    if (libc().capset(header, new Uint8Array(data.buffer)) === 0) return;
  }
  // Whoever has none may do this too.
  libc().capset(header, new Uint8Array(24));
}

const SECCOMP_SET_MODE_FILTER = 1;
/** For every thread; and the processor's speculation as it was (kernels before 5.16 would slow it down). */
const SECCOMP_FLAGS = 1 | 4;
/** One instruction: every system call is allowed. */
const ALLOW = { length: 1, code: 0x06, k: 0x7fff0000 } as const;

/**
 * From now on no program that this process starts gets rights that it has not, whichever thread starts it. prctl(2) says so for one
 * thread alone; seccomp(2) gives it to all with a filter, which here refuses nothing. Without it this thread alone has it.
 */
export function refuseNewPrivileges(): void {
  libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const filter = new DataView(new ArrayBuffer(8));
  filter.setUint16(0, ALLOW.code, true);
  filter.setUint32(4, ALLOW.k, true);
  const filterBytes = new Uint8Array(filter.buffer);
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, ALLOW.length, true);
  program.setBigUint64(8, BigInt(addressOf(filterBytes)), true);
  const address = Number(addressOf(new Uint8Array(program.buffer)));
  libc().syscall6(SYSCALL.seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FLAGS, address, 0, 0);
}

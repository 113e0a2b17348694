// Work done as another user, by this thread alone; and becoming one for good. Source: setresuid(2), credentials(7).

import { accountById, accountByName, groupsOf } from './accounts.js';
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

/** A user's credentials, with the groups that /etc/group has for the name. */
export function credentialsOf({ uid, gid }: Pick<Credentials, 'uid' | 'gid'>): Credentials {
  const name = accountById(uid)?.name;
  return { uid, gid, groups: name === undefined ? [gid] : groupsOf(name, gid) };
}

/**
 * Becomes another user for good, every thread of the process.
 * @param user by name, with its own group alone; or with what is to be had
 * @throws Error when there is no such user or the system refuses
 */
export function becomeUser(user: string | Credentials): void {
  const account = typeof user === 'string' ? accountByName(user) : user;
  if (account === null) throw new Error(`Couldn't find user '${user}'`);
  const { uid, gid } = account;
  process.setgroups!('groups' in account ? [...account.groups] : [gid]);
  process.setgid!(gid);
  process.setuid!(uid);
}

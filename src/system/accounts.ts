// Users of this system: on Linux from /etc/passwd and /etc/group, on macOS from Open Directory, which these files do not list. Source: passwd(5),
// group(5), getpwuid(3).

import { readFileSync } from 'node:fs';
import { type Account, passwordEntry } from './darwin/accounts.js';
import { DARWIN } from './platform.js';

let accounts: readonly Account[] | null = null;

/** Every user the file lists, read once. */
function all(): readonly Account[] {
  if (accounts !== null) return accounts;
  let text = '';
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    // a container may have none
  }
  accounts = text.split('\n').flatMap((line) => {
    const fields = line.split(':');
    if (fields.length < 7) return [];
    const [name, , uid, gid, , home, shell] = fields as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell }];
  });
  return accounts;
}

export function accountByName(name: string): Account | null {
  if (DARWIN) return passwordEntry(name);
  return all().find((account) => account.name === name) ?? null;
}

/** The first user of that ID: several names may share one. */
export function accountById(uid: number): Account | null {
  if (DARWIN) return passwordEntry(uid);
  return all().find((account) => account.uid === uid) ?? null;
}

/** IDs of the users that are called so: of an ID with several names, the first one counts. */
export function userIds(name: string): number[] {
  if (DARWIN) {
    const account = passwordEntry(name);
    return account === null || passwordEntry(account.uid)?.name !== name ? [] : [account.uid];
  }
  const ids = all().filter((account) => account.name === name && accountById(account.uid)!.name === name);
  return ids.map((account) => account.uid);
}

/** IDs of a user's groups: `gid`, and those of /etc/group that list the name. */
export function groupsOf(name: string, gid: number): number[] {
  let text = '';
  try {
    text = readFileSync('/etc/group', 'utf8');
  } catch {
    // a container may have none
  }
  const listed = text.split('\n').flatMap((line) => {
    const [, , id, members] = line.split(':');
    return members !== undefined && /^\d+$/.test(id!) && members.split(',').includes(name)
      ? [Number(id)]
      : [];
  });
  return [...new Set([gid, ...listed])];
}

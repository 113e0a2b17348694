// Users by getpwuid_r and getpwnam_r, which ask Open Directory.

import { native } from '../../thread.js';
import { koffi } from '../koffi.js';
import { Passwd } from './layouts.js';
import { libSystem, untilNul } from './libsystem.js';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

const ROOM = 16 * 1024;
/** Accounts remembered at once. */
const MOST = 4096;

const known = new Map<number | string, Account | null>();

/** The user of that name or ID; null: there is none. */
export function passwordEntry(who: number | string): Account | null {
  let account = known.get(who);
  if (account === undefined) {
    account = native(() => ask(who));
    if (known.size >= MOST) known.clear();
    known.set(who, account);
  }
  return account;
}

function ask(who: number | string): Account | null {
  const entry = new Uint8Array(new ArrayBuffer(Passwd.SIZE));
  const room = new Uint8Array(new ArrayBuffer(ROOM));
  const result = new Uint8Array(new ArrayBuffer(8));
  const failed =
    typeof who === 'number'
      ? libSystem('getpwuid_r')?.(who, entry, room, ROOM, result)
      : libSystem('getpwnam_r')?.(who, entry, room, ROOM, result);
  if (failed !== 0 || result.every((byte) => byte === 0)) return null;
  const view = new DataView(entry.buffer);
  const base = BigInt(koffi().address(room) as bigint | number);
  /** A text that a field points to: it lies in the room that we gave. */
  const text = (field: number): string => {
    const at = Number(view.getBigUint64(field, true) - base);
    return at < 0 || at >= ROOM ? '' : Buffer.from(untilNul(room, at, ROOM)).toString('utf8');
  };
  return {
    name: text(Passwd.NAME),
    uid: view.getUint32(Passwd.UID, true),
    gid: view.getUint32(Passwd.GID, true),
    home: text(Passwd.HOME),
    shell: text(Passwd.SHELL),
  };
}

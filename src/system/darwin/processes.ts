// What macOS says of a process: by libproc, and its arguments by sysctl. Source: libproc.h; XNU bsd/kern/proc_info.c,
// bsd/kern/kern_sysctl.c (KERN_PROCARGS2).

import { BsdInfo, UniqueInfo } from './layouts.js';
import { libSystem, untilNul } from './libsystem.js';

const Flavor = { BSD_INFO: 3, UNIQUE_ID: 17 } as const;
const CTL_KERN = 1;
const KERN_PROCARGS2 = 49;
/** Source: PROC_PIDPATHINFO_MAXSIZE. */
const LONGEST_PATH = 4096;
/** Bytes of arguments and environment at most: with less room the kernel gives their end. Source: kern.argmax. */
const MOST_ARGUMENTS = 1024 * 1024;

/** What tells a process from others that have had its number. */
export interface Identity {
  /** Counted since boot, never used twice; null: this macOS does not tell. */
  readonly unique: bigint | null;
  /** Of the file that it runs. */
  readonly uuid: Uint8Array | null;
}

/** The facts of a process's own. */
export interface BsdFacts {
  readonly parent: number;
  readonly uid: number;
  /** Its name, cut to 15 bytes. */
  readonly command: Uint8Array;
  /** Microseconds since the epoch. */
  readonly start: bigint;
}

const unique = new Uint8Array(new ArrayBuffer(UniqueInfo.SIZE));
const uniqueView = new DataView(unique.buffer);
const bsd = new Uint8Array(new ArrayBuffer(BsdInfo.SIZE));
const bsdView = new DataView(bsd.buffer);

/** @returns null when there is no such process, or this macOS does not tell */
export function processIdentity(pid: number): Identity | null {
  const size = libSystem('proc_pidinfo')?.(pid, Flavor.UNIQUE_ID, 0, unique, UniqueInfo.SIZE) ?? 0;
  if (size < UniqueInfo.UNIQUE_ID + 8) return null;
  return {
    unique: uniqueView.getBigUint64(UniqueInfo.UNIQUE_ID, true),
    uuid: unique.slice(UniqueInfo.UUID, UniqueInfo.UUID + 16),
  };
}

/** @returns null when there is no such process, or it is not ours to ask */
export function processFacts(pid: number): BsdFacts | null {
  const size = libSystem('proc_pidinfo')?.(pid, Flavor.BSD_INFO, 0, bsd, BsdInfo.SIZE) ?? 0;
  if (size !== BsdInfo.SIZE || bsdView.getUint32(BsdInfo.PID, true) !== pid) return null;
  return {
    parent: bsdView.getUint32(BsdInfo.PARENT, true),
    uid: bsdView.getUint32(BsdInfo.UID, true),
    command: untilNul(bsd, BsdInfo.COMMAND, BsdInfo.COMMAND_SIZE).slice(),
    start:
      bsdView.getBigUint64(BsdInfo.START_SECONDS, true) * 1_000_000n +
      bsdView.getBigUint64(BsdInfo.START_MICROSECONDS, true),
  };
}

/** The path of the program that a process runs; null: not known. */
export function processPath(pid: number): Uint8Array | null {
  const path = new Uint8Array(new ArrayBuffer(LONGEST_PATH));
  const size = libSystem('proc_pidpath')?.(pid, path, LONGEST_PATH) ?? 0;
  return size > 0 ? untilNul(path, 0, Math.min(size, LONGEST_PATH)) : null;
}

let argumentsRoom: Uint8Array | null = null;

/**
 * The command line of a process; null: not known, or not ours to ask.
 * @param most bytes of it that are wanted; an argument that would be more is left out, and those behind it
 */
export function processArguments(pid: number, most: number): Uint8Array[] | null {
  argumentsRoom ??= new Uint8Array(new ArrayBuffer(MOST_ARGUMENTS));
  const name = new Uint8Array(new Int32Array([CTL_KERN, KERN_PROCARGS2, pid]).buffer);
  const length = new Uint8Array(new BigUint64Array([BigInt(MOST_ARGUMENTS)]).buffer);
  if (libSystem('sysctl')?.(name, 3, argumentsRoom, length, null, 0) !== 0) return null;
  const size = new DataView(length.buffer).getBigUint64(0, true);
  return parseArguments(argumentsRoom.subarray(0, Number(size)), most);
}

/**
 * What KERN_PROCARGS2 gives: the count, the program's path, NULs, and as many arguments; the environment follows.
 * @param most as `processArguments` has it
 */
export function parseArguments(bytes: Uint8Array, most: number): Uint8Array[] | null {
  if (bytes.length < 4) return null;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
  let at = bytes.indexOf(0, 4);
  if (at < 0 || count < 1) return null;
  while (at < bytes.length && bytes[at] === 0) at++;
  const found: Uint8Array[] = [];
  for (let left = most; found.length < count && at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    if (end < 0 || end - at > left) break;
    found.push(bytes.slice(at, end));
    left -= end - at + 1;
    at = end + 1;
  }
  return found.length === 0 ? null : found;
}

// What descriptors of processes lead to, asked by the thousand: system calls on paths that are put together in place, since
// the runtime's own make strings and, where nothing is there, exceptions. Source: readlink(2), getdents64(2), proc_pid_fd(5).

import { constants } from 'node:fs';
import { addressOf, libc, SYSCALL } from './libc.js';

const AT_FDCWD = -100;
const PATH = 64;
const SOCKET = Buffer.from('socket:[');
const FOLDER = Buffer.from('/proc/');
const DESCRIPTORS = Buffer.from('/fd/');

const O_DIRECTORY_CLOEXEC = 0x80000 | constants.O_DIRECTORY;

const path = new Uint8Array(new ArrayBuffer(PATH));
const target = new Uint8Array(new ArrayBuffer(PATH));
let pathAddress = 0;
let targetAddress = 0;
const entries = new Uint8Array(new ArrayBuffer(32768));
const entriesView = new DataView(entries.buffer);
let entriesAddress = 0;
path.set(FOLDER);

function prepare(): void {
  if (pathAddress !== 0) return;
  pathAddress = Number(addressOf(path));
  targetAddress = Number(addressOf(target));
  entriesAddress = Number(addressOf(entries));
}

/** Writes a number into the path. @returns where it ends */
function write(number: number, at: number): number {
  let digits = 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  for (let i = at + digits - 1; i >= at; i--) {
    path[i] = 48 + (number % 10);
    number = Math.floor(number / 10);
  }
  return at + digits;
}

/** The inode number of the socket that a descriptor leads to, 0 for what is no socket, -1 when it is not there. */
export function socketAt(pid: number, fd: number): number {
  prepare();
  let at = write(pid, FOLDER.length);
  path.set(DESCRIPTORS, at);
  at = write(fd, at + DESCRIPTORS.length);
  path[at] = 0;
  const length = libc().syscall6(SYSCALL.readlinkat, AT_FDCWD, pathAddress, targetAddress, PATH, 0);
  if (length < 0) return -1;
  for (let i = 0; i < SOCKET.length; i++) if (target[i] !== SOCKET[i]) return 0;
  let inode = 0;
  for (let i = SOCKET.length; i < length - 1; i++) inode = inode * 10 + target[i]! - 48;
  return inode;
}

/** The descriptors that `descriptorsOf` found. */
export const descriptors = new Int32Array(65536);

/**
 * Lists a process's descriptors: their numbers are in `descriptors`, the lowest first, as far as there is room.
 * @returns how many, 0 for a process that is gone, ends, or may not be looked into
 */
export function descriptorsOf(pid: number): number {
  prepare();
  const at = write(pid, FOLDER.length);
  path.set(DESCRIPTORS, at);
  path[at + DESCRIPTORS.length - 1] = 0;
  const folder = libc().syscall6(SYSCALL.openat, AT_FDCWD, pathAddress, O_DIRECTORY_CLOEXEC, 0, 0);
  if (folder < 0) return 0;
  let count = 0;
  for (;;) {
    const size = libc().syscall6(SYSCALL.getdents64, folder, entriesAddress, entries.length, 0, 0);
    if (size <= 0) break;
    // struct linux_dirent64: inode, offset, length, type, name.
    for (let entry = 0; entry < size; entry += entriesView.getUint16(entry + 16, true)) {
      let number = 0;
      let i = entry + 19;
      for (; entries[i] !== 0; i++) number = number * 10 + entries[i]! - 48;
      // Not `.` and `..`.
      if (number >= 0 && count < descriptors.length) descriptors[count++] = number;
    }
  }
  libc().close(folder);
  return count;
}

// Files that others write or are: opened so that nothing waits and no link leads elsewhere, and read up to a bound. Whatever
// belongs to another user, or lies where one may write, is read through here. Source: open(2), openat2(2), proc(5).

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { addressOf, libc, SYSCALL } from '../../../system/index.js';

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW, O_DIRECTORY } = constants;
const O_CLOEXEC = 0x80000;
const O_PATH = 0x200000;
/** struct open_how: flags, mode, resolve. */
const HOW_SIZE = 24;
const Resolve = { NO_XDEV: 0x01, NO_MAGICLINKS: 0x02, NO_SYMLINKS: 0x04, BENEATH: 0x08 } as const;

/** Neither a FIFO nor a device makes the open wait, and no terminal becomes ours. */
const CAREFULLY = O_RDONLY | O_NONBLOCK | O_NOCTTY;

/**
 * A regular file, by a path that leads through nobody else's folders, or by a link of /proc. Links are followed but for the
 * last part, unless `links`.
 * @returns a descriptor, -1 when there is none
 */
export function openRegular(path: string, links = false): number {
  try {
    return regular(openSync(path, CAREFULLY | (links ? 0 : O_NOFOLLOW)));
  } catch {
    return -1;
  }
}

/**
 * A regular file below a folder: what lies below is another user's, and no link there leads out of the folder, no mount to
 * another file system. Nothing is read where a user's own program may be the file system, and never answer.
 * @returns a descriptor, -1 when there is none
 */
export function openBelow(folder: string, path: string): number {
  return openResolved(folder, path, Resolve.BENEATH | Resolve.NO_XDEV | Resolve.NO_MAGICLINKS, isByProgram);
}

/** Bytes of the list of mounts that are looked at. */
const MOST_MOUNTS = 1024 * 1024;

/** Whether a folder's file system is a program (FUSE); the folder itself is not asked. */
function isByProgram(folder: number): boolean {
  const info = readFile(`/proc/self/fdinfo/${folder}`, 4096)?.toString('latin1') ?? '';
  const mount = /^mnt_id:\s*(\d+)$/m.exec(info)?.[1];
  const mounts = readFile('/proc/self/mountinfo', MOST_MOUNTS)?.toString('latin1') ?? '';
  return new RegExp(`^${mount} .* - fuse`, 'm').test(mounts);
}

/**
 * A regular file by its whole path in a root, on whatever is mounted there: no part of the path may be a link.
 * @returns a descriptor, -1 when there is none
 */
export function openWithoutLinks(root: string, path: string): number {
  return openResolved(root, path.replace(/^\/+/, ''), Resolve.BENEATH | Resolve.NO_SYMLINKS);
}

function openResolved(
  folder: string,
  path: string,
  resolve: number,
  refuses: (folder: number) => boolean = () => false,
): number {
  let base = -1;
  try {
    base = openSync(folder, O_PATH | O_DIRECTORY);
    if (refuses(base)) return -1;
    const name = new Uint8Array(Buffer.from(`${path}\0`));
    const how = new DataView(new ArrayBuffer(HOW_SIZE));
    how.setBigUint64(0, BigInt(CAREFULLY | O_CLOEXEC), true);
    how.setBigUint64(16, BigInt(resolve), true);
    const address = (bytes: Uint8Array): number => Number(addressOf(bytes));
    const howBytes = new Uint8Array(how.buffer);
    const fd = libc().syscall6(SYSCALL.openat2, base, address(name), address(howBytes), HOW_SIZE, 0);
    return fd < 0 ? -1 : regular(fd);
  } catch {
    return -1;
  } finally {
    if (base >= 0) closeSync(base);
  }
}

/** The same descriptor, or -1 and it is closed. */
function regular(fd: number): number {
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return -1;
}

/** Up to `most` bytes from a descriptor's beginning; it is closed. Files of /proc come in pieces. */
export function readUpTo(fd: number, most: number): Buffer {
  try {
    const { size } = fstatSync(fd);
    let bytes = Buffer.alloc(Math.min(most, size > 0 ? size : 4096));
    let length = 0;
    for (;;) {
      const count = readSync(fd, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0 || length >= most || (size > 0 && length >= size)) return bytes.subarray(0, length);
      if (length === bytes.length) {
        const larger = Buffer.alloc(Math.min(most, 4 * length));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** Up to `most` bytes of a file, null when it cannot be read or is no regular one. */
export function readFile(path: string, most: number): Buffer | null {
  const fd = openRegular(path);
  if (fd < 0) return null;
  try {
    return readUpTo(fd, most);
  } catch {
    return null;
  }
}

// The file of a program that is gone: read only where it is still the file that ran, as the kernel told its device, inode and last
// change. Source: proc(5), stat(2).

import { type BigIntStats, closeSync, fstatSync } from 'node:fs';
import { withReserve } from '../../../system/index.js';
import { buildIdOf } from './buildid.js';
import { openWithoutLinks, readFile } from './guardedfiles.js';

/** Bytes of the list of mounts that are looked at. */
const MOST = 1024 * 1024;
/** Bits of the kernel's device numbers that are the minor one's. */
const MINOR_BITS = 20;

/** Which file it was. */
export interface ExecutableFile {
  /** As the kernel counts. */
  readonly device: number;
  readonly inode: bigint;
  /** Its last change in nanoseconds since the epoch, null: unknown. */
  readonly changed: bigint | null;
}

/** The kernel's device number as stat(2) has it. Source: sys/sysmacros.h. */
function statDevice(device: number): bigint {
  const major = BigInt(device >>> MINOR_BITS);
  const minor = BigInt(device & ((1 << MINOR_BITS) - 1));
  return (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n);
}

/**
 * Device and inode of an open file as the kernel has them: those of stat(2) are others on btrfs and on some overlays. Null where
 * it does not say (before 5.14), or the file is in another mount namespace.
 */
function kernelNumbers(fd: number): { device: number; inode: bigint } | null {
  const info = readFile(`/proc/self/fdinfo/${fd}`, MOST)?.toString('latin1') ?? '';
  const mount = /^mnt_id:\s*(\d+)$/m.exec(info)?.[1];
  const inode = /^ino:\s*(\d+)$/m.exec(info)?.[1];
  if (mount === undefined || inode === undefined) return null;
  const mounts = readFile('/proc/self/mountinfo', MOST)?.toString('latin1') ?? '';
  const device = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, 'm').exec(mounts);
  if (device === null) return null;
  return { device: Number(device[1]) * 2 ** MINOR_BITS + Number(device[2]), inode: BigInt(inode) };
}

/** Whether an open file is the one that ran, and nothing was written to it since. */
function isSame(fd: number, file: ExecutableFile): boolean {
  const { dev, ino, ctimeNs }: BigIntStats = fstatSync(fd, { bigint: true });
  if (file.changed !== null && ctimeNs !== file.changed) return false;
  if (dev === statDevice(file.device) && ino === file.inode) return true;
  const numbers = kernelNumbers(fd);
  return numbers !== null && numbers.device === file.device && numbers.inode === file.inode;
}

/**
 * @param path of the program, without links
 * @param parent a process that may have the program's root and mounts, if it still lives
 * @returns as `buildId`; null also when the file that ran is not found
 */
export function executableBuildId(
  path: string,
  file: ExecutableFile,
  parent: number | null,
): Uint8Array | null {
  for (const root of parent === null ? ['/'] : ['/', `/proc/${parent}/root`]) {
    const fd = withReserve(() => openWithoutLinks(root, path));
    if (fd < 0) continue;
    try {
      if (isSame(fd, file)) return buildIdOf(fd);
    } catch {
      // as if it were not there
    }
    closeSync(fd);
  }
  return null;
}

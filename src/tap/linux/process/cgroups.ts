// The cgroup2 hierarchy: where it is, and paths by ID, which outlive the process. Source: cgroups(7), open_by_handle_at(2),
// fsopen(2).

import { openSync, readFileSync, readlinkSync } from 'node:fs';
import { addressOf, errno, libc, SYSCALL, SystemError, withReserve } from '../../../system/index.js';
import { goesWithout } from '../facilities.js';

const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 1;
const O_PATH_CLOEXEC = 0x280000;
/** Type of the handle that cgroup's file system gives: an ID of 64 bits. */
const FILEID_KERNFS = 0xfe;
/** IDs remembered. */
const LIMIT = 4096;

/** Where the cgroup2 hierarchy is mounted, or null. Source: /proc/self/mounts. */
function mountPoint(): string | null {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, path, type] = line.split(' ');
    if (type === 'cgroup2') return path!.replace(/\\040/g, ' ');
  }
  return null;
}

/**
 * Opens the root of the cgroup2 hierarchy; where it is not mounted, as under `ip netns exec`, by a mount that nobody else
 * sees.
 * @returns a descriptor
 * @throws Error that says what to do
 */
export function openCgroupRoot(): number {
  if (goesWithout('cgroup2')) throw new Error('no cgroup2 hierarchy');
  const path = mountPoint();
  if (path !== null) return openSync(path, 'r');
  const name = new Uint8Array(Buffer.from('cgroup2\0'));
  const context = libc().syscall6(SYSCALL.fsopen, Number(addressOf(name)), FSOPEN_CLOEXEC, 0, 0, 0);
  if (context < 0) throw notMounted();
  try {
    if (libc().syscall6(SYSCALL.fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0) < 0) throw notMounted();
    const mount = libc().syscall6(SYSCALL.fsmount, context, FSMOUNT_CLOEXEC, 0, 0, 0);
    if (mount < 0) throw notMounted();
    // A mount's own descriptor only names it: cgroups are opened from a folder's.
    try {
      return openSync(`/proc/self/fd/${mount}`, 'r');
    } finally {
      libc().close(mount);
    }
  } finally {
    libc().close(context);
  }
}

function notMounted(): SystemError {
  return new SystemError(
    'no cgroup2 hierarchy is mounted (mount -t cgroup2 none /sys/fs/cgroup), and it cannot be opened without',
    errno(),
  );
}

/** Paths below the mount point by cgroup ID. */
export class CgroupPaths {
  private readonly known = new Map<bigint, string | null>();
  /** Path of the hierarchy's root, '' for a mount that is nowhere. */
  private readonly root: string;
  private mount: number;

  /** @param mount descriptor of the hierarchy's root, -1: there is none */
  constructor(mount: number) {
    this.mount = mount;
    const root = mount < 0 ? '' : readlinkSync(`/proc/self/fd/${mount}`);
    this.root = root === '/' ? '' : root;
  }

  /** @returns the path, or null when the cgroup is gone or may not be asked for */
  of(id: bigint): string | null {
    let path = this.known.get(id);
    if (path === undefined) {
      path = id === 0n ? null : this.find(id);
      if (this.known.size >= LIMIT) this.known.delete(this.known.keys().next().value!);
      this.known.set(id, path);
    }
    return path;
  }

  /** The mount's descriptor is closed: what is not known by now is not found any more. */
  close(): void {
    this.mount = -1;
  }

  private find(id: bigint): string | null {
    if (this.mount < 0) return null;
    const handle = new Uint8Array(new ArrayBuffer(16));
    const view = new DataView(handle.buffer);
    view.setUint32(0, 8, true);
    view.setInt32(4, FILEID_KERNFS, true);
    view.setBigUint64(8, id, true);
    const address = Number(addressOf(handle));
    const fd = withReserve(() =>
      libc().syscall6(SYSCALL.openByHandleAt, this.mount, address, O_PATH_CLOEXEC, 0, 0),
    );
    if (fd < 0) return null;
    let path: string;
    try {
      path = readlinkSync(`/proc/self/fd/${fd}`);
    } finally {
      libc().close(fd);
    }
    return path.startsWith(this.root) ? path.slice(this.root.length) || '/' : null;
  }
}

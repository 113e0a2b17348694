// macOS's C library: processes by libproc and sysctl, users by Open Directory. Source: XNU bsd/sys/proc_info.h, bsd/sys/sysctl.h;
// libproc.h; getpwuid(3).

import { koffi } from '../koffi.js';
import { C_LIBRARY } from '../platform.js';

interface Functions {
  proc_pidinfo(pid: number, flavor: number, argument: number, buffer: Uint8Array, size: number): number;
  proc_pidpath(pid: number, buffer: Uint8Array, size: number): number;
  sysctl(
    name: Uint8Array,
    count: number,
    old: Uint8Array,
    oldLength: Uint8Array,
    fresh: null,
    freshLength: number,
  ): number;
  getpwuid_r(uid: number, entry: Uint8Array, buffer: Uint8Array, size: number, result: Uint8Array): number;
  getpwnam_r(name: string, entry: Uint8Array, buffer: Uint8Array, size: number, result: Uint8Array): number;
}

const DECLARATIONS: { readonly [name in keyof Functions]: string } = {
  proc_pidinfo: 'int proc_pidinfo(int pid, int flavor, uint64 argument, void *buffer, int size)',
  proc_pidpath: 'int proc_pidpath(int pid, void *buffer, uint size)',
  sysctl: 'int sysctl(void *name, uint count, void *old, void *old_length, void *fresh, size_t fresh_length)',
  getpwuid_r: 'int getpwuid_r(uint uid, void *entry, void *buffer, size_t size, void *result)',
  getpwnam_r: 'int getpwnam_r(const char *name, void *entry, void *buffer, size_t size, void *result)',
};

const found = new Map<string, unknown>();

/** @returns a function; null where this macOS has none of that name */
export function libSystem<Name extends keyof Functions>(name: Name): Functions[Name] | null {
  if (!found.has(name)) {
    try {
      found.set(name, koffi().load(C_LIBRARY).func(DECLARATIONS[name]));
    } catch {
      found.set(name, null);
    }
  }
  return found.get(name) as Functions[Name] | null;
}

/** Text up to a NUL, or the end. */
export function untilNul(bytes: Uint8Array, at: number, most: number): Uint8Array {
  const part = bytes.subarray(at, at + most);
  const end = part.indexOf(0);
  return end < 0 ? part : part.subarray(0, end);
}

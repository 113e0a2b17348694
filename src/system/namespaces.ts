// Network namespaces by the names people call them. Source: namespaces(7), ip-netns(8).

import { statSync } from 'node:fs';

/** Where `ip netns` keeps namespaces by name. */
const NAMED = '/run/netns';

/** Path of a namespace that is given as a path or as a name of `ip netns`. */
export function namespacePath(name: string): string {
  return name.includes('/') ? name : `${NAMED}/${name}`;
}

/** Inode number of the namespace of that path or name, or null where there is none. */
export function namespaceNumber(name: string): number | null {
  try {
    return statSync(namespacePath(name)).ino;
  } catch {
    return null;
  }
}

// Names of network namespaces that are not captured in, by inode number: those that `ip netns` gave (ip-netns(8)), and Docker's.

import { readdirSync, statSync } from 'node:fs';
import { milliseconds } from '../../../builtin.js';

const FOLDERS = ['/run/netns', '/run/docker/netns'];
/** Milliseconds until the folders are looked at again for a namespace without a name. */
const AGAIN = 1000;
/** Namespaces of a folder that are looked at. */
const MOST = 4096;

export class NamespaceNames {
  private names = new Map<number, string>();
  private looked = Number.NEGATIVE_INFINITY;

  /** @returns the namespace's name, its inode number where it has none */
  of(inode: number): string {
    if (!this.names.has(inode) && milliseconds() - this.looked > AGAIN) this.look();
    return this.names.get(inode) ?? String(inode);
  }

  private look(): void {
    this.looked = milliseconds();
    this.names = new Map();
    for (const folder of FOLDERS) {
      for (const name of entries(folder)) {
        const inode = statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.ino;
        if (inode !== undefined && !this.names.has(inode)) this.names.set(inode, name);
      }
    }
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, MOST);
  } catch {
    return []; // there is none, or it may not be read
  }
}

// The names of this machine's network interfaces by their indexes, from /sys.

import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/sys/class/net';

/** @returns each interface's name by its index; none where that is not to be had */
export function interfaceNames(): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    for (const name of readdirSync(FOLDER))
      names.set(Number(readFileSync(`${FOLDER}/${name}/ifindex`, 'latin1')), name);
  } catch {
    // Not Linux, or an interface that went meanwhile.
  }
  return names;
}

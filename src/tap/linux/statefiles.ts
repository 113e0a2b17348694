// Container runtimes' state files: JSON that may be missing, half written or not what it should be.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Larger ones are no state of a container. */
const MOST = 4 * 1024 * 1024;
/** Characters of a name. */
const LONGEST = 512;

type Fields = { readonly [key: string]: unknown };

/** @returns the object or array in a file, {} when there is none */
export function readJson(path: string): Fields {
  try {
    const fd = openSync(path, 'r');
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() || stat.size > MOST) return {};
      const bytes = Buffer.alloc(stat.size);
      const length = readSync(fd, bytes, 0, bytes.length, 0);
      return record(JSON.parse(bytes.toString('utf8', 0, length)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return {};
  }
}

/** @returns an object's or array's fields, {} for anything else */
export function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** @returns a text that is not empty, else null */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : null;
}

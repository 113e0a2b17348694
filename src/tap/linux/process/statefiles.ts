// Container runtimes' state files: JSON that may be missing, half written or not what it should be.

import { openBelow, openRegular, readUpTo } from './guardedfiles.js';

/** Larger ones are no state of a container: a container's own has some kilobytes, a list of them a kilobyte for each. */
const MOST = 512 * 1024;
/** Characters of a name. */
const LONGEST = 512;

type Fields = { readonly [key: string]: unknown };

/**
 * @param folder where links may lead, as the system's folders do
 * @param path below it; null: `folder` is the file
 * @param foreign what is below the folder is another user's: no link leads out of it
 * @returns the object or array in a file, {} when there is none
 */
export function readJson(folder: string, path: string | null = null, foreign = false): Fields {
  const whole = path === null ? folder : `${folder}/${path}`;
  const fd = foreign && path !== null ? openBelow(folder, path) : openRegular(whole, true);
  if (fd < 0) return {};
  try {
    const bytes = readUpTo(fd, MOST + 1);
    return bytes.length > MOST ? {} : record(JSON.parse(bytes.toString('utf8')));
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

// Files of ours that are loaded by their names while the process runs. The command's bundle has another form of this one module
// (bundle.js), since its files lie elsewhere.

import { createRequire } from 'node:module';

/**
 * What few runs need, loaded when one does.
 * @param file its path from the folder of this one, with `./` and `.js`
 * @returns what it exports
 */
export const late = createRequire(import.meta.url) as <Module>(file: string) => Module;

/** @param file of what a thread runs, as `late` takes it */
export function threadFile(file: string): URL {
  return new URL(file, import.meta.url);
}

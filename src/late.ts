// Files of ours that are loaded while the process runs, by their names: what few runs need.

import { createRequire } from 'node:module';

/**
 * @param file its path from the folder of this one, with `./` and `.js`
 * @returns what it exports
 */
export const late = createRequire(import.meta.url) as <Module>(file: string) => Module;

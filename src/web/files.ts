// The page's own files, read before root is given up: who we become may have no right to the package.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { packageFile } from '../packagefolder.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Folders of the package, and where they are served. */
const FOLDERS = [
  ['dist/web', '/'],
  ['dist/browser', '/browser/'],
] as const;

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** @returns the page's files by their paths */
export function pageFiles(): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const [folder, path] of FOLDERS)
    for (const name of readdirSync(packageFile(folder))) {
      const type = TYPES[extname(name)];
      if (type !== undefined)
        files.set(path + name, { type, body: readFileSync(join(packageFile(folder), name)) });
    }
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}

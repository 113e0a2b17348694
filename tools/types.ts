// Leaves of the declarations in dist/types those that the package's exports reach, and of inner ones no comments. A part of the build.

import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TYPES = 'dist/types';
const ENTRIES = ['src/index.d.ts', 'src/browser/index.d.ts'];

/** Adds a file and all that it takes from other files. */
function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g)) {
    const next = join(dirname(file), `${from}.d.ts`);
    if (existsSync(next)) reach(next, reached);
  }
}

/** Deletes what is not reached. @returns whether the folder is empty then */
function prune(folder: string, reached: ReadonlySet<string>): boolean {
  let empty = true;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory() ? prune(path, reached) : !reached.has(path))
      rmSync(path, { recursive: true });
    else empty = false;
  }
  return empty;
}

const reached = new Set<string>();
for (const entry of ENTRIES) reach(join(TYPES, entry), reached);
prune(TYPES, reached);

/** The room of which programs see no more than a name in another's declaration: nobody reads there what each thing is. */
const INNER = join(TYPES, 'src/system');

/** Takes the comments out of declarations that are there for others' sake. */
function strip(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!path.endsWith('.d.ts')) continue;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, ''));
  }
}

if (existsSync(INNER)) strip(INNER);

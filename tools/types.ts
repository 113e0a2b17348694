// Leaves of the declarations in dist/types those that the package's exports reach: of a room's index, the lines whose names somebody takes.
// A part of the build.

import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const TYPES = 'dist/types';
const ENTRIES = ['src/index.d.ts', 'src/browser/index.d.ts'];

/** `import type { A, B as C } from './x.js'` and the same with `export`: the names, and the file. */
const NAMED = /(import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'(\.[^']+)\.js'/g;
/** Whatever else names a file. */
const WHOLE = /(?:from|import\(|import)\s*['"](\.[^'"]+)\.js['"]/g;
/** A statement of an index: what it hands on. */
const HANDED_ON = /^export (type )?\{([^}]*)\} from '([^']+)';$/gm;

/** And what it makes itself, with its description. */
const MADE = /^(?:\/\*\*[^\n]*\*\/\n)?export declare (?:const|function) (\w+)\b[^\n]*;$/gm;

/** The files that are needed; of an index, the names. */
const needed = new Map<string, Set<string>>();

function isIndex(file: string): boolean {
  return basename(file) === 'index.d.ts' && !ENTRIES.some((entry) => file === join(TYPES, entry));
}

/** `A as B`: both names; the first is the file's own. */
function parts(name: string): [own: string, outer: string] {
  const [own, outer] = name
    .trim()
    .replace(/^type\s+/, '')
    .split(/\s+as\s+/) as [string, string?];
  return [own, outer ?? own];
}

function namesIn(list: string): [own: string, outer: string][] {
  return list.split(',').flatMap((name) => (name.trim() === '' ? [] : [parts(name)]));
}

/** Adds a file and all that it takes from other files. @param names of an index, those that are taken; null: all */
function reach(file: string, names: readonly string[] | null): void {
  if (!existsSync(file)) return;
  const known = needed.get(file);
  const text = readFileSync(file, 'utf8');
  const own = isIndex(file);
  const taken = own ? (names ?? namesOf(text)).filter((name) => known?.has(name) !== true) : [];
  if (known !== undefined && taken.length === 0) return;
  needed.set(file, new Set([...(known ?? []), ...taken]));
  const next = (from: string): string => join(dirname(file), `${from}.d.ts`);
  let rest = own ? made(text, taken) : text;
  for (const [statement, how, list, from] of text.matchAll(NAMED)) {
    rest = rest.replace(statement, '');
    const some = namesIn(list!).filter(([, outer]) => !own || how === 'import' || taken.includes(outer));
    if (some.length > 0)
      reach(
        next(from!),
        some.map(([name]) => name),
      );
  }
  for (const [, from] of rest.matchAll(WHOLE)) reach(next(from!), null);
}

/** All that an index hands on or makes. */
function namesOf(text: string): string[] {
  const handedOn = [...text.matchAll(HANDED_ON)].flatMap(([, , list]) =>
    namesIn(list!).map(([, outer]) => outer),
  );
  return [...handedOn, ...[...text.matchAll(MADE)].map(([, name]) => name!)];
}

/** An index without what it makes and nobody takes. */
function made(text: string, names: readonly string[]): string {
  return text.replace(MADE, (statement, name: string) => (names.includes(name) ? statement : ''));
}

/** Leaves of an index what is taken. */
function shorten(file: string, names: ReadonlySet<string>): void {
  const text = readFileSync(file, 'utf8');
  const less = made(text, [...names]).replace(
    HANDED_ON,
    (_, type: string | undefined, list: string, from: string) => {
      const left = list.split(',').filter((name) => name.trim() !== '' && names.has(parts(name)[1]));
      return left.length === 0 ? '' : `export ${type ?? ''}{${left.join(',')}} from '${from}';`;
    },
  );
  writeFileSync(file, less.replace(/\n{2,}/g, '\n'));
}

/** Deletes what is not needed. @returns whether the folder is empty then */
function prune(folder: string): boolean {
  let empty = true;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory() ? prune(path) : !needed.has(path)) rmSync(path, { recursive: true });
    else empty = false;
  }
  return empty;
}

for (const entry of ENTRIES) reach(join(TYPES, entry), null);
prune(TYPES);
for (const [file, names] of needed) if (isIndex(file)) shorten(file, names);

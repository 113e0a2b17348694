// What files export, and who takes it by name: an export that nobody takes is dead, or should not be one.

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { withoutComments } from './imports.js';

const DECLARED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|const|let|interface|type|enum)\s+(\w+)/gm;
const LISTED = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;
const TAKEN =
  /^(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?(?:\{([^}]*)\}|\*\s+as\s+(\w+)|\*)\s*from\s+'([^']+)'/gm;
/** `import('./x.js')`, and what it is used for: all of its names count as taken when that is not clear. */
const LATE = /\bimport\(\s*'([^']+)'/g;
/** Files that are found by their names in a table. */
const TABLED = /\[\s*'([\w/]+)',\s*'(\w+)'/g;

/** The outer name of `a`, `type a`, `a as b`; with `inner`, that in the file it comes from. */
function names(list: string, inner: boolean): string[] {
  return list
    .split(',')
    .map((one) => one.trim().replace(/^type\s+/, ''))
    .filter((one) => one !== '')
    .map((one) => one.split(/\s+as\s+/).at(inner ? 0 : -1)!);
}

/** All that a file exports by name. */
export function exportsIn(text: string): string[] {
  const code = withoutComments(text);
  const declared = [...code.matchAll(DECLARED)].map(([, name]) => name!);
  return [...declared, ...[...code.matchAll(LISTED)].flatMap(([, list]) => names(list!, false))];
}

/** What a file takes from others: by file, names or `*`. */
export function takenIn(text: string): [from: string, name: string][] {
  const code = withoutComments(text);
  const found: [string, string][] = [];
  for (const [, list, , from] of code.matchAll(TAKEN)) {
    if (list === undefined) found.push([from!, '*']);
    else for (const name of names(list, true)) found.push([from!, name]);
  }
  for (const [, from] of code.matchAll(LATE)) found.push([from!, '*']);
  return found;
}

function read(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.c?ts$/.test(name))
      .map((name) => posix.join(folder, name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );
}

/** Interfaces and types are exported for who wants to name them, when the file's other exports have them. */
function isType(code: string, name: string): boolean {
  return new RegExp(`^export\\s+(interface|type)\\s+${name}\\b`, 'm').test(code);
}

/**
 * What the files of a folder export and nobody takes, a line each.
 * @param folder the sources' own
 * @param others folders whose files take from there too
 * @param faces files whose exports are for the world, or are made by the build
 */
export function unusedExports(folder: string, others: readonly string[], faces: readonly string[]): string[] {
  const sources = read(folder);
  const taken = new Set<string>();
  for (const [path, text] of [...sources, ...others.flatMap((other) => [...read(other)])]) {
    const name = (from: string): string =>
      posix.join(posix.dirname(path), from).replace(/\.(c?)js$/, '.$1ts');
    for (const [from, what] of takenIn(text)) if (from.startsWith('.')) taken.add(`${name(from)} ${what}`);
    for (const [, file, what] of text.matchAll(TABLED)) taken.add(`${name(file!)}.ts ${what}`);
  }
  const lines: string[] = [];
  for (const [path, text] of sources) {
    if (faces.includes(path) || taken.has(`${path} *`)) continue;
    const code = withoutComments(text);
    for (const name of exportsIn(text)) {
      if (taken.has(`${path} ${name}`)) continue;
      const used = [...code.matchAll(new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, 'g'))].length > 1;
      if (used && !isType(code, name)) lines.push(`${path} exports ${name}, which it alone uses`);
      if (!used) lines.push(`${path} exports ${name}, which nobody uses`);
    }
  }
  return lines;
}

// What each file of the sources imports, and how: read from the text, with the late loads too.

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/**
 * How one file names another: `value` loads it at once, `type` only for the compiler, `late` when it is needed, `thread` as the
 * beginning of a thread.
 */
export type How = 'value' | 'type' | 'late' | 'thread';

export interface Import {
  /** Path from the folder of the sources: `print/table.ts`. */
  readonly to: string;
  readonly how: How;
}

/** Packages and modules of Node's that a file imports. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly packages: readonly string[];
  readonly lines: number;
}

/** Comments, which may show code; not what looks like one within quotes. */
const COMMENT = /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const STATEMENT = /^(?:import|export)\s(type\s)?([^;'"]*?)\s?from\s+'([^']+)';/gm;
const BARE = /^import\s+'([^']+)';/gm;
const CALL = /(typeof\s+)?\bimport\(\s*'([^']+)'/g;
const THREAD = /new URL\(\s*'([^']+)',\s*import\.meta\.url/g;

/** Whether all that is named are types: `{ type A, type B }`. */
function namesTypes(names: string): boolean {
  const inside = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  if (inside === undefined) return false;
  const all = inside.split(',').map((name) => name.trim());
  return all.every((name) => name === '' || name.startsWith('type '));
}

/** A file's text without its comments. */
export function withoutComments(text: string): string {
  return text.replaceAll(COMMENT, (_, quoted: string | undefined) => quoted ?? '');
}

/** The imports in a file's text: what is named, and how. */
export function importsIn(text: string): [name: string, how: How][] {
  const code = withoutComments(text);
  const found: [string, How][] = [];
  for (const [, type, names, name] of code.matchAll(STATEMENT))
    found.push([name!, type !== undefined || namesTypes(names!) ? 'type' : 'value']);
  for (const [, name] of code.matchAll(BARE)) found.push([name!, 'value']);
  // The type of a module that is loaded late stands beside the load: the load counts.
  for (const [, , name] of code.matchAll(CALL)) found.push([name!, 'late']);
  for (const [, name] of code.matchAll(THREAD)) found.push([name!, 'thread']);
  return found;
}

/**
 * Reads all files of a folder.
 * @param folder the sources' own
 */
export function readSources(folder: string): Map<string, SourceFile> {
  const files = new Map<string, SourceFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.c?ts$/.test(name)) continue;
    const path = name.replaceAll('\\', '/');
    const text = readFileSync(posix.join(folder, path), 'utf8');
    const imports: Import[] = [];
    const packages: string[] = [];
    for (const [to, how] of importsIn(text)) {
      if (!to.startsWith('.')) packages.push(to);
      else
        imports.push({
          to: posix.join(posix.dirname(path), to).replace(/\.(c?)js$/, '.$1ts'),
          how,
        });
    }
    files.set(path, { path, imports, packages, lines: text.split('\n').length - 1 });
  }
  return files;
}

/**
 * Groups of files that import each other, whichever way round: each a cycle, or several that hang together.
 * @param counts the kinds of imports that count
 */
export function cycles(
  files: ReadonlyMap<string, SourceFile>,
  counts: (how: How) => boolean = () => true,
): string[][] {
  const edges = (path: string): string[] =>
    (files.get(path)?.imports ?? []).filter(({ how }) => counts(how)).map(({ to }) => to);
  // Kosaraju: in the order in which walks end, groups are what is reached backwards.
  const order = walk([...files.keys()], edges).flat();
  const back = new Map<string, string[]>();
  for (const from of files.keys())
    for (const to of edges(from)) back.set(to, [...(back.get(to) ?? []), from]);
  return walk(order.reverse(), (path) => back.get(path) ?? [])
    .filter(([first, ...rest]) => rest.length > 0 || edges(first!).includes(first!))
    .map((group) => group.sort())
    .sort((one, other) => one[0]!.localeCompare(other[0]!));
}

/**
 * Walks from each of some files to all that it leads to and no walk before did.
 * @returns of each walk the files, in the order in which they were left
 */
function walk(starts: readonly string[], edges: (path: string) => readonly string[]): string[][] {
  const seen = new Set<string>();
  const walks: string[][] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    const left: string[] = [];
    seen.add(start);
    const way = [{ path: start, rest: [...edges(start)] }];
    while (way.length > 0) {
      const { path, rest } = way.at(-1)!;
      const next = rest.pop();
      if (next === undefined) {
        left.push(path);
        way.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        way.push({ path: next, rest: [...edges(next)] });
      }
    }
    walks.push(left);
  }
  return walks;
}

/** One way round a group, for whoever is to break it. */
export function wayRound(files: ReadonlyMap<string, SourceFile>, group: readonly string[]): string[] {
  const inside = new Set(group);
  const start = group[0]!;
  const from = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const { to } of files.get(path)?.imports ?? []) {
      if (to === start) {
        const way = [path];
        while (way[0] !== start) way.unshift(from.get(way[0]!)!);
        return [...way, start];
      }
      if (!inside.has(to) || from.has(to)) continue;
      from.set(to, path);
      queue.push(to);
    }
  }
  return [start];
}

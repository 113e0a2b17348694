// Loads the command's chunks, which bundle.js makes of its modules: scripts, each beside what V8 made of it when it was
// built. Node loads a CommonJS file sooner than a module, and V8 compiles nothing that it finds compiled.

import { readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** What src/late.ts is in the bundle. */
interface Bundle {
  late(file: string): object;
  threadFile(file: string): URL;
}

/** A chunk's script gives a function of these, by which it is a module of CommonJS. */
type Chunk = (exports: object, require: (name: string) => unknown, filename: string, bundle: Bundle) => void;

const folder = dirname(__filename);

/**
 * How the files end that hold what V8 made: it refuses those of another of its versions, but not those of another processor,
 * which it runs until it crashes.
 */
const COMPILED = `.${process.version}-${process.platform}-${process.arch}.cache`;

const loaded = new Map<string, object>();

/**
 * What V8 made of a chunk; undefined where that is not whole. V8 believes what it is given, and a damaged file ends the
 * process. So it is there twice, which costs less to compare than a checksum to compute: comparing is not ours to compile.
 */
function compiled(file: string): Buffer | undefined {
  let both: Buffer;
  try {
    both = readFileSync(file);
  } catch {
    return undefined;
  }
  const half = both.length >>> 1;
  const whole = both.length === 2 * half && both.compare(both, half, both.length, 0, half) === 0;
  return whole ? both.subarray(0, half) : undefined;
}

/**
 * A chunk compiled, from V8's own code where there is some of this version and processor.
 * @param name its file, relative to the folder of this one
 */
function compile(name: string): Script {
  const filename = join(folder, name);
  const cachedData = compiled(filename + COMPILED);
  return new Script(readFileSync(filename, 'utf8'), cachedData ? { filename, cachedData } : { filename });
}

/** What a chunk exports; it runs when it is asked for first. */
export function load(name: string): object {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const exports = {};
  loaded.set(name, exports);
  const chunk = compile(name).runInThisContext() as Chunk;
  const from = posix.dirname(name);
  // A chunk requires another by its path from its own, or a package or module of Node's.
  const find = (file: string): unknown =>
    file.startsWith('.') ? load(posix.join(from, file)) : require(file);
  chunk(exports, find, join(folder, name), bundle);
  return exports;
}

const bundle: Bundle = {
  late: (file) => load(posix.normalize(file)),
  threadFile: (file) => pathToFileURL(join(folder, `${basename(file, '.js')}.cjs`)),
};

// Values that several command lines take: sizes, times, patterns of hosts.

import { ArgumentError } from './parsed.js';

/** A number of bytes with a unit: K, M, G of 1024; without one, in units of `bare` bytes. */
export function byteSize(text: string, bare: number, what: string): number {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text);
  const unit = match && { '': bare, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match[2]!.toLowerCase()]!;
  const size = match === null ? 0 : Number(match[1]) * unit!;
  if (size === 0 || size > Number.MAX_SAFE_INTEGER) throw new ArgumentError(`invalid ${what} ${text}`);
  return size;
}

const SECONDS: { readonly [unit: string]: number } = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** Seconds of a time at most. */
const LONGEST = 10 * 365 * 86_400;

/** A time with a unit: s, m, h, d; without one, in seconds. */
export function duration(text: string, what: string): number {
  const match = /^(\d+)([smhd]?)$/.exec(text);
  const seconds = match === null ? 0 : Number(match[1]) * SECONDS[match[2]!]!;
  if (seconds === 0 || seconds > LONGEST) throw new ArgumentError(`invalid ${what} ${text}`);
  return seconds;
}

/** Patterns of hosts, with commas between them. */
export function hostPatterns(text: string): string[] {
  const patterns = text.split(',').map((one) => one.trim());
  const wrong = patterns.find((one) => !/^[\w.*?-]{1,253}$/.test(one));
  if (wrong !== undefined)
    throw new ArgumentError(`--hosts takes names of hosts, with * and ?, not '${wrong}'`);
  return patterns;
}

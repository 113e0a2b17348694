// Access lists of AFS: text of two counts, then a line for each user with the rights granted, then with those denied.

import { textOf } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** Rights in the order of AFS' own `fs` command. */
const RIGHTS: readonly (readonly [bit: number, letter: string])[] = [
  [1, 'r'],
  [8, 'l'],
  [4, 'i'],
  [16, 'd'],
  [2, 'w'],
  [32, 'k'],
  [64, 'a'],
];

/** Prints the list in `bytes`, which a zero may end. */
export function printAcl(p: Printer, bytes: Uint8Array): void {
  const text = textOf(bytes).split('\0', 1)[0]!;
  const counts = /[ \t-\r]*([+-]?\d+)[ \t-\r]*([+-]?\d+)[ \t-\r]*/y;
  const user = /[ \t-\r]*([^ \t-\r]+)[ \t-\r]*([+-]?\d+)[ \t-\r]*/y;
  const match = counts.exec(text);
  if (match === null) return;
  user.lastIndex = counts.lastIndex;
  for (const [sign, count] of [
    ['+', asInt(match[1]!)],
    ['-', asInt(match[2]!)],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const line = user.exec(text);
      if (line === null) return;
      const rights = asInt(line[2]!);
      p.text(` ${sign}{`);
      p.safeText(line[1]!);
      p.text(` ${RIGHTS.map(([bit, letter]) => ((rights & bit) !== 0 ? letter : '')).join('')}}`);
    }
  }
}

const LONG = (1n << 63n) - 1n;

/** The number of these digits as C's scanf has it: the lower half of a long. */
function asInt(digits: string): number {
  const n = BigInt(digits.replace('+', ''));
  const long = n > LONG ? LONG : n < -LONG - 1n ? -LONG - 1n : n;
  return Number(BigInt.asIntN(32, long));
}

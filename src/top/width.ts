// How many columns of a terminal text takes, and text cut to a number of columns. What a terminal would obey, or nobody
// would see, is escaped before (`visible`); here characters are only measured.

import { visible } from '../packet/index.js';
import { WIDE } from './wide.js';

/** Marks that stand on the character before them. */
const MARK = /^[\p{Mn}\p{Me}]$/u;
const ASCII = /^[\x20-\x7e]*$/;
/** Marks of a character that are kept: more would climb out of the line. */
const MARKS = 2;

function isWide(code: number): boolean {
  let from = 0;
  let to = WIDE.length / 2;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (code > WIDE[2 * middle + 1]!) from = middle + 1;
    else if (code < WIDE[2 * middle]!) to = middle;
    else return true;
  }
  return false;
}

/** Columns of one code point: 0, 1 or 2. */
export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (MARK.test(character)) return 0;
  // Vowels and finals of Korean syllables join the consonant before them.
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  return isWide(code) ? 2 : 1;
}

/** A piece of text that takes a place of its own. */
export interface Cluster {
  readonly text: string;
  readonly width: 1 | 2;
}

/** @returns the text as it is shown, in pieces; marks without a character before them stand on a dotted circle */
export function clusters(text: string): Cluster[] {
  if (ASCII.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }));
  const found: { text: string; width: 1 | 2; marks: number }[] = [];
  for (const character of text) {
    const width = characterWidth(character);
    const last = found[found.length - 1];
    if (width > 0) found.push({ text: character, width: width as 1 | 2, marks: 0 });
    else if (last === undefined) found.push({ text: `\u25cc${character}`, width: 1, marks: 1 });
    else if (last.marks++ < MARKS) last.text += character;
  }
  return found;
}

/** Columns of a text. */
export function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : clusters(text).reduce((sum, { width }) => sum + width, 0);
}

const escapes = (text: string): string =>
  text.replace(/[^\x20-\x7e]/gu, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });

/**
 * Text from elsewhere as a terminal may have it.
 * @param ascii whether nothing but ASCII can be shown
 */
export function shown(text: string, ascii: boolean): string {
  const safe = visible(text);
  return ascii ? escapes(safe) : safe;
}

/** The text in exactly so many columns: cut with an ellipsis, or filled with spaces, on the left of numbers. */
export function fit(text: string, columns: number, right = false, ellipsis = '…'): string {
  const width = textWidth(text);
  if (width <= columns) {
    const pad = ' '.repeat(columns - width);
    return right ? pad + text : text + pad;
  }
  if (columns <= 0) return '';
  let cut = '';
  let used = 0;
  for (const cluster of clusters(text)) {
    if (used + cluster.width > columns - 1) break;
    cut += cluster.text;
    used += cluster.width;
  }
  return `${cut}${ellipsis}${' '.repeat(columns - used - 1)}`;
}

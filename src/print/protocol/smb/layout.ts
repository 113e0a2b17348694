// How messages of SMB and NetBIOS are described and printed: a layout is a row of steps, and the row is walked along the bytes.

import type { SmbState } from './state.js';

/** What a piece returns when the packet was cut in it. */
export const CUT = -1;

/** A value of a field: prints it and returns where the next one is. `end` is the end of what the layout describes. */
export type Piece = (s: SmbState, at: number, end: number) => number;

/** Nothing may be left here: the layout is done then. */
export const CHECK = 'check';
/** What follows is repeated until nothing is left. */
export const REPEAT = 'repeat';
/** The layout is done: what is left is somebody else's. */
export const END = 'end';

/** A text, a field (texts between its pieces as they are), or what is to be done. */
export type Step =
  | { readonly text: string }
  | { readonly field: readonly (Piece | string)[] }
  | typeof CHECK
  | typeof REPEAT
  | typeof END;
export type Layout = readonly Step[];

/** Steps and rows of steps in one row; a string is a text. */
export function layout(...parts: readonly (Step | Layout | { readonly text: string })[]): Layout {
  return parts.flat() as Step[];
}

export const text = (words: string): Step => ({ text: words });

/** A field of its own, with nothing in front of it and behind it. */
export const bare = (...field: readonly (Piece | string)[]): Step => ({ field });

/** `label=value`, without a newline. */
export const plain = (label: string, ...field: readonly (Piece | string)[]): Layout => [
  text(`${label}=`),
  bare(...field),
];

/** A line `label=value`. */
export const line = (label: string, ...field: readonly (Piece | string)[]): Layout => [
  ...plain(label, ...field),
  text('\n'),
];

const ROW = 16;
const HALF = 8;

/** Bytes in hexadecimal and as characters, sixteen in a row. */
export function dump(s: SmbState, at: number, length: number): void {
  const { p } = s;
  for (let row = 0; row < length; row += ROW) {
    p.text(`[${row.toString(16).toUpperCase().padStart(3, '0')}] `);
    const count = Math.min(ROW, length - row);
    for (let i = 0; i < count; i++) {
      p.text(`${hexByte(p.u8(at + row + i))} `);
      if (i % HALF === HALF - 1) p.char(32);
    }
    if (count < ROW) p.text(' '.repeat(1 + (count < HALF ? 1 : 0) + 3 * (ROW - count)));
    p.safeBytes(at + row, Math.min(HALF, count));
    p.char(32);
    if (count > HALF) p.safeBytes(at + row + HALF, count - HALF);
    p.char(10);
  }
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/**
 * Prints what a layout says of the bytes from `at` to `end`, and in hexadecimal what is behind it.
 * @returns where it ended, or CUT
 */
export function printLayout(s: SmbState, steps: Layout, at: number, end: number): number {
  const next = walk(s, steps, 0, at, end);
  if (next >= 0) return next;
  if (next === CUT) return CUT;
  // All of the layout is printed.
  at = -next - 2;
  if (at >= end) return at;
  s.p.text(`Data: (${end - at} bytes)\n`);
  dump(s, at, end - at);
  return end;
}

/** @returns where it stopped; CUT; or when it came behind its last step, -2 less the place */
function walk(s: SmbState, steps: Layout, from: number, at: number, end: number): number {
  for (let i = from; i < steps.length; i++) {
    const step = steps[i]!;
    if (step === END) return at;
    if (step === CHECK) {
      if (at >= end) return at;
    } else if (step === REPEAT) return repeat(s, steps, i + 1, at, end);
    else if ('text' in step) s.p.text(step.text);
    else {
      if (at >= end) return at;
      at = printField(s, step.field, at, end);
      if (at === CUT) {
        const behind = steps[i + 1];
        if (typeof behind === 'object' && 'text' in behind && behind.text.startsWith('\n')) s.p.char(10);
        return CUT;
      }
    }
  }
  return -2 - at;
}

function repeat(s: SmbState, steps: Layout, from: number, at: number, end: number): number {
  while (at < end) {
    let next = walk(s, steps, from, at, end);
    if (next === CUT) return CUT;
    if (next < 0) next = -next - 2;
    if (next === at) return at;
    at = next;
  }
  return at;
}

function printField(s: SmbState, field: readonly (Piece | string)[], at: number, end: number): number {
  const { p } = s;
  for (const piece of field) {
    if (at >= end) {
      p.text('END OF BUFFER\n');
      return at;
    }
    if (typeof piece === 'string') p.text(piece);
    else {
      at = piece(s, at, end);
      if (at === CUT) {
        p.truncated();
        return CUT;
      }
    }
  }
  return at;
}

/** How many bytes follow the words. */
export function byteCount(s: SmbState, at: number): number {
  const count = s.p.le16(at);
  s.p.text(`smb_bcc=${count}\n`);
  return count;
}

/** The bytes in hexadecimal, not past the message's end. */
export function dumpUpTo(s: SmbState, at: number, length: number, end: number): void {
  dump(s, at, Math.min(length, Math.max(0, end - at)));
}

/**
 * A command that is more than rows of fields. `words` is the offset of the number of words, `bytes` that of the bytes behind
 * them, `message` that of the message.
 */
export type Special = (s: SmbState, words: number, bytes: number, message: number, end: number) => void;

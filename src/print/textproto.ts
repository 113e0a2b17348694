// Text protocols (HTTP, FTP, SMTP, RTSP, SIP …): the first line, or with -v all lines up to the first that is not text.

import type { Printer } from './printer.js';

/** The response code is the second word of a response, as in `HTTP/1.1 200 OK`. */
export const RESPONSE_CODE_SECOND_WORD = 1;

/** Longest word that is compared with commands, with the byte that C ends it with. */
const MAX_TOKEN = 128;

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;

const endsWord = (c: number) => c === SPACE || c === TAB || c === CR || c === LF;
const isPrintable = (c: number) => c >= 0x20 && c < 0x7f;

const NO_TOKEN = { word: '', next: 0 } as const;

/**
 * One word from `at` on. Blanks in front of it are not passed over, so that a line which begins with one is no message.
 * @returns the word, and where the next one begins, behind spaces alone (0: no word there)
 */
function fetchToken(p: Printer, offset: number, at: number, length: number): { word: string; next: number } {
  let i = at;
  for (; i < length; i++) {
    if (!p.has(offset + i, 1)) return NO_TOKEN;
    const c = p.buffer[offset + i]!;
    if (endsWord(c)) break;
    if (!isPrintable(c) || i - at >= MAX_TOKEN) return NO_TOKEN;
  }
  if (i === at) return NO_TOKEN;
  const word = String.fromCharCode(...p.view(offset + at, i - at));
  while (i < length && p.has(offset + i, 1) && p.buffer[offset + i] === SPACE) i++;
  return { word, next: i };
}

/**
 * Prints one line of text after `prefix`. A line whose end was not captured is not printed: the packet is cut there.
 * @returns where the next line begins, 0 when this one is not text or has no end
 */
function printLine(p: Printer, prefix: string, offset: number, at: number, length: number): number {
  let i = at;
  for (; i < length; i++) {
    const c = p.u8(offset + i);
    if (c === LF) return line(p, prefix, offset + at, i - at, i + 1);
    if (c === CR) {
      if (i + 1 >= length || p.u8(offset + i + 1) !== LF) return 0;
      return line(p, prefix, offset + at, i - at, i + 2);
    }
    if (!isPrintable(c) && c !== TAB) return 0;
  }
  // The last line of a message need not have an end.
  return line(p, prefix, offset + at, i - at, 0);
}

function line(p: Printer, prefix: string, offset: number, length: number, next: number): number {
  p.text(prefix);
  p.reserve(length);
  p.bytes.set(p.buffer.subarray(offset, offset + length), p.pos);
  p.pos += length;
  return next;
}

/**
 * Prints a text protocol's packet: `NAME: first line`, or with -v `NAME, length: N` and its lines (txtproto_print).
 * `p.protocol` must be set.
 * @param commands the protocol's commands when not all packets begin with a command or response; null: print always
 * @param flags RESPONSE_CODE_SECOND_WORD, or 0
 */
export function printTextProtocol(
  p: Printer,
  offset: number,
  length: number,
  commands: ReadonlySet<string> | null,
  flags: number,
): void {
  p.protocolCaps();
  if (commands !== null && !beginsMessage(p, offset, length, commands, flags)) return;
  if (p.options.verbose > 0) {
    p.text(', length: ');
    p.dec(length);
    for (let at = 0; at < length; ) {
      at = printLine(p, '\n\t', offset, at, length);
      if (at === 0) break;
    }
  } else {
    printLine(p, ': ', offset, 0, length);
  }
}

/** True when the packet begins with a command of the protocol or a response (three digits). */
function beginsMessage(
  p: Printer,
  offset: number,
  length: number,
  commands: ReadonlySet<string>,
  flags: number,
): boolean {
  const first = fetchToken(p, offset, 0, length);
  if (first.next === 0) return false;
  if (commands.has(first.word.toUpperCase())) return true;
  const code = (flags & RESPONSE_CODE_SECOND_WORD) !== 0 ? fetchToken(p, offset, first.next, length) : first;
  return code.next !== 0 && /^\d{3}$/.test(code.word);
}

// The first line of an HTTP/1 message, and its Host. Source: RFC 9112 3, 4; RFC 9110 7.2.

const MAXIMUM_LINE = 8192;
/** Header lines that are searched for the host. */
const MAXIMUM_LINES = 100;
const REQUEST = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S+) HTTP\/1\.[01]\r?$/;
const STATUS = /^HTTP\/1\.[01] (\d{3})(?: |\r?$)/;
const HOST = /^host[ \t]*:[ \t]*([^\s]+)[ \t]*\r?$/i;
/** Characters of a method that is taken for one. */
const MAXIMUM_WORD = 32;
const BLANK = 0x20;
const LF = 10;

export interface Http {
  /** Of a request; null for a response. */
  readonly method: string | null;
  /** The request's target: /path?query, a URI, or * (bytes that are no ASCII are percent-encoded). */
  readonly path: string | null;
  readonly host: string | null;
  /** Of a response; null for a request. */
  readonly status: number | null;
}

/**
 * @param b bytes
 * @param at where TCP's payload begins
 * @param end of what was captured
 * @returns null when this is no first line of HTTP/1
 */
export function readHttp(b: Uint8Array, at: number, end: number): Http | null {
  if (!beginsWithWord(b, at, end)) return null;
  const line = lineAt(b, at, end);
  if (line === null) return null;
  const status = STATUS.exec(line);
  if (status !== null) return { method: null, path: null, host: null, status: Number(status[1]) };
  const request = REQUEST.exec(line);
  if (request === null) return null;
  const path = request[2]!.replace(
    /[^\x21-\x7e]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return { method: request[1]!, path, host: hostOf(b, at + line.length + 1, end), status: null };
}

/** Whether a word of a method's or version's length comes first, and a blank: most payloads are told by that. */
function beginsWithWord(b: Uint8Array, at: number, end: number): boolean {
  const until = Math.min(end, at + MAXIMUM_WORD + 1);
  for (let i = at; i < until; i++) {
    if (b[i] === BLANK) return i > at;
    if (b[i]! < BLANK || b[i]! >= 0x7f) return false;
  }
  return false;
}

/** A line without its line feed; null when there is none, or it is too long. */
function lineAt(b: Uint8Array, at: number, end: number): string | null {
  const until = Math.min(end, at + MAXIMUM_LINE);
  for (let i = at; i < until; i++) {
    if (b[i] === LF) return Buffer.prototype.latin1Slice.call(b, at, i);
  }
  return null;
}

function hostOf(b: Uint8Array, at: number, end: number): string | null {
  for (let i = 0; i < MAXIMUM_LINES; i++) {
    const line = lineAt(b, at, end);
    if (line === null || line === '' || line === '\r') return null;
    const host = HOST.exec(line);
    if (host !== null) return /^[\x21-\x7e]+$/.test(host[1]!) ? host[1]! : null;
    at += line.length + 1;
  }
  return null;
}

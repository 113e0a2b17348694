// Redis's serialization protocol, version 2, and its inline commands. Source: redis.io, "RESP protocol spec".

import { type Printer, TRUNCATED } from '../printer.js';

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
const QUOTE = 34;
const SIMPLE_STRING = 43; // +
const ERROR = 45; // -
const INTEGER = 58; // :
const BULK_STRING = 36; // $
const ARRAY = 42; // *

/** Lengths that are none. */
const NULL = -1;
const TOO_LARGE = -3;
const NEGATIVE = -4;
const INVALID = -5;
const NO_LENGTH: Readonly<Record<number, string>> = {
  [NULL]: ' null',
  [TOO_LARGE]: ' length too large',
  [NEGATIVE]: ' length negative and not -1',
  [INVALID]: ' invalid',
};

const INT_MAX = 0x7fffffff;

/** The place of the first CR LF at or after `at`. */
function findLineEnd(p: Printer, at: number, end: number): number {
  for (; ; at++) {
    if (end - at < 2) throw TRUNCATED;
    if (p.u16(at) === ((CR << 8) | LF)) return at;
  }
}

const isLineEnd = (c: number) => c === CR || c === LF;

/** Skips CR and LF. There must be one unless another byte stands here. */
function skipLineEnds(p: Printer, at: number, end: number): number {
  const start = at;
  for (; ; at++) {
    if (at >= end || !p.has(at, 1)) {
      if (at > start) return at;
      throw TRUNCATED;
    }
    if (!isLineEnd(p.u8(at))) return at;
  }
}

function quoted(p: Printer, from: number, to: number): void {
  p.text(' "');
  p.safeBytes(from, to - from);
  p.char(QUOTE);
}

/** Where the length read last ends. */
let lengthEnd = 0;

/** The length of a bulk string or an array, negative when there is none. */
function readLength(p: Printer, at: number, end: number): number {
  const next = (): number => {
    if (at >= end) throw TRUNCATED;
    return p.u8(at++);
  };
  let value = 0;
  let large = false;
  let c = next();
  const negative = c === MINUS;
  if (negative) c = next();
  let digits = 0;
  for (; c >= ZERO && c <= ZERO + 9; c = next()) {
    digits++;
    const sum = value * 10 + c - ZERO;
    if (sum > INT_MAX) large = true;
    else value = sum;
  }
  const right = digits > 0 && c === CR && next() === LF;
  lengthEnd = at;
  if (!right) return INVALID;
  if (negative) return large || value !== 1 ? NEGATIVE : NULL;
  return large ? TOO_LARGE : value;
}

/** The elements of a segment. What has no end in it is cut, whether captured or not. */
export function printResp(p: Printer, offset: number, length: number): void {
  p.protocol = 'resp';
  const end = offset + length;
  let at = offset;
  /** Elements that begun arrays still want: one number for all, since nothing is printed where an array ends. */
  let wanted = 0;
  p.text(': RESP');
  while (at < end || wanted > 0) {
    if (at >= end) throw TRUNCATED;
    if (wanted > 0) wanted--;
    switch (p.u8(at)) {
      case SIMPLE_STRING:
      case INTEGER:
      case ERROR: {
        const stop = findLineEnd(p, at + 1, end);
        quoted(p, at + 1, stop);
        at = stop + 2;
        break;
      }
      case BULK_STRING: {
        const size = readLength(p, at + 1, end);
        at = lengthEnd;
        if (size < 0) {
          p.text(NO_LENGTH[size]!);
          break;
        }
        if (size === 0) p.text(' empty');
        else {
          if (end - at < size) throw TRUNCATED;
          p.need(at, size);
          quoted(p, at, at + size);
        }
        at = findLineEnd(p, at + size, end) + 2;
        break;
      }
      case ARRAY: {
        const count = readLength(p, at + 1, end);
        at = lengthEnd;
        if (count > 0) wanted += count;
        else p.text(count === 0 ? ' empty' : NO_LENGTH[count]!);
        break;
      }
      default: {
        const start = skipLineEnds(p, at, end);
        let stop = start;
        for (; ; stop++) {
          if (stop >= end) throw TRUNCATED;
          if (isLineEnd(p.u8(stop))) break;
        }
        quoted(p, start, stop);
        at = skipLineEnds(p, stop, end);
      }
    }
  }
}

// Hexadecimal and ASCII dumps, for -x, -X and -A and for what has no printer.

import { type Printer, TRUNCATED } from './printer.js';
import { HEX } from './writer.js';

const PER_LINE = 16;

/** The four hexadecimal digits of each 16-bit number, as four bytes: made for the first dump. */
let digits: Uint32Array | null = null;

function makeDigits(): Uint32Array {
  const two = Uint16Array.from({ length: 256 }, (_, byte) => (HEX[byte >> 4]! << 8) | HEX[byte & 15]!);
  return Uint32Array.from({ length: 65536 }, (_, n) => (two[n >> 8]! << 16) | two[n & 0xff]!);
}

const SPACE = 32;
const DOT = 46;
/** Characters of a line's hexadecimal half: eight groups of a space and four digits. */
const HEX_WIDTH = 40;
/** What a line has at most besides its indent: offset, both halves, spaces between. */
const LINE = 16 + HEX_WIDTH + 2 + PER_LINE;

/** Dump lines of [offset, end), the ASCII half behind the hexadecimal one if wanted; `base` is the first line's number. */
function dump(p: Printer, indent: string, offset: number, end: number, ascii: boolean, base = 0): void {
  const b = p.buffer;
  digits ??= makeDigits();
  for (let line = offset; line < end; line += PER_LINE) {
    const stop = Math.min(end, line + PER_LINE);
    p.text(indent);
    p.reserve(LINE);
    p.text('0x');
    p.hex0(base + line - offset, 4);
    p.text(': ');
    const { bytes: out, target } = p;
    let pos = p.pos;
    const wide = pos + HEX_WIDTH + 2;
    let i = line;
    for (; i + 1 < stop; i += 2) {
      out[pos] = SPACE;
      target.setUint32(pos + 1, digits[(b[i]! << 8) | b[i + 1]!]!);
      pos += 5;
    }
    if (i < stop) {
      out[pos++] = SPACE;
      const four = digits[b[i]!]!;
      out[pos++] = (four >>> 8) & 0xff;
      out[pos++] = four & 0xff;
    }
    if (ascii) {
      while (pos < wide) out[pos++] = SPACE;
      for (i = line; i < stop; i++) {
        const c = b[i]!;
        out[pos++] = c > 0x20 && c < 0x7f ? c : DOT;
      }
    }
    p.pos = pos;
  }
}

/**
 * `0x0000:  4500 …  E..` lines (hex_and_ascii_print). Only captured bytes are shown.
 * @param indent what begins each line, newline included
 */
export function hexAndAscii(p: Printer, indent: string, offset: number, length: number): void {
  dump(p, indent, offset, Math.min(offset + length, p.snapEnd), true);
}

/** `0x0000:  4500 …` lines (hex_print), numbered from `base`. */
export function hexOnly(p: Printer, indent: string, offset: number, length: number, base = 0): void {
  dump(p, indent, offset, Math.min(offset + length, p.snapEnd), false, base);
}

/** A newline and the bytes as text (ascii_print): line ends and tabs as they are, everything else unprintable a dot. */
export function asciiOnly(p: Printer, offset: number, length: number): void {
  const end = Math.min(offset + length, p.snapEnd);
  p.char(10);
  for (let i = offset; i < end; i++) {
    const c = p.buffer[i]!;
    if (c === 13) {
      // A carriage return is no line end here, nor worth a dot before the last byte: as tcpdump counts.
      if (i + 2 < end && p.buffer[i + 1] !== 10) p.char(46);
    } else {
      p.char((c > 0x20 && c < 0x7f) || c === 9 || c === 32 || c === 10 ? c : 46);
    }
  }
}

/** Whether bytes without a name are dumped at all: -x and -X dump the whole packet, -q nothing. */
export function unknownIsDumped(p: Printer): boolean {
  const { hex, hexAscii: both, quiet } = p.options;
  return hex === 0 && both === 0 && !quiet;
}

/**
 * What a printer does with bytes it has no name for (ND_DEFAULTPRINT): both columns, unless -x, -X or -q say otherwise.
 * What was not captured of them ends the packet.
 */
export function dumpUnknown(p: Printer, offset: number, length: number): void {
  if (unknownIsDumped(p)) dumpAlways(p, offset, length);
}

/** As `dumpUnknown`, even where `-q` or a dump of the whole packet is asked for (ND_DEFAULTPRINT). */
export function dumpAlways(p: Printer, offset: number, length: number): void {
  hexAndAscii(p, '\n\t', offset, length);
  if (length > p.available(offset)) throw TRUNCATED;
}

/** The captured ones of `length` bytes of an unknown field, in hexadecimal lines (print_unknown_data). */
export function printUnknownData(p: Printer, indent: string, offset: number, length: number): void {
  if (offset > p.snapEnd) {
    p.text(`${indent}Dissector error: print_unknown_data called with pointer past end of packet`);
  } else hexOnly(p, indent, offset, length);
}

/** `length` bytes in hexadecimal lines, of which what was not captured ends the packet (hex_print). */
export function hexWhole(p: Printer, indent: string, offset: number, length: number): void {
  hexOnly(p, indent, offset, length);
  if (length > p.available(offset)) throw TRUNCATED;
}

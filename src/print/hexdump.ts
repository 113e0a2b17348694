// Hexadecimal and ASCII dumps, for -x, -X and -A and for what has no printer.

import type { Printer } from './printer.js';

const PER_LINE = 16;

/** One dump line's hexadecimal half, without what comes before. @returns characters written */
function hexLine(p: Printer, offset: number, count: number): number {
  const start = p.pos;
  for (let i = 0; i < count; i += 2) {
    p.char(32);
    p.hex0(p.buffer[offset + i]!, 2);
    if (i + 1 < count) p.hex0(p.buffer[offset + i + 1]!, 2);
  }
  return p.pos - start;
}

/**
 * `0x0000:  4500 …  E..` lines (hex_and_ascii_print). Only captured bytes are shown.
 * @param indent what begins each line, newline included
 */
export function hexAndAscii(p: Printer, indent: string, offset: number, length: number): void {
  const end = Math.min(offset + length, p.snapEnd);
  for (let at = offset, shown = 0; at < end; at += PER_LINE, shown += PER_LINE) {
    const count = Math.min(PER_LINE, end - at);
    p.text(indent);
    p.text('0x');
    p.hex0(shown, 4);
    p.text(': ');
    for (let width = hexLine(p, at, count); width < 40; width++) p.char(32);
    p.text('  ');
    for (let i = at; i < at + count; i++) {
      const c = p.buffer[i]!;
      p.char(c > 0x20 && c < 0x7f ? c : 46);
    }
  }
}

/** `0x0000:  4500 …` lines (hex_print). */
export function hexOnly(p: Printer, indent: string, offset: number, length: number): void {
  const end = Math.min(offset + length, p.snapEnd);
  for (let at = offset, shown = 0; at < end; at += PER_LINE, shown += PER_LINE) {
    p.text(indent);
    p.text('0x');
    p.hex0(shown, 4);
    p.text(': ');
    hexLine(p, at, Math.min(PER_LINE, end - at));
  }
}

/** A newline and the bytes as text (ascii_print): line ends and tabs as they are, everything else unprintable a dot. */
export function asciiOnly(p: Printer, offset: number, length: number): void {
  const end = Math.min(offset + length, p.snapEnd);
  p.char(10);
  for (let i = offset; i < end; i++) {
    const c = p.buffer[i]!;
    if (c === 13) {
      // A carriage return before a newline belongs to no line end here.
      if (i + 1 >= end) break;
      if (p.buffer[i + 1] !== 10) p.char(46);
    } else {
      p.char((c > 0x20 && c < 0x7f) || c === 9 || c === 32 || c === 10 ? c : 46);
    }
  }
}

/** The default for bytes without a printer (ND_DEFAULTPRINT): a dump of what was captured. */
export function dumpUnknown(p: Printer, offset: number, length: number): void {
  hexAndAscii(p, '\n\t', offset, length);
}

/** print_unknown_data: a dump under an indent of the caller's. */
export function printUnknownData(p: Printer, indent: string, offset: number, length: number): void {
  hexAndAscii(p, indent, offset, Math.min(length, p.available(offset)));
}

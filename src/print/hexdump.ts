// Hexadecimal and ASCII dumps, for -x, -X and -A and for what has no printer.

import { type Printer, TRUNCATED } from './printer.js';

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
      // A carriage return is no line end here, nor worth a dot before the last byte: as tcpdump counts.
      if (i + 2 < end && p.buffer[i + 1] !== 10) p.char(46);
    } else {
      p.char((c > 0x20 && c < 0x7f) || c === 9 || c === 32 || c === 10 ? c : 46);
    }
  }
}

/**
 * What a printer does with bytes it has no name for (ND_DEFAULTPRINT): both columns, unless -x, -X or -q say otherwise.
 * What was not captured of them ends the packet.
 */
export function dumpUnknown(p: Printer, offset: number, length: number): void {
  const { hex, hexAscii: both, quiet } = p.options;
  if (hex > 0 || both > 0 || quiet) return;
  hexAndAscii(p, '\n\t', offset, length);
  if (length > p.available(offset)) throw TRUNCATED;
}

/** The captured ones of `length` bytes of an unknown field, in hexadecimal lines (print_unknown_data). */
export function printUnknownData(p: Printer, indent: string, offset: number, length: number): void {
  if (offset > p.snapEnd) {
    p.text(`${indent}Dissector error: print_unknown_data called with pointer past end of packet`);
  } else hexOnly(p, indent, offset, length);
}

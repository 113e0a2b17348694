// ZeroMQ's message transport, version 1.0: frames over TCP or in datagrams. Source: 13/ZMTP, zmq_pgm(7).

import { hexAndAscii } from '../hexdump.js';
import { bitsOf, hex } from '../inline.js';
import { type Bits, type Printer, TRUNCATED } from '../printer.js';

/** A length that does not fit in its byte: eight bytes of it follow. */
const LONG = 0xff;
const LONG_HEADER = 9;
/** Bytes of a frame's body that a single -v shows. */
const SHOWN = 128;
/** The offset of a datagram in which no message begins. */
const NO_MESSAGE = 0xffff;
const FLAGS: Bits = [
  [0x01, 'MORE'],
  [0x02, 'R1'],
  [0x04, 'R2'],
  [0x08, 'R3'],
  [0x10, 'R4'],
  [0x20, 'R5'],
  [0x40, 'R6'],
  [0x80, 'R7'],
];

/** Frames over TCP. */
export function printZmtp1(p: Printer, offset: number, length: number): void {
  p.protocol = 'zmtp1';
  p.text(': ZMTP/1.0');
  frames(p, offset, Math.min(p.snapEnd, offset + length));
}

/** A datagram: where in it the first message begins, and frames. */
export function printZmtp1Datagram(p: Printer, offset: number, length: number): void {
  p.protocol = 'zmtp1';
  const end = Math.min(p.snapEnd, offset + length);
  const first = p.u16(offset);
  p.text(`\n\t frame offset 0x${hex(first, 4)}`);
  if (first !== NO_MESSAGE && first + 2 > length) {
    p.text(' (exceeds datagram declared length)');
    throw TRUNCATED;
  }
  const size = first === NO_MESSAGE ? (length - 2) >>> 0 : first;
  offset += 2;
  if (size > 0) intermediatePart(p, offset, size);
  frames(p, offset + size, end);
}

/** The end of a message that an earlier datagram began. */
function intermediatePart(p: Printer, offset: number, size: number): void {
  const captured = p.available(offset);
  p.text(`\n\t frame intermediate part, ${size} bytes`);
  if (size > captured) p.text(` (${captured} captured)`);
  const shown = limited(p, Math.min(size, captured), SHOWN);
  if (shown <= 1) return;
  p.text(`, first ${shown} byte(s):`);
  hexAndAscii(p, '\n\t ', offset, shown);
}

/** How much of `count` bytes is shown: none without -v, all with -vv. */
function limited(p: Printer, count: number, most: number): number {
  const { verbose } = p.options;
  if (verbose === 0) return 0;
  return verbose === 1 ? Math.min(most, count) : count;
}

function frames(p: Printer, at: number, end: number): void {
  while (at < end) at += frame(p, at, end);
}

/** @returns bytes of the frame, one at least */
function frame(p: Printer, at: number, end: number): number {
  p.text('\n\t');
  const first = p.u8(at);
  let header = 1;
  let size = BigInt(first);
  if (first === LONG) {
    p.text(' frame flags+body (64-bit) length');
    header = LONG_HEADER;
    size = p.u64(at + 1);
    p.text(` ${size}`);
  } else p.text(` frame flags+body  (8-bit) length ${size}`);
  // A frame counts its flags: one of no bytes is to be ignored.
  if (size === 0n) return header;
  const flags = p.u8(at + header);
  const captured = end - at - header;
  if (size > captured) p.text(` (${captured} captured)`);
  p.text(`, flags 0x${hex(flags, 2)}`);
  const whole = Number(size);
  if (p.options.verbose > 0) {
    p.text(` (${bitsOf(FLAGS, flags, 'none')})`);
    const shown = limited(p, Math.min(captured, whole), SHOWN + 1) - 1;
    if (shown > 0) {
      p.text(`, first ${shown} byte(s) of body:`);
      hexAndAscii(p, '\n\t ', at + header + 1, shown);
    }
  }
  p.need(at + header, whole);
  return header + whole;
}

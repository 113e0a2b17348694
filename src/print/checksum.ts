// The Internet checksum (RFC 1071) over captured bytes and pseudo-headers.

import type { Printer } from './printer.js';

let viewed: Uint8Array = new Uint8Array(0);
let view = new DataView(viewed.buffer);

/** The bytes as a DataView; buffers change seldom. */
function viewOf(buffer: Uint8Array): DataView {
  if (buffer !== viewed) {
    viewed = buffer;
    view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  return view;
}

/**
 * Adds [offset, offset + length) to a running sum, as big-endian 16-bit words; an odd end is padded with a zero. Two words
 * are added as one number: with the carries put back, as `fold` does, their sum is the same. A packet's sum is exact.
 */
function addWords(buffer: Uint8Array, offset: number, length: number, sum: number): number {
  const end = offset + length;
  const bytes = viewOf(buffer);
  let at = offset;
  let other = 0;
  for (const stop = end - 15; at < stop; at += 16) {
    sum += bytes.getUint32(at) + bytes.getUint32(at + 4);
    other += bytes.getUint32(at + 8) + bytes.getUint32(at + 12);
  }
  for (const stop = end - 3; at < stop; at += 4) sum += bytes.getUint32(at);
  sum += other;
  if (end - at >= 2) {
    sum += (buffer[at]! << 8) | buffer[at + 1]!;
    at += 2;
  }
  return at < end ? sum + (buffer[at]! << 8) : sum;
}

/** Folds a sum into 16 bits and complements it: 0 when the checksum among the bytes is right. */
function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** Checksum of captured bytes; 0 when they hold a right one. */
export function checksum(p: Printer, offset: number, length: number): number {
  return fold(addWords(p.buffer, offset, length, 0));
}

/**
 * Checksum of a transport packet with its pseudo-header, for the addresses at `p.ipHeader`.
 * @param covered bytes the sum covers from `offset` on
 * @param length the pseudo-header's length field
 * @returns 0 when the packet holds a right one
 */
export function transportChecksum(
  p: Printer,
  offset: number,
  length: number,
  protocol: number,
  covered = length,
): number {
  const b = p.buffer;
  let sum = protocol + (length & 0xffff);
  if (p.ipVersion === 4) {
    // The length field of this pseudo-header has 16 bits, whatever the packet's length.

    sum = addWords(b, p.ipHeader + 12, 4, sum);
    sum = addWords(b, p.ipDestination, 4, sum);
  } else {
    sum = addWords(b, p.ipHeader + 8, 16, sum + (length >>> 16));
    sum = addWords(b, p.ipDestination, 16, sum);
  }
  return fold(addWords(b, offset, covered, sum));
}

/** What the checksum field should hold, from what it holds and what `checksum` said (in_cksum_shouldbe). */
export function shouldBe(field: number, computed: number): number {
  let sum = field + computed;
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum + (sum >>> 16)) & 0xffff;
}

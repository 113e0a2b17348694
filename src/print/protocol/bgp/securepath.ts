// The signed path of BGPsec. Source: RFC 8205 (3).

import { hexWhole } from '../../hexdump.js';
import { below, bitsOf, hex } from '../../inline.js';
import type { Bits, Printer } from '../../printer.js';

const LEAST = 8;
const SEGMENT = 6;
const BLOCK_HEADER = 3;
const KEY_IDENTIFIER = 20;
const FLAGS: Bits = [
  [0x01, 'MBZ-0'],
  [0x02, 'MBZ-1'],
  [0x04, 'MBZ-2'],
  [0x08, 'MBZ-3'],
  [0x10, 'MBZ-4'],
  [0x20, 'MBZ-5'],
  [0x40, 'MBZ-6'],
  [0x80, 'C'],
];

/** @returns false when a length is wrong, which is said */
export function securePath(p: Printer, at: number): boolean {
  const right = path(p, at);
  if (!right) p.invalid();
  return right;
}

function path(p: Printer, at: number): boolean {
  const length = p.u16(at);
  if (below(p, 'secure path length', length, LEAST)) return false;
  p.text(`\n\t    Secure Path Length: ${length}`);
  at += 2;
  const segments = length - 2;
  if (segments % SEGMENT !== 0) {
    p.text(` [total segments length ${segments} != N x 6]`);
    return false;
  }
  for (const end = at + segments; at < end; at += SEGMENT) {
    const flags = p.u8(at + 1);
    const number = p.u32(at + 2);
    p.text(
      `\n\t      Secure Path Segment: pCount: ${p.u8(at)}, Flags: [${bitsOf(FLAGS, flags, 'none')}]` +
        ` (0x${hex(flags, 2)}), AS: ${number}`,
    );
  }
  return signatures(p, at);
}

function signatures(p: Printer, at: number): boolean {
  const length = p.u16(at);
  p.text(`\n\t    Signature Block: Length: ${length}, Algo ID: ${p.u8(at + 2)}`);
  at += BLOCK_HEADER;
  // The length is one of 16 bits: one that is too small for its own header wraps.
  let left = (length - BLOCK_HEADER) & 0xffff;
  const short = (size: number): boolean => below(p, 'remaining length', left, size);
  while (left > 0) {
    p.text('\n\t      Signature Segment:\n\t        SKI: ');
    if (short(KEY_IDENTIFIER)) return false;
    hexWhole(p, '\n\t          ', at, KEY_IDENTIFIER);
    left -= KEY_IDENTIFIER;
    at += KEY_IDENTIFIER;
    if (short(2)) return false;
    const size = p.u16(at);
    left -= 2;
    at += 2;
    p.text(`\n\t        Length: ${size}`);
    if (short(size)) return false;
    p.text('\n\t        Signature:');
    hexWhole(p, '\n\t          ', at, size);
    left -= size;
    at += size;
  }
  return true;
}

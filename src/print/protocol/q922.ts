// Addresses of Frame Relay: two to four bytes, of which the last one has its lowest bit set. Source: ITU-T Q.922.

import type { Bits, Printer } from '../printer.js';

const LAST = 0x01;
const LONGEST = 4;

/** Flags of an address: those of the second byte in the upper half, those of a third or fourth in the lower. */
export const ADDRESS_FLAGS: Bits = [
  [0x02000000, 'C!'],
  [0x00020000, 'DE'],
  [0x00040000, 'BECN'],
  [0x00080000, 'FECN'],
  [0x00000002, 'sdlcore'],
];

export interface Address {
  /** Data link connection identifier. */
  readonly dlci: number;
  readonly flags: number;
  /** Bytes of it. */
  readonly size: number;
}

/**
 * Reads an address.
 * @param length bytes there are by what the layer below says
 * @returns null when it breaks the rules, undefined when it goes on behind the end
 */
export function readAddress(p: Printer, offset: number, length: number): Address | null | undefined {
  let size = 0;
  for (let last = false; !last; size++) {
    if (size === LONGEST) return null;
    if (size >= length || !p.has(offset + size, 1)) return undefined;
    last = (p.u8(offset + size) & LAST) !== 0;
  }
  if (size === 1) return null;
  const first = p.u8(offset);
  const second = p.u8(offset + 1);
  let dlci = ((first & 0xfc) << 2) | (second >> 4);
  let flags = ((first & 0x02) << 24) | ((second & 0x0e) << 16);
  if (size === LONGEST) dlci = (dlci << 7) | (p.u8(offset + 2) >> 1);
  if (size > 2) {
    const end = p.u8(offset + size - 1);
    dlci = (dlci << 6) | (end >> 2);
    flags |= end & 0x02;
  }
  return { dlci, flags, size };
}

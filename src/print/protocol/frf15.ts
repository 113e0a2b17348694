// Fragments and bundles of Frame Relay: what FRF.15 and FRF.16 share, and FRF.15's header. Sources: FRF.15, FRF.16.1.

import { bitsOf, hex } from '../inline.js';
import type { Bits, Printer } from '../printer.js';

/** Begin, end and control: the upper bits of the first byte. */
export const FragmentBit = { BEGIN: 0x80, END: 0x40, CONTROL: 0x20, ALL: 0xe0 } as const;
const FLAGS: Bits = [
  [FragmentBit.BEGIN, 'Begin'],
  [FragmentBit.END, 'End'],
  [FragmentBit.CONTROL, 'Control'],
];

const HEADER = 2;
const INTERFACE = 0x01;

/** The words of a fragment's flags. */
export function fragmentFlags(first: number): string {
  return bitsOf(FLAGS, first & FragmentBit.ALL, 'none');
}

/** Twelve bits of sequence number. */
export function fragmentNumber(p: Printer, offset: number): number {
  return ((p.u8(offset) & 0x1e) << 7) | p.u8(offset + 1);
}

/** An FRF.15 fragment: its header alone, what it is a fragment of cannot be told. */
export function printFrf15(p: Printer, offset: number, length: number): void {
  if (length < HEADER) {
    p.truncated();
    return;
  }
  p.need(offset, HEADER);
  const first = p.u8(offset);
  p.text(`FRF.15, seq 0x${hex(fragmentNumber(p, offset), 3)}, Flags [${fragmentFlags(first)}]`);
  p.text(`,${(first & INTERFACE) !== 0 ? 'Interface' : 'End-to-End'} Fragmentation, length ${length}`);
}

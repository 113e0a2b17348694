// Multilink Frame Relay: fragments and the control of a bundle's links. Source: FRF.16.1.

import { printUnknownData } from '../hexdump.js';
import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { FragmentBit, fragmentFlags, fragmentNumber } from '../protocol/frf15.js';
import { printFrameRelay } from './framerelay.js';

const MINIMUM = 4;
const FRAGMENT_HEADER = 2;
const CONTROL_HEADER = 3;
const MESSAGES: Words = {
  1: 'Add Link',
  2: 'Add Link ACK',
  3: 'Add Link Reject',
  4: 'Hello',
  5: 'Hello ACK',
  6: 'Remove Link',
  7: 'Remove Link ACK',
};

const ELEMENT_HEADER = 2;
const Element = { BUNDLE_ID: 1, LINK_ID: 2, MAGIC_NUMBER: 3, TIMESTAMP: 5 } as const;
const ELEMENTS: Words = {
  [Element.BUNDLE_ID]: 'Bundle ID',
  [Element.LINK_ID]: 'Link ID',
  [Element.MAGIC_NUMBER]: 'Magic Number',
  [Element.TIMESTAMP]: 'Timestamp',
  6: 'Vendor Extension',
  7: 'Cause',
};
const NAME_MOST = 50;
const MAGIC_SIZE = 4;
const TIMESTAMP_MOST = 14;

/** A link of Multilink Frame Relay (LINKTYPE_MFR). */
export function printMfrLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'mfr';
  if (!p.has(offset, FRAGMENT_HEADER)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  p.linkHeaderLength += printMfr(p, offset, length);
}

/**
 * A control frame or a fragment.
 * @returns bytes of its header; all of them when it is cut
 */
export function printMfr(p: Printer, offset: number, length: number): number {
  p.protocol = 'mfr';
  if (length < MINIMUM) {
    p.text(`[length ${length} < ${MINIMUM}]`);
    p.invalid();
    return length;
  }
  if (!p.has(offset, MINIMUM)) {
    p.truncated();
    return length;
  }
  const bits = p.u8(offset) & FragmentBit.ALL;
  if (bits === FragmentBit.ALL && p.u8(offset + 1) === 0) {
    const message = wordOf(MESSAGES, p.u8(offset + 2), 'Unknown Message (0x%02x)');
    p.text(`FRF.16 Control, Flags [${fragmentFlags(bits)}], ${message}, length ${length}`);
    if (p.options.verbose === 0 || printElements(p, offset + CONTROL_HEADER, offset + length))
      return CONTROL_HEADER;
    p.truncated();
    return length;
  }
  p.text(`FRF.16 Frag, seq ${fragmentNumber(p, offset)}, Flags [${fragmentFlags(bits)}]`);
  if (bits === FragmentBit.BEGIN || bits === (FragmentBit.BEGIN | FragmentBit.END)) {
    p.text(', ');
    printFrameRelay(p, offset + FRAGMENT_HEADER, length - FRAGMENT_HEADER);
    return FRAGMENT_HEADER;
  }
  printUnknownData(p, '\n\t', offset, length);
  return 0;
}

/** @returns false when the elements are cut */
function printElements(p: Printer, at: number, end: number): boolean {
  while (end - at > ELEMENT_HEADER) {
    if (!p.has(at, ELEMENT_HEADER)) return false;
    const type = p.u8(at);
    const said = p.u8(at + 1);
    p.text(`\n\tIE ${wordOf(ELEMENTS, type, 'Unknown')} (${type}), length ${said}: `);
    if (type === 0 || said <= ELEMENT_HEADER) return true;
    if (!p.has(at, said)) return false;
    const value = at + ELEMENT_HEADER;
    const size = said - ELEMENT_HEADER;
    const shown = printElement(p, type, value, size);
    if (p.options.verbose > 1 || !shown) printUnknownData(p, '\n\t  ', value, size);
    at += said;
  }
  return true;
}

/** @returns false when the value has no text */
function printElement(p: Printer, type: number, at: number, size: number): boolean {
  switch (type) {
    case Element.BUNDLE_ID:
    case Element.LINK_ID:
      p.safeUntilNul(at, Math.min(size, NAME_MOST));
      return true;
    case Element.MAGIC_NUMBER:
      if (size === MAGIC_SIZE) p.text(`0x${hex(p.u32(at), 8)}`);
      else wrong(p, `IE data length ${size} != ${MAGIC_SIZE}`);
      return true;
    case Element.TIMESTAMP:
      if (size <= TIMESTAMP_MOST) return false;
      wrong(p, `Timestamp IE length ${size} > ${TIMESTAMP_MOST}`);
      return true;
    default:
      return false;
  }
}

function wrong(p: Printer, what: string): void {
  p.text(`[${what}]`);
  p.invalid();
}

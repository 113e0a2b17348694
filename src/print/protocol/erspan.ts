// Cisco's Encapsulated Remote Switch Port Analyzer inside GRE: types I, II and III (draft-foschiano-erspan).

import { below, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printEthernetPayload } from './inner.js';

/** `bso`: how the mirrored frame was. */
const BAD_SHORT_OVERSIZED: Words = { 0: 'Good/unknown', 1: 'Short', 2: 'Oversized', 3: 'Bad' };

const ETHERNET = 0;
const FRAME_TYPES: Words = { [ETHERNET]: 'Ethernet', 2: 'IP' };
/** A header of the sending switch follows. */
const PLATFORM = 1;

/**
 * Type I or II.
 * @param sequenced whether the GRE header has a sequence number: type I has none, and no header of its own
 */
export function printErspan(p: Printer, offset: number, length: number, sequenced: boolean): void {
  p.protocol = 'erspan';
  p.text('erspan');
  if (!sequenced) {
    p.text(' type1: ');
    printEthernetPayload(p, offset, length);
  } else if (!printType2(p, offset, length)) p.invalid();
}

function printType2(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'len', length, 4)) return false;
  const header = p.u32(offset);
  if (header >>> 28 !== 1) {
    p.text(` erspan-unknown-version-${(header >>> 28).toString(16)}`);
    return true;
  }
  if (p.options.verbose > 0) p.text(' type2');
  p.text(` session ${header & 0x3ff}`);
  const vlan = (header >>> 16) & 0xfff;
  switch ((header >>> 11) & 3) {
    case 1:
      p.text(` isl ${vlan}`);
      break;
    case 2:
      p.text(` vlan ${vlan}`);
      break;
    case 3:
      p.text(' vlan payload');
      break;
  }
  printClass(p, header);
  if (below(p, 'len', length - 4, 4)) return false;
  const index = p.u32(offset + 4) & 0xfffff;
  if (p.options.verbose > 0) p.text(` index ${index}`);
  p.text(': ');
  printEthernetPayload(p, offset + 8, length - 8);
  return true;
}

/** Class of service and the mark of a cut frame. */
function printClass(p: Printer, header: number): void {
  if (p.options.verbose === 0) return;
  p.text(` cos ${(header >>> 13) & 7}`);
  if ((header & 0x400) !== 0) p.text(' truncated');
}

/** Type III. */
export function printErspan3(p: Printer, offset: number, length: number): void {
  p.protocol = 'erspan';
  p.text('erspan');
  if (!printType3(p, offset, length)) p.invalid();
}

function printType3(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'len', length, 4)) return false;
  const header = p.u32(offset);
  if (header >>> 28 !== 2) {
    p.text(` erspan-unknown-version-${(header >>> 28).toString(16)}`);
    return true;
  }
  if (p.options.verbose > 0) p.text(' type3');
  p.text(` session ${header & 0x3ff}`);
  p.text(` bso ${wordOf(BAD_SHORT_OVERSIZED, (header >>> 11) & 3, 'unknown %x')}`);
  printClass(p, header);
  // A time stamp and a security group tag, each with a length of its own to be checked.
  let at = offset + 4;
  let left = length - 4;
  for (const size of [4, 2]) {
    if (below(p, 'len', left, size)) return false;
    p.need(at, size);
    at += size;
    left -= size;
  }
  if (below(p, 'len', left, 2)) return false;
  const flags = p.u16(at);
  const frame = (flags >> 10) & 0x1f;
  at += 2;
  left -= 2;
  p.text(` ft ${wordOf(FRAME_TYPES, frame, 'unknown %x')}`);
  if ((flags & PLATFORM) !== 0) {
    if (below(p, 'len', left, 8)) return false;
    p.need(at, 8);
    at += 8;
    left -= 8;
  }
  p.text(': ');
  if (frame === ETHERNET) printEthernetPayload(p, at, left);
  else p.text('Frame type unknown');
  return true;
}

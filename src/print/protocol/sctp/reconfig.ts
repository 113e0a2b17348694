// SCTP's stream reconfiguration. Source: RFC 6525.

import { completes, OVERRUN } from '../../endings.js';
import { below, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

const Parameter = {
  OUTGOING_RESET: 13,
  INCOMING_RESET: 14,
  BOTH_RESET: 15,
  RESPONSE: 16,
  ADD_OUTGOING: 17,
  ADD_INCOMING: 18,
} as const;
const PARAMETERS: Words = {
  [Parameter.OUTGOING_RESET]: 'OUT SSN RESET',
  [Parameter.INCOMING_RESET]: 'IN SSN RESET',
  [Parameter.BOTH_RESET]: 'SSN/TSN Reset',
  [Parameter.RESPONSE]: 'RESP',
  [Parameter.ADD_OUTGOING]: 'ADD OUT STREAM',
  [Parameter.ADD_INCOMING]: 'ADD IN STREAM',
};
const RESULTS: Words = {
  0: 'Success - Nothing to do',
  1: 'Success - Performed',
  2: 'Denied',
  3: 'Error - Wrong SSN',
  4: 'Error - Request already in progress',
  5: 'Error - Bad Sequence Number',
  6: 'In progress',
};
const HEADER = 4;

/** @returns false when it is wrong, which was said */
export function reconfiguration(p: Printer, at: number, length: number): boolean {
  return completes(() => parameters(p, at, length));
}

/** OVERRUN when one is wrong, which was said. */
function parameters(p: Printer, at: number, length: number): void {
  const end = at + length;
  while (end - at >= HEADER) {
    const type = p.u16(at);
    const size = p.u16(at + 2);
    least(p, 'parameter length', size, HEADER);
    p.text(`[${wordOf(PARAMETERS, type, '#%d')}`);
    at += HEADER;
    const inside = size - HEADER;
    least(p, 'chunk length', end - at, inside);
    if (p.options.verbose < 2) {
      p.char(93);
      at += inside;
    } else if (PARAMETERS[type] === undefined) return;
    else at += parameter(p, type, at, inside, end);
    if (end - at > HEADER) at += -size & 3;
  }
}

/** @returns bytes used of the parameter, which may be fewer than it has */
function parameter(p: Printer, type: number, at: number, length: number, end: number): number {
  switch (type) {
    case Parameter.OUTGOING_RESET:
      least(p, 'parameter length', length, 12);
      p.text(`: REQ SEQ: ${p.u32(at)}, RES SEQ: ${p.u32(at + 4)}, Last TSN: ${p.u32(at + 8)}, SID`);
      streams(p, at + 12, length - 12, end);
      return length;
    case Parameter.INCOMING_RESET:
      least(p, 'parameter length', length, 4);
      p.text(`: REQ SEQ: ${p.u32(at)}, SID`);
      streams(p, at + 4, length - 4);
      return length;
    case Parameter.BOTH_RESET:
      least(p, 'parameter length', length, 4);
      p.text(`: REQ SEQ: ${p.u32(at)}]`);
      return 4;
    case Parameter.RESPONSE:
      return response(p, at, length);
    default:
      least(p, 'parameter length', length, 8);
      p.text(`: REQ SEQ: ${p.u32(at)}, No. of new streams: ${p.u16(at + 4)}] `);
      return 8;
  }
}

/** The numbers of streams. `end`: the chunk's, where half a number is reported as the chunk's fault. */
function streams(p: Printer, at: number, length: number, end = Number.POSITIVE_INFINITY): void {
  for (; length > 0; at += 2, length -= 2) {
    least(p, 'chunk length', end - at, 2);
    least(p, 'parameter length', length, 2);
    p.text(` ${p.u16(at)}`);
  }
  p.char(93);
}

function response(p: Printer, at: number, length: number): number {
  least(p, 'parameter length', length, 8);
  p.text(`: REQ SEQ: ${p.u32(at)}, REQ: ${wordOf(RESULTS, p.u32(at + 4), '#%d')}`);
  if (length === 8) {
    p.char(93);
    return 8;
  }
  // Both transmission sequence numbers are there or none.
  least(p, 'parameter length', length - 8, 8);
  p.text(`, Sender's TSN: ${p.u32(at + 8)}, Receiver's Next TSN: ${p.u32(at + 12)}] `);
  return 16;
}

/** A length that is below what there must be is said, and is OVERRUN. */
function least(p: Printer, what: string, length: number, needed: number): void {
  if (below(p, what, length, needed)) throw OVERRUN;
}

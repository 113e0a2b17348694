// SCTP's stream reconfiguration. Source: RFC 6525.

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

/** What `parameter` says when its parameter is wrong. */
const WRONG = -1;

export function reconfiguration(p: Printer, at: number, length: number): boolean {
  const end = at + length;
  while (end - at >= HEADER) {
    const type = p.u16(at);
    const size = p.u16(at + 2);
    if (below(p, 'parameter length', size, HEADER)) return false;
    p.text(`[${wordOf(PARAMETERS, type, '#%d')}`);
    at += HEADER;
    const inside = size - HEADER;
    if (below(p, 'chunk length', end - at, inside)) return false;
    if (p.options.verbose < 2) {
      p.char(93);
      at += inside;
    } else if (PARAMETERS[type] === undefined) return true;
    else {
      const used = parameter(p, type, at, inside, end);
      if (used === WRONG) return false;
      at += used;
    }
    if (end - at > HEADER) at += -size & 3;
  }
  return true;
}

/** @returns bytes used of the parameter, which may be fewer than it has */
function parameter(p: Printer, type: number, at: number, length: number, end: number): number {
  switch (type) {
    case Parameter.OUTGOING_RESET:
      if (below(p, 'parameter length', length, 12)) return WRONG;
      p.text(`: REQ SEQ: ${p.u32(at)}, RES SEQ: ${p.u32(at + 4)}, Last TSN: ${p.u32(at + 8)}, SID`);
      return streams(p, at + 12, length - 12, end) ? length : WRONG;
    case Parameter.INCOMING_RESET:
      if (below(p, 'parameter length', length, 4)) return WRONG;
      p.text(`: REQ SEQ: ${p.u32(at)}, SID`);
      return streams(p, at + 4, length - 4) ? length : WRONG;
    case Parameter.BOTH_RESET:
      if (below(p, 'parameter length', length, 4)) return WRONG;
      p.text(`: REQ SEQ: ${p.u32(at)}]`);
      return 4;
    case Parameter.RESPONSE:
      return response(p, at, length);
    default:
      if (below(p, 'parameter length', length, 8)) return WRONG;
      p.text(`: REQ SEQ: ${p.u32(at)}, No. of new streams: ${p.u16(at + 4)}] `);
      return 8;
  }
}

/** The numbers of streams. `end`: the chunk's, where half a number is reported as the chunk's fault. */
function streams(p: Printer, at: number, length: number, end = Number.POSITIVE_INFINITY): boolean {
  for (; length > 0; at += 2, length -= 2) {
    if (below(p, 'chunk length', end - at, 2) || below(p, 'parameter length', length, 2)) return false;
    p.text(` ${p.u16(at)}`);
  }
  p.char(93);
  return true;
}

function response(p: Printer, at: number, length: number): number {
  if (below(p, 'parameter length', length, 8)) return WRONG;
  p.text(`: REQ SEQ: ${p.u32(at)}, REQ: ${wordOf(RESULTS, p.u32(at + 4), '#%d')}`);
  if (length === 8) {
    p.char(93);
    return 8;
  }
  // Both transmission sequence numbers are there or none.
  if (below(p, 'parameter length', length - 8, 8)) return WRONG;
  p.text(`, Sender's TSN: ${p.u32(at + 8)}, Receiver's Next TSN: ${p.u32(at + 12)}] `);
  return 16;
}

// Border Gateway Protocol: messages wherever they begin in a segment, notifications, route refreshes. Source: RFC 4271,
// 2918 and 7313 (refresh), 5291 (filters), 4486 and 9003 (cease), 8538 (hard reset).

import { OVERRUN } from '../../endings.js';
import { hexWhole, printUnknownData } from '../../hexdump.js';
import { wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { familyText } from './numbers.js';
import { openMessage } from './open.js';
import { updateMessage } from './update.js';

const MARKER = 16;
const HEADER = 19;
const Field = { LENGTH: 16, TYPE: 18, CODE: 19, SUBCODE: 20, REFRESH: 19, FILTER: 23 } as const;
const Message = { OPEN: 1, UPDATE: 2, NOTIFICATION: 3, KEEPALIVE: 4, REFRESH: 5 } as const;
const MESSAGES: Words = { 1: 'Open', 2: 'Update', 3: 'Notification', 4: 'Keepalive', 5: 'Route Refresh' };

const NOTIFICATION = 21;
const ERRORS: Words = {
  1: 'Message Header Error',
  2: 'OPEN Message Error',
  3: 'UPDATE Message Error',
  4: 'Hold Timer Expired',
  5: 'Finite State Machine Error',
  6: 'Cease',
  7: 'Capability Message Error',
};
/** Subcodes by the code of their error, and what stands in front of them. */
const SUBCODES: Readonly<Record<number, readonly [separator: string, words: Words]>> = {
  1: [',', { 1: 'Connection Not Synchronized', 2: 'Bad Message Length', 3: 'Bad Message Type' }],
  2: [
    ',',
    {
      1: 'Unsupported Version Number',
      2: 'Bad Peer AS',
      3: 'Bad BGP Identifier',
      4: 'Unsupported Optional Parameter',
      5: 'Authentication Failure',
      6: 'Unacceptable Hold Time',
      7: 'Capability Message Error',
    },
  ],
  3: [
    ',',
    {
      1: 'Malformed Attribute List',
      2: 'Unrecognized Well-known Attribute',
      3: 'Missing Well-known Attribute',
      4: 'Attribute Flags Error',
      5: 'Attribute Length Error',
      6: 'Invalid ORIGIN Attribute',
      7: 'AS Routing Loop',
      8: 'Invalid NEXT_HOP Attribute',
      9: 'Optional Attribute Error',
      10: 'Invalid Network Field',
      11: 'Malformed AS_PATH',
    },
  ],
  5: [
    '',
    {
      0: 'Unspecified Error',
      1: 'In OpenSent State',
      2: 'In OpenConfirm State',
      3: 'In Established State',
    },
  ],
  6: [
    ',',
    {
      1: 'Maximum Number of Prefixes Reached',
      2: 'Administrative Shutdown',
      3: 'Peer Unconfigured',
      4: 'Administrative Reset',
      5: 'Connection Rejected',
      6: 'Other Configuration Change',
      7: 'Connection Collision Resolution',
      8: 'Out of Resources',
      9: 'Hard Reset',
      10: 'BFD Down',
    },
  ],
  7: [
    '',
    {
      1: 'Invalid Action Value',
      2: 'Invalid Capability Length',
      3: 'Malformed Capability Value',
      4: 'Unsupported Capability Code',
    },
  ],
};
const CEASE = 6;
const Cease = { MOST_PREFIXES: 1, SHUTDOWN: 2, RESET: 4, HARD_RESET: 9 } as const;

const REFRESH = 23;
const FILTER = 28;
const REFRESHES: Words = {
  0: 'Normal route refresh request',
  1: 'Demarcation of the beginning of a route refresh',
  2: 'Demarcation of the ending of a route refresh',
};
const FILTER_TIMES: Words = { 1: 'Immediate', 2: 'Defer' };
const FILTERS: Words = { 64: 'Address Prefix ORF', 65: 'CP-ORF' };

/** A segment's payload: messages are found by their markers, to the end of what was captured. */
export function printBgp(p: Printer, offset: number): void {
  p.protocol = 'bgp';
  p.text(': BGP');
  if (p.options.verbose === 0) return;
  let end = offset;
  for (;;) {
    const at = findMarker(p, end);
    if (at < 0) return;
    if (!p.has(at, HEADER)) {
      p.truncated();
      return;
    }
    // Something else than a message is in front of this one.
    if (at !== end) p.truncated();
    const length = p.u16(at + Field.LENGTH);
    if (length < HEADER) {
      p.text(`\nmessage length ${length} < ${HEADER}`);
      p.invalid();
      return;
    }
    if (!p.has(at, length)) {
      p.text(`\n[|BGP ${wordOf(MESSAGES, p.u8(at + Field.TYPE), 'Unknown Message Type')}]`);
      return;
    }
    message(p, at, length);
    end = at + length;
  }
}

/** @returns where the next whole marker is, -1 when there is none */
function findMarker(p: Printer, from: number): number {
  let run = 0;
  for (let at = from; at < p.snapEnd; at++) {
    run = p.buffer[at] === 0xff ? run + 1 : 0;
    if (run === MARKER) return at + 1 - MARKER;
  }
  return -1;
}

function message(p: Printer, at: number, length: number): void {
  const type = p.u8(at + Field.TYPE);
  p.text(`\n\t${wordOf(MESSAGES, type, 'Unknown')} Message (${type}), length: ${length}`);
  try {
    switch (type) {
      case Message.OPEN:
        openMessage(p, at, length);
        break;
      case Message.UPDATE:
        updateMessage(p, at, length);
        break;
      case Message.NOTIFICATION:
        notification(p, at, length);
        break;
      case Message.KEEPALIVE:
        break;
      case Message.REFRESH:
        refresh(p, at, length);
        break;
      default:
        p.text(`\n\t  no Message ${type} decoder`);
        printUnknownData(p, '\n\t  ', at, length);
    }
  } catch (error) {
    if (error !== OVERRUN) throw error;
    p.truncated();
  }
}

function notification(p: Printer, at: number, length: number): void {
  if (!p.has(at, NOTIFICATION)) throw OVERRUN;
  if (length < NOTIFICATION) return;
  let code = p.u8(at + Field.CODE);
  let subcode = p.u8(at + Field.SUBCODE);
  at += NOTIFICATION;
  length -= NOTIFICATION;
  // A hard reset has code and subcode of what would be sent without it behind its own.
  for (;;) {
    p.text(`, ${wordOf(ERRORS, code, 'Unknown Error')} (${code})`);
    const known = SUBCODES[code];
    if (known === undefined) {
      if (subcode !== 0) p.text(`, subcode ${subcode}`);
      return;
    }
    const [separator, words] = known;
    p.text(`${separator} subcode ${wordOf(words, subcode, 'Unknown')} (${subcode})`);
    if (code !== CEASE) return;
    if (subcode !== Cease.HARD_RESET || length < 2) break;
    code = p.u8(at);
    subcode = p.u8(at + 1);
    at += 2;
    length -= 2;
  }
  if (subcode === Cease.MOST_PREFIXES && length >= 7) {
    p.text(`, ${familyText(p.u16(at), p.u8(at + 2))}, Max Prefixes: ${p.u32(at + 3)}`);
  } else if ((subcode === Cease.SHUTDOWN || subcode === Cease.RESET) && length >= 1) {
    communication(p, at, length);
  }
}

/** What an operator says to another one. */
function communication(p: Printer, at: number, length: number): void {
  const size = p.u8(at);
  let used = 0;
  if (size > length - 1) p.text(', invalid Shutdown Communication length');
  else if (size === 0) {
    p.text(', empty Shutdown Communication');
    used = 1;
  } else {
    p.text(`, Shutdown Communication (length: ${size}): "`);
    p.safeBytes(at + 1, size);
    p.char(34);
    // Counted in eight bits: the longest one is shown again.
    used = (size + 1) & 0xff;
  }
  if (length <= used) return;
  p.text(`, Data: (length: ${length - used})`);
  hexWhole(p, '\n\t\t', at + used, length - used);
}

function refresh(p: Printer, at: number, length: number): void {
  if (length < REFRESH) return;
  const afi = p.u16(at + Field.REFRESH);
  const kind = p.u8(at + Field.REFRESH + 2);
  p.text(`\n\t  ${familyText(afi, p.u8(at + Field.REFRESH + 3))}`);
  p.text(`, Subtype ${wordOf(REFRESHES, kind, 'Unknown')} (${kind})`);
  if (length >= FILTER) {
    const time = p.u8(at + Field.FILTER);
    const type = p.u8(at + Field.FILTER + 1);
    p.text(`\n\t  ORF refresh ${wordOf(FILTER_TIMES, time, 'Unknown')} (${time})`);
    p.text(`, ORF type ${wordOf(FILTERS, type, 'Unknown')} (${type})`);
    p.text(`, ORF length ${p.u16(at + Field.FILTER + 2)}`);
  }
  if (p.options.verbose > 1) printUnknownData(p, '\n\t  ', at, length);
}

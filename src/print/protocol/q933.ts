// Signalling of Frame Relay, and its local management. Sources: ITU-T Q.933 with annex A, ANSI T1.617 annex D.

import { printUnknownData } from '../hexdump.js';
import { hex, hexBytes, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const MESSAGES: Words = {
  0x00: 'ESC to National',
  0x01: 'Alert',
  0x02: 'Call proceeding',
  0x03: 'Progress',
  0x05: 'Setup',
  0x07: 'Connect',
  0x0f: 'Connect ACK',
  0x45: 'Disconnect',
  0x46: 'Restart',
  0x4d: 'Release',
  0x4e: 'Restart ACK',
  0x5a: 'Release Complete',
  0x75: 'Status Enquiry',
  0x7d: 'Status Reply',
};

/** An element of one byte; among them those that shift to another code set, for good or for the next element. */
const SINGLE = 0x80;
const isShift = (code: number): boolean => (code & 0xf0) === 0x90;
const isLocking = (code: number): boolean => (code & 0x08) === 0;
const codesetOf = (code: number): number => code & 0x07;
/** The code set of national elements: a locking shift to it begins ANSI's messages. */
const NATIONAL = 5;

const Element = {
  ANSI_REPORT_TYPE: 0x01,
  ANSI_LINK_VERIFY: 0x03,
  ANSI_PVC_STATUS: 0x07,
  ANSI_LINK_VERIFY_91: 0x19,
  CCITT_REPORT_TYPE: 0x51,
  CCITT_LINK_VERIFY: 0x53,
  CCITT_PVC_STATUS: 0x57,
} as const;
const ELEMENTS: Words = {
  [Element.ANSI_REPORT_TYPE]: 'ANSI Report Type',
  [Element.ANSI_LINK_VERIFY_91]: 'ANSI Link Verify',
  [Element.ANSI_LINK_VERIFY]: 'ANSI Link Verify',
  [Element.ANSI_PVC_STATUS]: 'ANSI PVC Status',
  [Element.CCITT_REPORT_TYPE]: 'CCITT Report Type',
  [Element.CCITT_LINK_VERIFY]: 'CCITT Link Verify',
  [Element.CCITT_PVC_STATUS]: 'CCITT PVC Status',
};
const REPORTS: Words = { 0: 'Full Status', 1: 'Link verify', 2: 'Async PVC Status' };

const PVC_STATUS_LEAST = 3;
const PVC_STATUS_MOST = 5;
/** The last byte of each part of a PVC's status has its highest bit set. */
const LAST = 0x80;
const NEW = 0x08;
const ACTIVE = 0x02;

/** A message, from the length of its call reference on. */
export function printQ933(p: Printer, offset: number, length: number): void {
  const { verbose, linkHeader } = p.options;
  p.protocol = 'q.933';
  if (!linkHeader) p.text('Q.933');
  const end = offset + length;
  const there = (at: number): boolean => at < end && p.has(at, 1);
  const start = linkHeader ? '' : ', ';
  const reference = offset + 1;
  const size = there(offset) ? p.u8(offset) & 0x0f : 0;
  const type = reference + size;
  let at = type + 1;
  if (!there(type) || (at < end && !p.has(at, 1))) {
    p.text(`${start}length ${length}`);
    p.truncated();
    return;
  }
  const shifts = new Shifts();
  let ansi = false;
  if (at < end && isShift(p.u8(at))) {
    ansi = p.u8(at) === (0x90 | NATIONAL);
    shifts.shift(p.u8(at), 0);
    at++;
  }
  p.text(`${start}${ansi ? 'ANSI' : 'CCITT'}, codeset ${shifts.codeset}`);
  // A reference of one byte is a dummy, as tcpdump has it, when the byte behind the message type is 0.
  if (size > 1 || (size === 1 && p.u8(at) !== 0)) p.text(`, Call Ref: 0x${hexBytes(p, reference, size)}`);
  const message = p.u8(type);
  if (verbose > 0) {
    p.text(`, ${wordOf(MESSAGES, message, 'unknown message')} (0x${hex(message, 2)}), length ${length}`);
  } else p.text(`, ${wordOf(MESSAGES, message, 'unknown message 0x%02x')}`);
  const outcome = printElements(p, at, end, shifts);
  if (outcome !== 'wrong' && verbose === 0) p.text(`, length ${length}`);
  if (outcome === 'cut') p.truncated();
}

/** The code set in effect, which a shift changes for all elements behind it or for one. */
class Shifts {
  codeset = 0;
  private before = 0;
  private left = 0;

  /** @param before the code set that comes back behind the next element, when the shift does not lock */
  shift(code: number, before: number): void {
    this.left = isLocking(code) ? 0 : 2;
    this.before = before;
    this.codeset = codesetOf(code);
  }

  /** Another element begins. */
  next(): void {
    if (this.left > 0 && --this.left === 0) this.codeset = this.before;
  }
}

/** @returns whether all was there, and right */
function printElements(p: Printer, at: number, end: number, shifts: Shifts): 'whole' | 'cut' | 'wrong' {
  const { verbose } = p.options;
  while (at < end) {
    shifts.next();
    if (!p.has(at, 1)) return 'cut';
    const code = p.u8(at++);
    if ((code & SINGLE) !== 0) {
      if (isShift(code)) shifts.shift(code, shifts.codeset);
      continue;
    }
    if (at >= end || !p.has(at, 1)) return 'cut';
    const size = p.u8(at++);
    const known = shifts.codeset === 0 || shifts.codeset === NATIONAL;
    if (verbose > 0) {
      const name = wordOf(known ? ELEMENTS : {}, code, 'unknown');
      p.text(`\n\t${name} IE (0x${hex(code, 2)}), length ${size}: `);
    }
    if (code === 0 || size === 0) return 'wrong';
    if (end - at < size || !p.has(at, size)) return 'cut';
    if (known && printElement(p, code, at, size)) {
      if (verbose > 1) printUnknownData(p, '\n\t  ', at, size);
    } else if (verbose > 0) printUnknownData(p, '\n\t', at, size);
    at += size;
  }
  return 'whole';
}

/** @returns false for an unknown element */
function printElement(p: Printer, code: number, at: number, size: number): boolean {
  const { verbose } = p.options;
  switch (code) {
    case Element.ANSI_REPORT_TYPE:
    case Element.CCITT_REPORT_TYPE:
      if (verbose > 0) p.text(`${wordOf(REPORTS, p.u8(at), 'unknown')} (${p.u8(at)})`);
      return true;
    case Element.ANSI_LINK_VERIFY:
    case Element.ANSI_LINK_VERIFY_91:
    case Element.CCITT_LINK_VERIFY:
      if (verbose === 0) p.text(', ');
      if (size < 2) p.text('Invalid LINK VERIFY IE');
      else p.text(`TX Seq: ${threeWide(p.u8(at))}, RX Seq: ${threeWide(p.u8(at + 1))}`);
      return true;
    case Element.ANSI_PVC_STATUS:
    case Element.CCITT_PVC_STATUS:
      if (verbose === 0) p.text(', ');
      p.text(statusText(p, at, size));
      return true;
    default:
      return false;
  }
}

function threeWide(n: number): string {
  return String(n).padStart(3);
}

/** The state of a permanent virtual circuit: two to four bytes of address, then one of status. */
function statusText(p: Printer, at: number, size: number): string {
  const bytes = p.view(at, size);
  const lasts = bytes.findIndex((byte) => (byte & LAST) !== 0);
  const status = bytes[size - 1]!;
  if (size < PVC_STATUS_LEAST || size > PVC_STATUS_MOST || lasts !== size - 2 || (status & LAST) === 0) {
    return 'Invalid DLCI in PVC STATUS IE';
  }
  let dlci = ((bytes[0]! & 0x3f) << 4) | ((bytes[1]! & 0x78) >> 3);
  if (size === 4) dlci = (dlci << 6) | ((bytes[2]! & 0x7e) >> 1);
  // The third byte is not shifted, so that the fourth falls upon it: as tcpdump has it.
  else if (size === 5) dlci = (dlci << 13) | (bytes[2]! & 0x7f) | ((bytes[3]! & 0x7e) >> 1);
  return `DLCI ${dlci}: status ${(status & NEW) !== 0 ? 'New, ' : ''}${(status & ACTIVE) !== 0 ? 'Active' : 'Inactive'}`;
}

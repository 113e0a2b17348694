// The Trivial File Transfer Protocol. Source: RFC 1350; options: RFC 2347.

import type { Printer, Words } from '../printer.js';

const Operation = { READ: 1, WRITE: 2, DATA: 3, ACKNOWLEDGEMENT: 4, ERROR: 5, OPTIONS: 6 } as const;
const OPERATIONS: Words = { 1: 'RRQ', 2: 'WRQ', 3: 'DATA', 4: 'ACK', 5: 'ERROR', 6: 'OACK' };
const ERRORS: Words = {
  0: 'EUNDEF',
  1: 'ENOTFOUND',
  2: 'EACCESS',
  3: 'ENOSPACE',
  4: 'EBADOP',
  5: 'EBADID',
  6: 'EEXISTS',
  7: 'ENOUSER',
};

/** A TFTP packet. */
export function printTftp(p: Printer, offset: number, length: number): void {
  p.protocol = 'tftp';
  p.text(`TFTP, length ${length}`);
  if (!whole(p, offset, offset + length)) p.truncated();
}

/** @returns false when the packet ends too early */
function whole(p: Printer, offset: number, end: number): boolean {
  if (end - offset < 2) return false;
  const operation = p.u16(offset);
  p.text(', ');
  p.word(OPERATIONS, operation, 'tftp-#%u');
  const body = offset + 2;
  switch (operation) {
    case Operation.READ:
    case Operation.WRITE: {
      const mode = quoted(p, body, end);
      if (mode === 0 || mode === end) return false;
      p.char(32);
      const used = p.safeZeroTerminated(mode, end - mode);
      return used !== 0 && options(p, mode + used, end);
    }
    case Operation.OPTIONS:
      return options(p, body, end);
    case Operation.DATA:
    case Operation.ACKNOWLEDGEMENT:
      if (end - body < 2) return false;
      p.text(` block ${p.u16(body)}`);
      return true;
    case Operation.ERROR: {
      if (end - body < 2) return false;
      const error = p.u16(body);
      p.text(` ${ERRORS[error] ?? `tftp-err-#${error} "`}`);
      return quoted(p, body + 2, end) !== 0;
    }
    default:
      return true;
  }
}

/** A text in quotes. @returns where it ends, 0 when it has no end or is not there */
function quoted(p: Printer, offset: number, end: number): number {
  if (offset === end) return 0;
  p.text(' "');
  const used = p.safeZeroTerminated(offset, end - offset);
  p.char(34);
  return used === 0 ? 0 : offset + used;
}

/** Names and values of options. @returns false when one has no end */
function options(p: Printer, offset: number, end: number): boolean {
  for (let at = offset; at < end; ) {
    if (p.u8(at) !== 0) p.char(32);
    const used = p.safeZeroTerminated(at, end - at);
    if (used === 0) return false;
    at += used;
  }
  return true;
}

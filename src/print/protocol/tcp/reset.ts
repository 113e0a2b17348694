// What a reset says of itself: text (RFC 9293 section 3.5.3), or a diagnostic payload
// (draft-boucadair-tcpm-rst-diagnostic-payload).

import type { Printer, Words } from '../../printer.js';

const MOST_TEXT = 30;
const DIAGNOSTIC_MAGIC = 0x33aa;
const DIAGNOSTIC_LENGTH = 8;

/** "TCP Failure Causes", of enterprise number 0. */
const CAUSES: Words = {
  1: 'Illegal option length',
  2: 'Desynchronized state',
  3: 'New data is received after CLOSE is called',
  4: 'ABORT process',
  5: 'Unexpected ACK received by non-synchronized state connection',
  6: 'Unexpected SYN in the window',
  7: 'Unexpected security compartment',
  8: 'Malformed message',
  9: 'Not authorized',
  10: 'Resource exceeded',
  11: 'Network failure',
  12: 'Reset received from the peer',
  13: 'Destination unreachable',
  14: 'Connection timeout',
  15: 'Too much outstanding data',
  16: 'Unacceptable performance',
  17: 'Middlebox interference',
};

/** ` [RST …]` of `length` bytes; only what was captured of them. */
export function resetPayload(p: Printer, offset: number, length: number): void {
  if (
    length === DIAGNOSTIC_LENGTH &&
    p.has(offset, DIAGNOSTIC_LENGTH) &&
    p.u16(offset) === DIAGNOSTIC_MAGIC
  ) {
    diagnostic(p, p.u16(offset + 2), p.u32(offset + 4));
    return;
  }
  p.text(' [RST');
  if (length > MOST_TEXT) p.char(43);
  p.char(32);
  p.safeBytes(offset, Math.min(length, MOST_TEXT, p.available(offset)));
  p.char(93);
}

function diagnostic(p: Printer, code: number, enterprise: number): void {
  const cause = enterprise === 0 && p.options.verbose > 1 ? CAUSES[code] : undefined;
  p.text(` [RST: ${cause ?? `code ${code}, pen ${enterprise}`}]`);
}

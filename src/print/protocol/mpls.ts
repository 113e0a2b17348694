// Multi-Protocol Label Switching: the label stack (RFC 3032) and a guess at what is under it.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { printers } from '../table.js';
import { printIp, printIp6 } from './inner.js';

/** The labels that mean something by themselves; 4 to 15 are reserved. */
const IPV4_NULL = 0;
const IPV6_NULL = 2;
const IMPLICIT_NULL = 3;
const LABEL_NAMES = ['IPv4 explicit NULL', 'router alert', 'IPv6 explicit NULL', 'implicit NULL'];
const RESERVED_LABELS = 16;

/** A label stack and its packet. */
export function printMpls(p: Printer, offset: number, length: number): void {
  const { verbose } = p.options;
  p.protocol = 'mpls';
  p.text('MPLS');
  let label = 0;
  for (let depth = 0, bottom = false; !bottom; depth++) {
    if (length < 4) {
      p.invalid();
      p.need(offset, length);
      return;
    }
    const entry = p.u32(offset);
    label = entry >>> 12;
    bottom = (entry & 0x100) !== 0;
    p.text(depth > 0 && verbose > 0 ? '\n\t(label ' : ' (label ');
    p.dec(label);
    if (verbose > 0 && label < RESERVED_LABELS) p.text(` (${LABEL_NAMES[label] ?? 'rsvd'})`);
    p.text(`, tc ${(entry >>> 9) & 7}`);
    if (bottom) p.text(', [S]');
    p.text(`, ttl ${entry & 0xff})`);
    offset += 4;
    length -= 4;
  }
  let first: number;
  if (label === IPV4_NULL || label === IMPLICIT_NULL) first = 0x45;
  else if (label === IPV6_NULL) first = 0x60;
  else {
    if (length < 1) return;
    first = p.u8(offset);
  }
  const separator = verbose > 0 ? '\n\t' : ' ';
  // Nothing in a label says what it carries; the first byte does for IP and OSI (draft-hsmit-isis-aal5mux).
  if (first >= 0x45 && first <= 0x4f) {
    p.text(separator);
    printIp(p, offset, length);
  } else if (first >= 0x60 && first <= 0x6f) {
    p.text(separator);
    printIp6(p, offset, length);
  } else if (first >= 0x81 && first <= 0x83) {
    p.text(separator);
    printers.isoclns(p, offset, length);
  } else dumpUnknown(p, offset, length);
}

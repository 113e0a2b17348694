// IP over InfiniBand: a hardware address and an EtherType. Source: RFC 4391; LINKTYPE_IPOIB.

import { dumpUnknown } from '../hexdump.js';
import { hex } from '../inline.js';
import type { Printer } from '../printer.js';
import { ETHERTYPES, printEthertype } from './ethernet.js';

const HEADER = 44;
const TYPE = 40;

/** A link of IP over InfiniBand. */
export function printIpoibLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'ipoib';
  p.linkHeaderLength += HEADER;
  if (length < HEADER || !p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  const type = p.u16(offset + TYPE);
  if (p.options.linkHeader) {
    p.text('IPOIB');
    heading(p, type, length);
  }
  const payload = offset + HEADER;
  if (printEthertype(p, type, payload, length - HEADER)) return;
  if (!p.options.linkHeader) heading(p, type, length);
  dumpUnknown(p, payload, p.available(payload));
}

function heading(p: Printer, type: number, length: number): void {
  p.text(`, ethertype ${ETHERTYPES[type] ?? 'Unknown'}`);
  if (!p.options.quiet) p.text(` (0x${hex(type, 4)})`);
  p.text(`, length ${length}: `);
}

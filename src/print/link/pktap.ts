// Apple's packet tap (DLT_PKTAP): a header that names the interface and the process, then a packet of another link type.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { innerLinkName, innerLinkPrinter } from '../protocol/inner.js';

const HEADER_LENGTH = 108;
const RecordType = { NONE: 0, PACKET: 1 } as const;

/** A link of packet-tap records. */
export function printPktap(p: Printer, offset: number, length: number): void {
  p.protocol = 'pktap';
  if (length < HEADER_LENGTH) {
    p.text(` (packet too short, ${length} < ${HEADER_LENGTH})`);
    p.invalid();
    return;
  }
  const linkType = p.le32(offset + 8);
  const size = p.le32(offset);
  if (size < HEADER_LENGTH) {
    p.text(` (pkt_len too small, ${size} < ${HEADER_LENGTH})`);
    p.invalid();
    return;
  }
  if (size > length) {
    p.text(` (pkt_len too big, ${size} > ${length})`);
    p.invalid();
    return;
  }
  p.need(offset, size);
  if (p.options.linkHeader) printHeader(p, linkType, size, length);
  const record = p.le32(offset + 4);
  if (record === RecordType.NONE) p.text('no data');
  else if (record === RecordType.PACKET) {
    const inner = innerLinkPrinter(linkType);
    if (inner !== null) inner(p, offset + size, length - size);
    else {
      if (!p.options.linkHeader) printHeader(p, linkType, size, length);
      dumpUnknown(p, offset + size, p.available(offset + size));
    }
  }
  p.linkHeaderLength += size;
}

function printHeader(p: Printer, linkType: number, size: number, length: number): void {
  const name = innerLinkName(linkType);
  p.text(p.options.quiet ? name : `DLT ${name} (${linkType}) len ${size}`);
  p.text(`, length ${length}: `);
}

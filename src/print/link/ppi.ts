// Per-packet information: a header with the link type of the packet behind it. Source: Per-Packet Information Header
// Specification 1.0.10; LINKTYPE_PPI.

import { LinkType } from '../../packet/index.js';
import { dumpUnknown } from '../hexdump.js';
import type { Printer, ProtocolPrinter } from '../printer.js';
import { innerLinkName, innerLinkPrinter } from '../protocol/inner.js';
import { MAX_DEPTH } from '../protocol/ip/ip.js';

/** Where the fields are. */
const At = { VERSION: 0, LENGTH: 2, LINK_TYPE: 4 } as const;
const HEADER = 8;
const LARGEST = 65532;

/** A link of packets behind per-packet information. */
export function printPpi(p: Printer, offset: number, length: number): void {
  // A loop where such a header follows such a header: a packet may be made of thousands.
  const sizes: number[] = [];
  for (;;) {
    p.protocol = 'ppi';
    const captured = p.available(offset);
    if (captured < HEADER) {
      p.truncated();
      p.linkHeaderLength = captured;
      break;
    }
    const size = p.le16(offset + At.LENGTH);
    if (size < HEADER || size > LARGEST) {
      p.text(` [length ${size} < ${HEADER} or > ${LARGEST}]`);
      p.invalid();
      p.linkHeaderLength = captured;
      break;
    }
    if (captured < size) {
      p.truncated();
      p.linkHeaderLength = captured;
      break;
    }
    const linkType = p.le32(offset + At.LINK_TYPE);
    const inner = innerLinkPrinter(linkType);
    if (p.options.linkHeader || inner === null) printHeader(p, offset, length);
    sizes.push(size);
    offset += size;
    length -= size;
    if (linkType === LinkType.PPI) continue;
    p.linkHeaderLength = 0;
    if (inner === null) dumpUnknown(p, offset, p.available(offset));
    else printInner(p, inner, offset, length);
    break;
  }
  // tcpdump counts what an inner printer adds to its header once more.
  for (const size of sizes.reverse()) p.linkHeaderLength = (p.linkHeaderLength * 2 + size) >>> 0;
}

/** Other links lead here too (a packet tap's): those cannot be gone through in a loop. */
function printInner(p: Printer, inner: ProtocolPrinter, offset: number, length: number): void {
  if (++p.depth > MAX_DEPTH) {
    p.text('[nesting too deep]');
    p.invalid();
  } else inner(p, offset, length);
  p.depth--;
}

function printHeader(p: Printer, offset: number, length: number): void {
  const linkType = p.le32(offset + At.LINK_TYPE);
  const name = innerLinkName(linkType);
  const size = p.le16(offset + At.LENGTH);
  p.text(p.options.quiet ? name : `V.${p.u8(offset + At.VERSION)} DLT ${name} (${linkType}) len ${size}`);
  p.text(`, length ${length}: `);
}

// Netfilter log messages of Linux (DLT_NFLOG): a header, values of which one is the packet.

import { dumpUnknown } from '../hexdump.js';
import { below, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';

const HEADER_LENGTH = 4;
const TLV_HEADER_LENGTH = 4;
const PAYLOAD = 9;
/** Linux's address families. */
const AF_INET = 2;
const AF_INET6 = 10;
const FAMILIES: Words = { [AF_INET]: 'IPv4', [AF_INET6]: 'IPv6' };

/** A link of netfilter log messages. */
export function printNflog(p: Printer, offset: number, length: number): void {
  p.protocol = 'nflog';
  if (!p.has(offset, HEADER_LENGTH)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  p.linkHeaderLength += HEADER_LENGTH;
  const version = p.u8(offset + 1);
  if (version !== 0) {
    p.text(`version ${version} (unknown)`);
    return;
  }
  if (p.options.linkHeader) printHeader(p, offset, length);
  const family = p.u8(offset);
  const header = offset;
  offset += HEADER_LENGTH;
  length -= HEADER_LENGTH;
  while (length > 0) {
    if (below(p, 'length', length, TLV_HEADER_LENGTH)) {
      p.invalid();
      return;
    }
    p.need(offset, TLV_HEADER_LENGTH);
    // Lengths and types are in the byte order of the host that captured, or turned while a file was read.
    const size = Math.ceil(p.le16(offset) / 4) * 4;
    if (below(p, 'size', size, TLV_HEADER_LENGTH) || below(p, 'length', length, size)) {
      p.invalid();
      return;
    }
    p.need(offset, size);
    const payload = p.le16(offset + 2) === PAYLOAD;
    const step = payload ? TLV_HEADER_LENGTH : size;
    offset += step;
    length -= step;
    p.linkHeaderLength += step;
    if (payload) break;
  }
  if (family === AF_INET) printIp(p, offset, length);
  else if (family === AF_INET6) printIp6(p, offset, length);
  else {
    if (!p.options.linkHeader) printHeader(p, header, length + HEADER_LENGTH);
    dumpUnknown(p, offset, p.available(offset));
  }
}

function printHeader(p: Printer, offset: number, length: number): void {
  p.text(`version ${p.u8(offset + 1)}, resource ID ${p.u16(offset + 2)}`);
  const family = p.u8(offset);
  if (p.options.quiet) p.text(`, ${wordOf(FAMILIES, family, 'Unknown NFLOG (0x%02x)')}`);
  else p.text(`, family ${FAMILIES[family] ?? 'Unknown'} (${family})`);
  p.text(`, length ${length}: `);
}

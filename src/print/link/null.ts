// BSD loopback: a protocol family in front. Source: LINKTYPE_NULL, LINKTYPE_LOOP.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { printIp } from '../protocol/ip/ip.js';
import { printIp6 } from '../protocol/ip/ip6.js';
import { printers } from '../table.js';
import { BSD_ADDRESS_FAMILIES } from '../tables/addressfamilies.js';

const HEADER = 4;

/** The address families of IP on the BSDs: IPv6 has another number on each. */
export const BSD_INET = 2;
export const BSD_INET6: readonly number[] = [24, 28, 30];

/** LINKTYPE_NULL: the family in the byte order of the machine that captured. */
export function printNull(p: Printer, offset: number, length: number): void {
  p.protocol = 'null';
  p.need(offset, HEADER);
  const little = p.le32(offset);
  // Families are small numbers: the other byte order shows in the upper half.
  print(p, offset, length, (little & 0xffff0000) !== 0 ? p.u32(offset) : little);
}

/** LINKTYPE_LOOP: the family in network byte order. */
export function printLoop(p: Printer, offset: number, length: number): void {
  p.protocol = 'null';
  print(p, offset, length, p.u32(offset));
}

function print(p: Printer, offset: number, length: number, family: number): void {
  p.linkHeaderLength = HEADER;
  if (p.options.linkHeader) header(p, family, length);
  const payload = offset + HEADER;
  const rest = length - HEADER;
  if (family === BSD_INET) {
    printIp(p, payload, rest);
    return;
  }
  if (BSD_INET6.includes(family)) {
    printIp6(p, payload, rest);
    return;
  }
  switch (family) {
    case 7:
      printers.isoclns(p, payload, rest);
      return;
    case 23:
      printers.ipx(p, payload, rest);
      return;
    default:
      if (!p.options.linkHeader) header(p, family, length);
      dumpUnknown(p, payload, p.available(payload));
  }
}

function header(p: Printer, family: number, length: number): void {
  if (p.options.quiet) {
    p.word(BSD_ADDRESS_FAMILIES, family, 'Unknown AF %u');
  } else {
    p.text('AF ');
    p.text(BSD_ADDRESS_FAMILIES[family] ?? 'Unknown');
    p.text(' (');
    p.dec(family);
    p.char(41);
  }
  p.text(', length ');
  p.dec(length);
  p.text(': ');
}

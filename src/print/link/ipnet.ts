// Solaris' IP observability devices: IP between zones. Source: LINKTYPE_IPNET.

import { dumpUnknown } from '../hexdump.js';
import { wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';
import { printLength } from './ethernet.js';

const At = { FAMILY: 1, SOURCE: 16, DESTINATION: 20 } as const;
const HEADER = 24;
/** Solaris' address families. */
const INET = 2;
const INET6 = 26;
const FAMILIES: Words = { [INET]: 'IPv4', [INET6]: 'IPv6' };

/** A link of Solaris' IP devices. */
export function printIpnetLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'ipnet';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  if (p.options.linkHeader) heading(p, offset, length);
  const family = p.u8(offset + At.FAMILY);
  const payload = offset + HEADER;
  if (family === INET) printIp(p, payload, length - HEADER);
  else if (family === INET6) printIp6(p, payload, length - HEADER);
  else {
    if (!p.options.linkHeader) heading(p, offset, length);
    dumpUnknown(p, payload, p.available(payload));
  }
}

function heading(p: Printer, offset: number, length: number): void {
  const family = p.u8(offset + At.FAMILY);
  p.text(`${p.u32(offset + At.SOURCE)} > ${p.u32(offset + At.DESTINATION)}, `);
  if (p.options.quiet) p.text(wordOf(FAMILIES, family, 'Unknown Ethertype (0x%04x)'));
  else p.text(`family ${FAMILIES[family] ?? 'Unknown'} (${family})`);
  printLength(p, length);
}

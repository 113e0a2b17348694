// Raw IP: no link-layer header at all. Source: LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6.

import type { Printer } from '../printer.js';
import { printIp } from '../protocol/ip/ip.js';
import { printIp6 } from '../protocol/ip/ip6.js';

/** LINKTYPE_RAW: the version is in the first byte. */
export function printRaw(p: Printer, offset: number, length: number): void {
  p.protocol = 'raw';
  const version = p.u8(offset) >> 4;
  if (version === 4) printRawIpv4(p, offset, length);
  else if (version === 6) printRawIpv6(p, offset, length);
  else {
    p.text(`IP${version}`);
    p.invalid();
  }
}

/** LINKTYPE_IPV4. */
export function printRawIpv4(p: Printer, offset: number, length: number): void {
  // There is no link-layer header that would name the protocol with -e.
  if (p.options.linkHeader) p.text('IP ');
  printIp(p, offset, length);
}

/** LINKTYPE_IPV6. */
export function printRawIpv6(p: Printer, offset: number, length: number): void {
  if (p.options.linkHeader) p.text('IP6 ');
  printIp6(p, offset, length);
}

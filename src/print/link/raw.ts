// Raw IP: no link-layer header at all.

import type { Printer } from '../printer.js';
import { printIp } from '../protocol/ip.js';
import { printIp6 } from '../protocol/ip6.js';

/** LINKTYPE_RAW: the version is in the first byte. */
export function printRaw(p: Printer, offset: number, length: number): void {
  p.protocol = 'raw';
  if (p.options.linkHeader) p.text('ip: ');
  printIpAnyVersion(p, offset, length);
}

/** LINKTYPE_IPV4. */
export function printRawIpv4(p: Printer, offset: number, length: number): void {
  if (p.options.linkHeader) p.text('ip: ');
  printIp(p, offset, length);
}

/** LINKTYPE_IPV6. */
export function printRawIpv6(p: Printer, offset: number, length: number): void {
  printIp6(p, offset, length);
}

/** IPv4 or IPv6 by the version (ipN_print). */
export function printIpAnyVersion(p: Printer, offset: number, length: number): void {
  if (length < 1) {
    p.text('truncated-ip ');
    p.dec(length);
    return;
  }
  const version = p.u8(offset) >> 4;
  if (version === 4) printIp(p, offset, length);
  else if (version === 6) printIp6(p, offset, length);
  else {
    p.text('unknown ip ');
    p.dec(version);
  }
}

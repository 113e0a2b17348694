// IP over Fibre Channel: two addresses and LLC. Source: RFC 2625; LINKTYPE_IP_OVER_FC.

import type { Printer } from '../printer.js';
import { logicalLink, printLength } from './ethernet.js';

/** Where the Ethernet addresses are that are in the lower six bytes of the network addresses. */
const At = { DESTINATION: 2, SOURCE: 10 } as const;
const HEADER = 16;

/** A link of IP over Fibre Channel. */
export function printFibreChannelLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'ipfc';
  p.need(offset, HEADER);
  const source = offset + At.SOURCE;
  const destination = offset + At.DESTINATION;
  if (p.options.linkHeader) {
    p.mac(source);
    p.text(' > ');
    p.mac(destination);
    printLength(p, length);
  }
  p.linkHeaderLength += HEADER + logicalLink(p, offset + HEADER, length - HEADER, source, destination);
}

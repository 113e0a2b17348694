// IP over IEEE 1394 (FireWire) as Apple captures it: addresses of eight bytes and an EtherType. Source:
// LINKTYPE_APPLE_IP_OVER_IEEE1394.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { printEthertype, printLength, typeName } from './ethernet.js';

const At = { DESTINATION: 0, SOURCE: 8, TYPE: 16 } as const;
const HEADER = 18;

/** A link of IP over IEEE 1394. */
export function printApple1394Link(p: Printer, offset: number, length: number): void {
  p.protocol = 'ap1394';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  if (p.options.linkHeader) heading(p, offset, length);
  const type = p.u16(offset + At.TYPE);
  const payload = offset + HEADER;
  if (printEthertype(p, type, payload, length - HEADER, offset + At.SOURCE, offset + At.DESTINATION)) return;
  if (!p.options.linkHeader) heading(p, offset, length);
  dumpUnknown(p, payload, p.available(payload));
}

function heading(p: Printer, offset: number, length: number): void {
  p.mac64(offset + At.SOURCE);
  p.text(' > ');
  p.mac64(offset + At.DESTINATION);
  p.text(', ');
  typeName(p, p.u16(offset + At.TYPE));
  printLength(p, length);
}

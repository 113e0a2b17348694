// OpenBSD's encapsulation of what IPsec has unwrapped (DLT_ENC): how a packet was secured, and the packet. Source:
// LINKTYPE_ENC; net/if_enc.h of OpenBSD.

import { hex } from '../inline.js';
import type { Bits, Printer } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';
import { BSD_INET, BSD_INET6 } from './null.js';

const At = { FAMILY: 0, SPI: 4, FLAGS: 8 } as const;
const HEADER = 12;
const FLAGS: Bits = [
  [0x800, 'authentic'],
  [0x400, 'confidential'],
];

/** A link of packets of IPsec. */
export function printEncLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'enc';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  // Family and flags are in the byte order of the machine that captured; families are small numbers.
  const little = p.le32(offset + At.FAMILY);
  const swapped = little > 0xffff;
  const family = swapped ? p.u32(offset + At.FAMILY) : little;
  let flags = swapped ? p.u32(offset + At.FLAGS) : p.le32(offset + At.FLAGS);
  p.text(flags === 0 ? '(unprotected): ' : '(');
  for (const [bit, word] of FLAGS) {
    if ((flags & bit) === 0) continue;
    p.text(word);
    // The last flag closes the bracket, unless one without a word is set too.
    p.text(flags === bit ? '): ' : ',');
    flags = (flags & ~bit) >>> 0;
  }
  p.text(`SPI 0x${hex(p.u32(offset + At.SPI), 8)}: `);
  const payload = offset + HEADER;
  if (family === BSD_INET) printIp(p, payload, length - HEADER);
  else if (BSD_INET6.includes(family)) printIp6(p, payload, length - HEADER);
}

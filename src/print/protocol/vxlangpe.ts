// Generic Protocol Extension for VXLAN (draft-ietf-nvo3-vxlan-gpe).

import { bitsOf, hex } from '../inline.js';
import type { Bits, Printer } from '../printer.js';
import { printEthernetPayload, printIp, printIp6 } from './inner.js';
import { printNsh } from './nsh.js';

const HEADER_LENGTH = 8;
const INSTANCE = 0x08;
const NEXT_PROTOCOL = 0x04;
const BUM = 0x02;
const OAM = 0x01;
const FLAGS: Bits = [
  [INSTANCE, 'I'],
  [NEXT_PROTOCOL, 'P'],
  [BUM, 'B'],
  [OAM, 'O'],
];

const NextProtocol = { IPV4: 1, IPV6: 2, ETHERNET: 3, NSH: 4 } as const;

/** A VXLAN-GPE header and what it carries. */
export function printVxlanGpe(p: Printer, offset: number, length: number): void {
  p.protocol = 'vxlan_gpe';
  p.text('VXLAN-GPE, ');
  if (!printHeader(p, offset, length)) p.invalid();
}

function printHeader(p: Printer, offset: number, length: number): boolean {
  if (length < HEADER_LENGTH) {
    p.text(` (len ${length} < ${HEADER_LENGTH})`);
    return false;
  }
  const flags = p.u8(offset);
  const version = (flags >> 4) & 3;
  if (version !== 0) {
    p.text(`unknown version ${version}`);
    return false;
  }
  p.text(`flags [${bitsOf(FLAGS, flags, 'none', '')}], `);
  // Without the P flag the header is VXLAN's, which has no next protocol and carries Ethernet.
  const next = (flags & NEXT_PROTOCOL) !== 0 ? p.u8(offset + 3) : NextProtocol.ETHERNET;
  if ((flags & INSTANCE) !== 0) p.text(`vni ${p.u24(offset + 4)}`);
  else p.text('ERROR: I flag not set');
  if ((flags & BUM) !== 0) p.text(', BUM');
  if ((flags & OAM) !== 0) {
    p.text(`, OAM (proto 0x${hex(next)}, len ${length - 7})`);
    return true;
  }
  p.need(offset + 7, 1);
  p.text(p.options.verbose > 0 ? '\n    ' : ': ');
  offset += HEADER_LENGTH;
  length -= HEADER_LENGTH;
  switch (next) {
    case NextProtocol.IPV4:
      printIp(p, offset, length);
      return true;
    case NextProtocol.IPV6:
      printIp6(p, offset, length);
      return true;
    case NextProtocol.ETHERNET:
      printEthernetPayload(p, offset, length);
      return true;
    case NextProtocol.NSH:
      printNsh(p, offset, length);
      return true;
    default:
      p.text('ERROR: unknown-next-protocol');
      return false;
  }
}

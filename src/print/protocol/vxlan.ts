// Virtual eXtensible LAN (RFC 7348).

import { below, hex } from '../inline.js';
import type { Printer } from '../printer.js';
import { printEthernetPayload } from './inner.js';

const HEADER_LENGTH = 8;
const INSTANCE = 0x08;

/** A VXLAN header and its Ethernet frame. */
export function printVxlan(p: Printer, offset: number, length: number): void {
  p.protocol = 'vxlan';
  p.text('VXLAN');
  if (below(p, 'length', length, HEADER_LENGTH)) {
    p.invalid();
    return;
  }
  const flags = p.u8(offset);
  const instance = (flags & INSTANCE) !== 0;
  p.text(`, flags [${instance ? 'I' : 'invalid'}] (0x${hex(flags, 2)}), `);
  if (instance) p.text(`vni ${p.u24(offset + 4)}\n`);
  else p.text('ERROR: I flag not set\n');
  p.need(offset + 7, 1);
  printEthernetPayload(p, offset + HEADER_LENGTH, length - HEADER_LENGTH);
}

// IP Payload Compression (RFC 3173): the header; what is compressed stays so.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** An IPComp header. */
export function printIpcomp(p: Printer, offset: number, _length: number): void {
  p.protocol = 'ipcomp';
  p.text(`IPComp(cpi=0x${hex(p.u16(offset + 2), 4)})`);
}

// IPX, one line of it. Source: Novell's IPX router specification.

import type { Printer } from '../printer.js';

const HEADER = 30;
const Field = { LENGTH: 2, DESTINATION: 6, SOURCE: 18 } as const;
const NETBIOS = 0x455;
const DIAGNOSTICS = 0x456;

export function printIpx(p: Printer, offset: number, _length: number): void {
  p.protocol = 'ipx';
  if (!p.options.linkHeader) p.text('IPX ');
  p.need(offset, HEADER);
  address(p, offset + Field.SOURCE);
  p.text(' > ');
  address(p, offset + Field.DESTINATION);
  p.text(': ');
  const length = p.u16(offset + Field.LENGTH);
  if (length < HEADER) {
    p.text(`[length ${length} < ${HEADER}]`);
    p.invalid();
    return;
  }
  const socket = p.u16(offset + Field.DESTINATION + 10);
  const rest = length - HEADER;
  if (socket === NETBIOS) p.text(`ipx-netbios ${rest}`);
  else if (socket === DIAGNOSTICS) p.text(`ipx-diags ${rest}`);
  else p.text(`ipx-#${socket.toString(16)} ${rest}`);
}

/** `network.node.socket` */
function address(p: Printer, offset: number): void {
  p.hex0(p.u32(offset), 8);
  p.char(46);
  p.linkAddress(offset + 4, 6);
  p.char(46);
  p.hex0(p.u16(offset + 10), 4);
}

// IPX, and the protocols by which it finds services and routes. Source: Novell's IPX router specification.

import { below, captured, hex } from '../inline.js';
import type { Printer } from '../printer.js';
import { printers } from '../table.js';

const HEADER = 30;
const Field = { LENGTH: 2, DESTINATION: 6, SOURCE: 18 } as const;
const Socket = {
  NCP: 0x451,
  SAP: 0x452,
  RIP: 0x453,
  NETBIOS: 0x455,
  DIAGNOSTICS: 0x456,
  NWLINK: 0x553,
  EIGRP: 0x85be,
} as const;
const NAME = 48;
const SERVERS_MOST = 8;
const ROUTE = 8;
const ROUTES_MOST = 50;

export function printIpx(p: Printer, offset: number, _length: number): void {
  p.protocol = 'ipx';
  if (!p.options.linkHeader) p.text('IPX ');
  p.need(offset, HEADER);
  p.text(`${address(p, offset + Field.SOURCE)}.${hex(p.u16(offset + Field.SOURCE + 10), 4)} > `);
  const socket = p.u16(offset + Field.DESTINATION + 10);
  p.text(`${address(p, offset + Field.DESTINATION)}.${hex(socket, 4)}: `);
  const length = p.u16(offset + Field.LENGTH);
  if (length < HEADER) {
    p.text(`[length ${length} < ${HEADER}]`);
    p.invalid();
    return;
  }
  payload(p, socket, offset + HEADER, length - HEADER);
}

function payload(p: Printer, socket: number, at: number, length: number): void {
  switch (socket) {
    case Socket.NCP:
      p.text(`ipx-ncp ${length}`);
      break;
    case Socket.SAP:
      if (!services(p, at, length)) p.invalid();
      break;
    case Socket.RIP:
      if (!routes(p, at, length)) p.invalid();
      break;
    case Socket.NETBIOS:
      p.text(`ipx-netbios ${length}`);
      if (p.options.smb) printers.netbiosIpx(p, at, length);
      break;
    case Socket.DIAGNOSTICS:
      p.text(`ipx-diags ${length}`);
      break;
    case Socket.NWLINK:
      p.text(`ipx-nwlink-dgm ${length}`);
      if (p.options.smb) printers.netbiosIpx(p, at, length);
      break;
    case Socket.EIGRP:
      printers.eigrp(p, at, length);
      break;
    default:
      p.text(`ipx-#${hex(socket)} ${length}`);
  }
}

/** `network.node` */
function address(p: Printer, offset: number): string {
  return `${hex(p.u32(offset), 8)}.${captured(p, () => p.linkAddress(offset + 4, 6))}`;
}

/** Service advertising. @returns false when it is too short */
function services(p: Printer, at: number, length: number): boolean {
  const command = p.u16(at);
  if (below(p, 'length', length, 2)) return false;
  at += 2;
  length -= 2;
  const nearest = command === 3 || command === 4 ? '-nearest' : '';
  switch (command) {
    case 1:
    case 3:
      p.text(`ipx-sap${nearest}-req`);
      p.text(` ${hex(p.u16(at), 4)}`);
      return true;
    case 2:
    case 4:
      p.text(`ipx-sap${nearest}-resp`);
      for (let i = 0; i < SERVERS_MOST && length !== 0; i++) {
        if (!server(p, at, length)) return false;
        at += NAME + 16;
        length -= NAME + 16;
      }
      return true;
    default:
      p.text(`ipx-sap-?${hex(command)}`);
      return true;
  }
}

/** A server: its type, name and address. @returns false when it is too short */
function server(p: Printer, at: number, length: number): boolean {
  if (below(p, 'length', length, 2)) return false;
  p.text(` ${hex(p.u16(at), 4)} '`);
  at += 2;
  length -= 2;
  if (length < NAME) {
    p.char(39);
    return false;
  }
  p.safeUntilNul(at, NAME);
  p.char(39);
  at += NAME;
  length -= NAME;
  if (below(p, 'length', length, 10)) return false;
  p.text(` addr ${address(p, at)}`);
  if (below(p, 'length', length - 10, 4)) return false;
  p.need(at + 10, 4);
  return true;
}

/** Routing information. @returns false when it is too short */
function routes(p: Printer, at: number, length: number): boolean {
  const command = p.u16(at);
  if (below(p, 'length', length, 2)) return false;
  at += 2;
  length -= 2;
  if (command !== 1 && command !== 2) {
    p.text(`ipx-rip-?${hex(command)}`);
    return true;
  }
  p.text(`ipx-rip-${command === 1 ? 'req' : 'resp'}`);
  const most = command === 1 ? 1 : ROUTES_MOST;
  for (let i = 0; i < most && length !== 0; i++, at += ROUTE, length -= ROUTE) {
    if (below(p, 'length', length, ROUTE)) return false;
    p.text(` ${hex(p.u32(at), 8)}/${p.u16(at + 4)}.${p.u16(at + 6)}`);
  }
  return true;
}

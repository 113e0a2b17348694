// Linux cooked capture, version 1. Source: LINKTYPE_LINUX_SLL.

import type { Printer } from '../printer.js';
import { COOKED_TYPES, cookedHeading, cookedPayload } from './cooked.js';

const HEADER = 16;
const Field = { TYPE: 0, HARDWARE: 2, ADDRESS_LENGTH: 4, ADDRESS: 6, PROTOCOL: 14 } as const;

/** LINKTYPE_LINUX_SLL: type, hardware type, address, protocol. */
export function printSll(p: Printer, offset: number, length: number): void {
  p.protocol = 'sll';
  p.need(offset, HEADER);
  if (p.options.linkHeader) heading(p, offset, length);
  const hardware = p.u16(offset + Field.HARDWARE);
  const protocol = p.u16(offset + Field.PROTOCOL);
  cookedPayload(p, offset, offset + HEADER, length - HEADER, hardware, protocol, heading);
}

function heading(p: Printer, header: number, length: number): void {
  p.text((COOKED_TYPES[p.u16(header + Field.TYPE)] ?? '?').padStart(3));
  p.char(32);
  const addressLength = p.u16(header + Field.ADDRESS_LENGTH);
  cookedHeading(p, header + Field.ADDRESS, addressLength, p.u16(header + Field.PROTOCOL), length);
}

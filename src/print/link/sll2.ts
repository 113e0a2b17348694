// Linux cooked capture, version 2. Source: LINKTYPE_LINUX_SLL2.

import type { Printer } from '../printer.js';
import { COOKED_TYPES, cookedHeading, cookedPayload, interfaceName } from './cooked.js';

const HEADER = 20;
const Field = { PROTOCOL: 0, INTERFACE: 4, HARDWARE: 8, TYPE: 10, ADDRESS_LENGTH: 11, ADDRESS: 12 } as const;

/** LINKTYPE_LINUX_SLL2: protocol, interface index, hardware type, type, address. */
export function printSll2(p: Printer, offset: number, length: number): void {
  p.protocol = 'sll2';
  p.need(offset, HEADER);
  p.safeText(interfaceName(p, p.u32(offset + Field.INTERFACE)).padEnd(5));
  p.char(32);
  p.text((COOKED_TYPES[p.u8(offset + Field.TYPE)] ?? '?').padEnd(3));
  p.char(32);
  if (p.options.linkHeader) heading(p, offset, length);
  const hardware = p.u16(offset + Field.HARDWARE);
  const protocol = p.u16(offset + Field.PROTOCOL);
  cookedPayload(p, offset, offset + HEADER, length - HEADER, hardware, protocol, heading);
}

function heading(p: Printer, header: number, length: number): void {
  p.text(`ifindex ${p.u32(header + Field.INTERFACE)} `);
  const addressLength = p.u8(header + Field.ADDRESS_LENGTH);
  cookedHeading(p, header + Field.ADDRESS, addressLength, p.u16(header + Field.PROTOCOL), length);
}

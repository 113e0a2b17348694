// Linux cooked capture, version 2. Source: LINKTYPE_LINUX_SLL2.

import type { Printer } from '../printer.js';
import { printCooked } from './cooked.js';

const HEADER = 20;

/** LINKTYPE_LINUX_SLL2: protocol, interface index, hardware type, type, address. */
export function printSll2(p: Printer, offset: number, length: number): void {
  p.protocol = 'sll2';
  p.need(offset, HEADER);
  printCooked(p, length, HEADER, {
    protocol: p.u16(offset),
    ifindex: p.u32(offset + 4),
    hardware: p.u16(offset + 8),
    type: p.u8(offset + 10),
    addressLength: p.u8(offset + 11),
    address: offset + 12,
    payload: offset + HEADER,
  });
}

// Linux cooked capture, version 1. Source: LINKTYPE_LINUX_SLL.

import type { Printer } from '../printer.js';
import { printCooked } from './cooked.js';

const HEADER = 16;

/** LINKTYPE_LINUX_SLL: type, hardware type, address, protocol. */
export function printSll(p: Printer, offset: number, length: number): void {
  p.protocol = 'sll';
  p.need(offset, HEADER);
  printCooked(p, length, HEADER, {
    type: p.u16(offset),
    hardware: p.u16(offset + 2),
    addressLength: p.u16(offset + 4),
    address: offset + 6,
    protocol: p.u16(offset + 14),
    payload: offset + HEADER,
    ifindex: null,
  });
}

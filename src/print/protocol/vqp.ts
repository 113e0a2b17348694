// Cisco's VLAN Query Protocol. Source: Wireshark's and VMPS's descriptions of it.

import { printUnknownData } from '../hexdump.js';
import { hex, ipv4Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const VERSION = 1;
const MESSAGES: Words = {
  1: 'Request, Join Port',
  2: 'Response, VLAN',
  3: 'Request, Reconfirm',
  4: 'Response, Reconfirm',
};
const ERRORS: Words = { 0: 'No error', 3: 'Access denied', 4: 'Shutdown port', 5: 'Wrong VTP domain' };
const Item = {
  ADDRESS: 0x0c01,
  PORT: 0x0c02,
  VLAN: 0x0c03,
  DOMAIN: 0x0c04,
  FRAME: 0x0c05,
  NO_MAC: 0x0c06,
  MAC: 0x0c08,
} as const;
const ITEMS: Words = {
  0x0c01: 'Client IP Address',
  0x0c02: 'Port Name',
  0x0c03: 'VLAN Name',
  0x0c04: 'VTP Domain',
  0x0c05: 'Ethernet Packet',
  0x0c06: 'MAC Null',
  0x0c08: 'MAC Address',
};
const HEADER = 8;
const ITEM_HEADER = 6;

/** A VQP message. */
export function printVqp(p: Printer, offset: number, length: number): void {
  p.protocol = 'vqp';
  p.need(offset, HEADER);
  if (length < HEADER || !message(p, offset, length)) p.invalid();
}

/** @returns false when an item is wrong */
function message(p: Printer, offset: number, length: number): boolean {
  const version = p.u8(offset);
  if (version !== VERSION) {
    p.text(`VQP version ${version} packet not supported`);
    return true;
  }
  const type = wordOf(MESSAGES, p.u8(offset + 1), 'unknown (%u)');
  const error = p.u8(offset + 2);
  const what = `${type} Message, error-code ${wordOf(ERRORS, error, 'unknown')} (${error})`;
  if (p.options.verbose === 0) {
    p.text(`VQPv${version} ${what}, length ${length}`);
    return true;
  }
  const count = p.u8(offset + 3);
  p.text(`\n\tVQPv${version}, ${what}, seq 0x${hex(p.u32(offset + 4), 8)}, items ${count}, length ${length}`);
  return items(p, offset + HEADER, offset + length, count);
}

function items(p: Printer, offset: number, end: number, count: number): boolean {
  let at = offset;
  for (let i = 0; i < count && at < end; i++) {
    p.need(at, ITEM_HEADER);
    if (end - at < ITEM_HEADER) return false;
    const type = p.u32(at);
    const size = p.u16(at + 4);
    at += ITEM_HEADER;
    p.text(`\n\t  ${wordOf(ITEMS, type, 'Unknown')} Object (0x${hex(type, 8)}), length ${size}, value: `);
    if (type === 0 || size === 0) return true;
    p.need(at, size);
    if (size > end - at || !item(p, type, at, size)) return false;
    at += size;
  }
  return true;
}

function item(p: Printer, type: number, offset: number, length: number): boolean {
  switch (type) {
    case Item.ADDRESS:
      if (length !== 4) return false;
      p.text(`${ipv4Text(p, offset)} (0x${hex(p.u32(offset), 8)})`);
      return true;
    case Item.PORT:
    case Item.VLAN:
    case Item.DOMAIN:
    case Item.FRAME:
      p.safeUntilNul(offset, length);
      return true;
    case Item.MAC:
    case Item.NO_MAC:
      if (length !== 6) return false;
      p.mac(offset);
      return true;
    default:
      if (p.options.verbose === 1) printUnknownData(p, '\n\t    ', offset, length);
      return true;
  }
}

// ARCNET: addresses of one byte, and packets in fragments. Source: RFC 1051, RFC 1201; LINKTYPE_ARCNET_BSD,
// LINKTYPE_ARCNET_LINUX.

import { dumpAlways } from '../hexdump.js';
import { hex } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';
import { printers } from '../table.js';

/** Where the fields are; Linux has two bytes between the addresses and the type. */
const At = { SOURCE: 0, DESTINATION: 1, TYPE: 2, FLAG: 3, SEQUENCE: 4 } as const;
const LINUX_TYPE = 4;
/** Without and with fragments' fields, and with those behind an exception flag. */
const Header = { SHORT: 3, LONG: 6, EXCEPTION: 10, LINUX_SHORT: 5, LINUX_LONG: 8 } as const;
const EXCEPTION = 0xff;
/** Flag and sequence are four bytes further then. */
const EXCEPTION_STEP = 4;

const Type = {
  DIAGNOSE: 128,
  IP6: 196,
  IP: 212,
  ARP: 213,
  REVERSE_ARP: 214,
  APPLETALK: 221,
  OLD_IP: 240,
  OLD_ARP: 241,
  IPX: 250,
} as const;
const TYPES: Words = {
  [Type.DIAGNOSE]: 'diag',
  [Type.IP6]: 'ipv6',
  [Type.IP]: 'ip',
  [Type.ARP]: 'arp',
  [Type.REVERSE_ARP]: 'rarp',
  [Type.APPLETALK]: 'atalk',
  [Type.OLD_IP]: 'oldip',
  [Type.OLD_ARP]: 'oldarp',
  247: 'banyan',
  [Type.IPX]: 'ipx',
};
/** Types whose packets are never in fragments. */
const WHOLE: readonly number[] = [Type.OLD_IP, Type.OLD_ARP, Type.DIAGNOSE];

/** A link of ARCNET frames of the BSDs. */
export function printArcnetLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'arcnet';
  const type = p.u8(offset + At.TYPE);
  if (WHOLE.includes(type)) {
    if (p.options.linkHeader) heading(p, offset, length, '');
    payload(p, type, offset + Header.SHORT, length - Header.SHORT);
    p.linkHeaderLength += Header.SHORT;
    return;
  }
  fragmentFields(p, offset, length, Header.LONG, ' phds');
  let header: number = Header.LONG;
  let fields = offset;
  if (p.u8(offset + At.FLAG) === EXCEPTION) {
    fragmentFields(p, offset, length, Header.EXCEPTION, ' phds extended');
    header = Header.EXCEPTION;
    fields += EXCEPTION_STEP;
  }
  const flag = p.u8(fields + At.FLAG);
  if (p.options.linkHeader) {
    heading(p, offset, length, ` seqid ${hex(p.u16(fields + At.SEQUENCE), 4)}${fragment(flag)}`);
  }
  // Only the first fragment begins with what its type says.
  if (flag === 0 || (flag & 1) !== 0) payload(p, type, offset + header, length - header);
  p.linkHeaderLength += header;
}

/** A link of ARCNET packets of Linux, put together. */
export function printArcnetLinuxLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'arcnet_linux';
  const type = p.u8(offset + LINUX_TYPE);
  const header = WHOLE.includes(type) ? Header.LINUX_SHORT : Header.LINUX_LONG;
  p.need(offset, header);
  if (p.options.linkHeader) heading(p, offset, length, '');
  payload(p, type, offset + header, length - header);
  p.linkHeaderLength += header;
}

/** Ends the packet unless its header's `size` bytes were captured, with what it lacks. */
function fragmentFields(p: Printer, offset: number, length: number, size: number, what: string): void {
  if (p.has(offset, size)) return;
  heading(p, offset, length, '');
  p.text(what);
  p.need(offset, size);
}

function fragment(flag: number): string {
  if (flag === 0) return '';
  return (flag & 1) !== 0 ? ` (first of ${(flag + 3) >> 1} fragments)` : ` (fragment ${(flag >> 1) + 1})`;
}

/** Addresses, type and length. tcpdump takes the type from where the BSDs have it in Linux' frames too. */
function heading(p: Printer, offset: number, length: number, sequence: string): void {
  p.protocol = 'arcnet';
  p.text(`${hex(p.u8(offset + At.SOURCE), 2)} ${hex(p.u8(offset + At.DESTINATION), 2)}`);
  if (!p.options.quiet) {
    const type = p.u8(offset + At.TYPE);
    p.text(` ${TYPES[type] ?? hex(type, 2)}${sequence}`);
  }
  p.text(` ${length}: `);
}

function payload(p: Printer, type: number, offset: number, length: number): void {
  switch (type) {
    case Type.OLD_IP:
    case Type.IP:
      printIp(p, offset, length);
      break;
    case Type.IP6:
      printIp6(p, offset, length);
      break;
    case Type.OLD_ARP:
    case Type.ARP:
    case Type.REVERSE_ARP:
      printers.arp(p, offset, length);
      break;
    case Type.APPLETALK:
      if (p.options.verbose > 0) p.text('et1 ');
      printers.appleTalk(p, offset, length);
      break;
    case Type.IPX:
      printers.ipx(p, offset, length);
      break;
    default:
      dumpAlways(p, offset, p.available(offset));
  }
}

// Cisco HDLC and its keep-alives, SLARP.

import { printUnknownData } from '../hexdump.js';
import { below, hex, ipv4Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { EtherType, etherTypeName, printIp, printIp6 } from '../protocol/inner.js';
import { printMpls } from '../protocol/mpls.js';
import { printers } from '../table.js';

const HEADER_LENGTH = 4;
const ADDRESSES: Words = { 15: 'unicast', 143: 'bcast' };
const SLARP = 0x8035;
const ISO = 0xfefe;
/** Network layer protocol identifiers that tell an OSI packet from a fudge byte in front of it. */
const OSI_IDENTIFIERS: readonly number[] = [0x81, 0x82, 0x83];

const SLARP_MINIMUM = 14;
const SLARP_MAXIMUM = 18;
const SlarpCode = { REQUEST: 0, REPLY: 1, KEEPALIVE: 2 } as const;

/** A link of Cisco HDLC frames. */
export function printChdlcLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'chdlc';
  p.need(offset, HEADER_LENGTH);
  p.linkHeaderLength += HEADER_LENGTH;
  printChdlc(p, offset, length);
}

/** A Cisco HDLC frame. */
export function printChdlc(p: Printer, offset: number, length: number): void {
  p.protocol = 'chdlc';
  if (!printFrame(p, offset, length)) p.invalid();
}

function printFrame(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, HEADER_LENGTH)) return false;
  const type = p.u16(offset + 2);
  if (p.options.linkHeader) {
    const address = wordOf(ADDRESSES, p.u8(offset), '0x%02x');
    const name = etherTypeName(type) ?? 'Unknown';
    p.text(`${address}, ethertype ${name} (0x${hex(type, 4)}), length ${length}: `);
  }
  offset += HEADER_LENGTH;
  length -= HEADER_LENGTH;
  switch (type) {
    case EtherType.IP:
      printIp(p, offset, length);
      break;
    case EtherType.IP6:
      printIp6(p, offset, length);
      break;
    case SLARP:
      printSlarp(p, offset, length);
      break;
    case EtherType.MPLS:
    case EtherType.MPLS_MULTICAST:
      printMpls(p, offset, length);
      break;
    case ISO: {
      if (below(p, 'length', length, 2)) return false;
      const fudge = OSI_IDENTIFIERS.includes(p.u8(offset + 1)) ? 1 : 0;
      printers.isoclns(p, offset + fudge, length - fudge);
      break;
    }
    default:
      if (!p.options.linkHeader) p.text(`unknown CHDLC protocol (0x${hex(type, 4)})`);
  }
  return true;
}

function printSlarp(p: Printer, offset: number, length: number): void {
  const { verbose } = p.options;
  p.protocol = 'chdlc_slarp';
  p.text('SLARP');
  if (below(p, 'length', length, SLARP_MINIMUM)) {
    p.invalid();
    return;
  }
  p.text(` (length: ${length}), `);
  p.need(offset, SLARP_MINIMUM);
  const code = p.u32(offset);
  let shown = offset + 4;
  switch (code) {
    case SlarpCode.REQUEST:
      p.text('request');
      break;
    case SlarpCode.REPLY:
      p.text(`reply ${ipv4Text(p, offset + 4)}/${ipv4Text(p, offset + 8)}`);
      break;
    case SlarpCode.KEEPALIVE:
      p.text(`keepalive: mineseen=0x${hex(p.u32(offset + 4), 8)}`);
      p.text(`, yourseen=0x${hex(p.u32(offset + 8), 8)}, reliability=0x${hex(p.u16(offset + 12), 4)}`);
      if (length >= SLARP_MAXIMUM) {
        printUptime(p, Math.floor(p.u32(offset + SLARP_MINIMUM) / 1000));
        // -vv then shows what is behind the uptime, not behind the code.
        shown = offset + SLARP_MAXIMUM;
      }
      break;
    default:
      p.text(`0x${hex(code, 2)} unknown`);
      if (verbose <= 1) printUnknownData(p, '\n\t', offset + 4, length - 4);
  }
  if (length > SLARP_MAXIMUM && verbose > 0) {
    p.text(`, (trailing junk: ${length - SLARP_MAXIMUM} bytes)`);
  }
  if (verbose > 1) printUnknownData(p, '\n\t', shown, length - 4);
}

function printUptime(p: Printer, seconds: number): void {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  p.text(`, link uptime=${Math.floor(hours / 24)}d${hours % 24}h${minutes % 60}m${seconds % 60}s`);
}

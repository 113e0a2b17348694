// Frame Relay. Sources: ITU-T Q.922, RFC 2427 (encapsulations), Cisco's encapsulation with an EtherType.

import { dumpAlways, dumpUnknown } from '../hexdump.js';
import { bitsOf, hex, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';
import { printFrf15 } from '../protocol/frf15.js';
import { printIp } from '../protocol/ip/ip.js';
import { printIp6 } from '../protocol/ip/ip6.js';
import { NLPIDS, Nlpid } from '../protocol/osi/osi.js';
import { ADDRESS_FLAGS, type Address, readAddress } from '../protocol/q922.js';
import { printers } from '../table.js';
import { ETHERTYPES, printEthertype } from './ethernet.js';

const MINIMUM = 4;
/** Unnumbered information: the control byte of every frame but Cisco's. */
const UI = 0x03;
const TYPE_SIZE = 2;
const SNAP = 0x80;
const FRF15 = 0xb1;
/** Addresses of this size have a padding byte behind the control byte. */
const PADDED = 3;

/** A link of Frame Relay (LINKTYPE_FRELAY). */
export function printFrameRelayLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'fr';
  if (!p.has(offset, MINIMUM)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  p.linkHeaderLength += printFrameRelay(p, offset, length);
}

/**
 * A Frame Relay frame.
 * @returns bytes of its header, 0 when there is no whole one
 */
export function printFrameRelay(p: Printer, offset: number, length: number): number {
  p.protocol = 'fr';
  const address = readAddress(p, offset, length);
  if (address === null) {
    p.text('Q.922, invalid address');
    return 0;
  }
  const header = address === undefined ? null : printAddressed(p, address, offset, length);
  if (header === null) p.truncated();
  return header ?? 0;
}

/** What is behind the address. @returns bytes of header, null when they are not all there */
function printAddressed(p: Printer, address: Address, offset: number, length: number): number | null {
  const there = (size: number): boolean => size <= length && p.has(offset, size);
  const { size } = address;
  if (!there(size + 1)) return null;
  const control = p.u8(offset + size);
  if (control !== UI && address.dlci !== 0) {
    const header = size + TYPE_SIZE;
    if (there(header)) {
      const type = p.u16(offset + size);
      if (p.options.linkHeader) printHeader(p, address, size, type, length);
      if (printEthertype(p, type, offset + header, length - header)) return header;
    }
    p.text(`UI ${hex(control, 2)}! `);
  }
  if (!there(size + 2)) return null;
  const padded = p.u8(offset + size + 1) === 0;
  if (padded !== (size === PADDED)) p.text(padded ? 'Pad! ' : 'No pad! ');
  const header = size + (padded ? 3 : 2);
  if (!there(header)) return null;
  if (p.options.linkHeader) printHeader(p, address, size, p.u8(offset + header - 1), length);
  printPayload(p, address, offset, header, length);
  return header;
}

function printPayload(p: Printer, address: Address, frame: number, header: number, length: number): void {
  const offset = frame + header;
  const rest = length - header;
  const id = p.u8(offset - 1);
  switch (id) {
    case Nlpid.IP:
      printIp(p, offset, rest);
      break;
    case Nlpid.IP6:
      printIp6(p, offset, rest);
      break;
    case Nlpid.CLNP:
    case Nlpid.ESIS:
    case Nlpid.ISIS:
      printers.isoclns(p, offset - 1, rest + 1);
      break;
    case SNAP:
      if (printers.snap(p, offset, rest, -1, -1, 0)) break;
      if (!p.options.linkHeader) printHeader(p, address, header, id, length);
      dumpUnknown(p, frame, length);
      break;
    case Nlpid.Q933:
      printers.q933(p, offset, rest);
      break;
    case FRF15:
      printFrf15(p, offset, rest);
      break;
    case Nlpid.PPP:
      printers.ppp(p, offset, rest);
      break;
    default:
      if (!p.options.linkHeader) printHeader(p, address, address.size, id, length);
      if (p.options.hex === 0) dumpAlways(p, offset, rest);
  }
}

/** @param protocol an NLPID, or an EtherType when it is too large for one */
function printHeader(p: Printer, address: Address, size: number, protocol: number, length: number): void {
  const { dlci, flags } = address;
  if (p.options.quiet) p.text(`Q.922, DLCI ${dlci}`);
  else {
    p.text(`Q.922, hdr-len ${size}, DLCI ${dlci}, Flags [${bitsOf(ADDRESS_FLAGS, flags, 'none')}]`);
    if (protocol <= 0xff) p.text(`, NLPID ${wordOf(NLPIDS, protocol, 'unknown')} (0x${hex(protocol, 2)})`);
    else p.text(`, cisco-ethertype ${wordOf(ETHERTYPES, protocol, 'unknown')} (0x${hex(protocol, 4)})`);
  }
  p.text(`, length ${length}: `);
}

// Point-to-Point Protocol (RFC 1661): framing, protocol numbers, PAP, CHAP and multilink. Control protocols and their
// options are in pppcontrol.ts.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { EtherType, printIp, printIp6 } from '../../protocol/inner.js';
import { printMpls } from '../../protocol/mpls.js';
import { printers } from '../../table.js';
import { printChdlcLink } from '../chdlc.js';
import { printControl } from './control.js';
import { PPP_NAMES, Ppp } from './numbers.js';

/** Address and control bytes of HDLC-like framing (RFC 1662), and what pppd puts in the address's place. */
const ADDRESS = 0xff;
const FRAMED = 0xff03;
const PPPD_IN = 0x0003;
const PPPD_OUT = 0x0103;
const FLAG = 0x7e;
const ESCAPE = 0x7d;
const CHDLC_UNICAST = 0x0f;
const CHDLC_BROADCAST = 0x8f;

const MULTILINK_FLAGS: Bits = [
  [0x80, 'begin'],
  [0x40, 'end'],
];
const CHAP_CODES: Words = { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Fail' };
const PAP_CODES: Words = { 1: 'Auth-Req', 2: 'Auth-ACK', 3: 'Auth-NACK' };

/** A link of PPP frames (DLT_PPP, DLT_PPP_PPPD). */
export function printPppLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'ppp';
  if (!p.has(offset, 4)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  p.linkHeaderLength += 4;
  printPpp(p, offset, length);
}

/** A link whose frames have an address and a control byte (DLT_PPP_SERIAL). */
export function printPppHdlc(p: Printer, offset: number, length: number): void {
  p.protocol = 'ppp_hdlc';
  const first = p.has(offset, 2) ? p.u8(offset) : null;
  if (first === CHDLC_UNICAST || first === CHDLC_BROADCAST) {
    printChdlcLink(p, offset, length);
    return;
  }
  if (first === null || !p.has(offset, 4)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  if (p.options.linkHeader) p.text(`${hex(first, 2)} ${hex(p.u8(offset + 1), 2)} ${length} `);
  if (first !== ADDRESS) {
    p.text(`unknown addr ${hex(p.u8(offset + 2), 2)}; ctrl ${hex(p.u8(offset + 3), 2)}`);
    p.linkHeaderLength += 2;
    return;
  }
  const protocol = p.u16(offset + 2);
  p.text(`${wordOf(PPP_NAMES, protocol, 'unknown PPP protocol (0x%04x)')}: `);
  printProtocol(p, protocol, offset + 4, length - 4);
  p.linkHeaderLength += 4;
}

/**
 * A PPP frame, with or without address and control bytes.
 * @returns the bytes of its header, 0 when there is no whole one
 */
export function printPpp(p: Printer, offset: number, length: number): number {
  p.protocol = 'ppp';
  const whole = length;
  const start = offset;
  if (length < 2) {
    p.truncated();
    return 0;
  }
  const framing = p.u16(offset);
  if (framing === PPPD_IN || framing === PPPD_OUT || framing === FRAMED) {
    if (p.options.linkHeader && framing !== FRAMED) p.text(framing === PPPD_IN ? 'In  ' : 'Out ');
    offset += 2;
    length -= 2;
    if (length < 2) {
      p.truncated();
      return 0;
    }
  }
  // An odd first byte is a whole protocol field: the other one was compressed away.
  let protocol = p.u8(offset);
  const size = (protocol & 1) !== 0 ? 1 : 2;
  if (size === 2) protocol = p.u16(offset);
  offset += size;
  length -= size;
  if (p.options.linkHeader) {
    const name = PPP_NAMES[protocol];
    p.text(`${name ?? 'unknown'} (0x${hex(protocol, 4)}), length ${whole}`);
    if (name === undefined) return offset - start;
    p.text(': ');
  }
  printProtocol(p, protocol, offset, length);
  return offset - start;
}

function printProtocol(p: Printer, protocol: number, offset: number, length: number): void {
  if (protocol >> 8 === FLAG) {
    printEscaped(p, offset - 1, length);
    return;
  }
  switch (protocol) {
    case Ppp.LCP:
    case Ppp.IPCP:
    case Ppp.OSICP:
    case Ppp.MPLSCP:
    case Ppp.IPV6CP:
    case Ppp.CCP:
    case Ppp.BACP:
      printControl(p, protocol, offset, length);
      break;
    case Ppp.MULTILINK:
      printMultilink(p, offset, length);
      break;
    case Ppp.CHAP:
      printChap(p, offset, length);
      break;
    case Ppp.PAP:
      printPap(p, offset, length);
      break;
    case Ppp.BAP:
      break;
    case EtherType.IP:
    case Ppp.VJ_UNCOMPRESSED:
    case Ppp.IP:
      printIp(p, offset, length);
      break;
    case EtherType.IP6:
    case Ppp.IPV6:
      printIp6(p, offset, length);
      break;
    case EtherType.IPX:
    case Ppp.IPX:
      printers.ipx(p, offset, length);
      break;
    case Ppp.OSI:
      printers.isoclns(p, offset, length);
      break;
    case Ppp.MPLS:
    case Ppp.MPLS_MULTICAST:
      printMpls(p, offset, length);
      break;
    case Ppp.COMPRESSED:
      p.text('compressed PPP data');
      break;
    default:
      p.text(`${wordOf(PPP_NAMES, protocol, 'unknown PPP protocol (0x%04x)')} `);
      printUnknownData(p, '\n\t', offset, length);
  }
}

/** A frame with octet escapes: undone into a buffer, of which the start is guessed at. */
function printEscaped(p: Printer, offset: number, length: number): void {
  const end = p.snapEnd;
  if (offset >= end || length === 0) return;
  const plain = new Uint8Array(end - offset);
  let size = 0;
  for (let at = offset; at < end; at++) {
    let byte = p.u8(at);
    if (byte === ESCAPE) {
      if (++at === end) break;
      byte = p.u8(at) ^ 0x20;
    }
    plain[size++] = byte;
  }
  p.pushBuffer(plain.subarray(0, size));
  const whole = printPlain(p, size);
  p.pop();
  if (!whole) p.truncated();
}

/** @returns false when the frame is too short to tell */
function printPlain(p: Printer, size: number): boolean {
  if (size < 1) return false;
  const first = p.u8(0);
  if (first === Ppp.IP) {
    printIp(p, 1, size - 1);
    return true;
  }
  if (first === Ppp.IPV6) {
    printIp6(p, 1, size - 1);
    return true;
  }
  if (size < 2) return false;
  let header = 2;
  let protocol = p.u16(0);
  if (protocol === FRAMED) {
    if (size < 4) return false;
    protocol = p.u16(2);
    header = 4;
  }
  // No second escaping inside: that could go on as long as the packet.
  if (protocol >> 8 === FLAG) p.text(`(protocol 0x${hex(protocol, 4)} invalid)`);
  else printProtocol(p, protocol, header, size - header);
  return true;
}

/** Multilink (RFC 1990), short sequence numbers only. */
function printMultilink(p: Printer, offset: number, length: number): void {
  if (!p.options.linkHeader) p.text('MLPPP, ');
  if (length < 2 || !p.has(offset, 2)) {
    p.text('[|mlppp]');
    return;
  }
  const flags = bitsOf(MULTILINK_FLAGS, p.u8(offset), 'none');
  p.text(`seq 0x${hex(p.u16(offset) & 0xfff, 3)}, Flags [${flags}], length ${length}`);
}

/** Code, identifier and length, which CHAP and PAP share. */
function printHead(p: Printer, name: string, codes: Words, offset: number, length: number): boolean {
  const lower = name.toLowerCase();
  if (length < 1) p.text(`[|${lower}]`);
  else if (length < 4) p.text(`[|${lower} 0x${hex(p.u8(offset), 2)}]`);
  else {
    const code = p.u8(offset);
    p.text(`${name}, ${wordOf(codes, code, 'unknown')} (0x${hex(code, 2)})`);
    p.text(`, id ${p.u8(offset + 1)}`);
    return true;
  }
  return false;
}

/** Challenge Handshake Authentication (RFC 1994), whatever its algorithm. */
function printChap(p: Printer, offset: number, length: number): void {
  if (!printHead(p, 'CHAP', CHAP_CODES, offset, length)) return;
  const code = p.u8(offset);
  const said = p.u16(offset + 2);
  if (code === 1 || code === 2) {
    if (length < 5) return;
    const size = p.u8(offset + 4);
    if (length - 5 < size) return;
    p.text(', Value ');
    for (let i = 0; i < size; i++) p.hex0(p.u8(offset + 5 + i), 2);
    p.text(', Name ');
    printCounted(p, offset + 5 + size, said - 5 - size);
  } else if (code === 3 || code === 4) {
    p.text(', Msg ');
    printCounted(p, offset + 4, said - 4);
  }
}

/** Text of a length that its header may have made negative: then it goes on to the end of the packet. */
function printCounted(p: Printer, offset: number, length: number): void {
  p.safeBytes(offset, length < 0 ? Number.MAX_SAFE_INTEGER : length);
}

/** Password Authentication (RFC 1334). */
function printPap(p: Printer, offset: number, length: number): void {
  if (!printHead(p, 'PAP', PAP_CODES, offset, length)) return;
  const code = p.u8(offset);
  const said = p.u16(offset + 2);
  if (said > length) {
    p.text(`, length ${said} > packet size`);
    return;
  }
  if (said < 4) {
    p.text(`, length ${said} < PAP header length`);
    return;
  }
  const end = offset + said;
  offset += 4;
  if (code === 1) {
    if (said < 6) p.text('[|pap]');
    else {
      const next = printField(p, ', Peer ', offset, end);
      if (next !== null) printField(p, ', Name ', next, end);
    }
  } else if (code === 2 || code === 3) {
    if (said < 5) p.text('[|pap]');
    else printField(p, ', Msg ', offset, end);
  }
}

/** A byte of length and that much text. */
function printField(p: Printer, label: string, offset: number, end: number): number | null {
  if (offset >= end) return null;
  const size = p.u8(offset);
  if (end - offset - 1 < size) return null;
  p.text(label);
  p.safeBytes(offset + 1, size);
  return offset + 1 + size;
}

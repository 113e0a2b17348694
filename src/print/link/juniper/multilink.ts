// Packets of Juniper's bundles of links: multilink PPP (MLPPP), multilink Frame Relay (MLFR, which is FRF.15, and MFR,
// which is FRF.16).

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { printIp } from '../../protocol/ip/ip.js';
import { printIp6 } from '../../protocol/ip/ip6.js';
import { printers } from '../../table.js';
import { printMfr } from '../mfr.js';
import { Ppp } from '../ppp/numbers.js';
import { bundleOf, Cookie, type Head, printSummary } from './header.js';

/** What the cookie of an adaptive services card says of the packet behind it. */
const LAYER3_AT = 5;
const LAYER3 = 0x70;
const Layer3 = { IP4: 0x00, IP6: 0x10, MPLS: 0x20, OSI: 0x30 } as const;
/** The cookie's byte of a packet to the routing engine, which has no cookie really: PPP. */
const ENGINE_AT = 4;
const TO_ENGINE = 0x0c;

const ADDRESS_AND_CONTROL = 0xff03;
/** The cookie of a child link's frame. */
const CHILD_LINK = 1;
const PROTOCOL_SIZE = 2;
const LLC_OSI = 0xfefe;
/** Control byte of unnumbered information and NLPID: Q.933, IPv4, IPv6. */
const UI_Q933 = 0x0308;
const UI_IP4 = 0x03cc;
const UI_IP6 = 0x038e;
/** Control byte alone, in front or behind. */
const UI_ONLY: readonly number[] = [0x0003, 0x0300];

/** The protocol: the cookie's, or what is behind it. */
function protocolOf(head: Head): number {
  return head.cookieKind === Cookie.ADAPTIVE_SERVICES ? head.cookie[LAYER3_AT]! & LAYER3 : head.protocol;
}

/** @returns false for a protocol that is none of these */
function printLayer3(p: Printer, protocol: number, offset: number, length: number): boolean {
  if (protocol === Layer3.IP4) printIp(p, offset, length);
  else if (protocol === Layer3.IP6) printIp6(p, offset, length);
  else if (protocol === Layer3.MPLS) printers.mpls(p, offset, length);
  else if (protocol === Layer3.OSI) printers.isoclns(p, offset, length);
  else return false;
  return true;
}

/** MLPPP. */
export function printBundledPpp(p: Printer, head: Head, offset: number, length: number): void {
  const protocol = protocolOf(head);
  printSummary(p, head.size, protocol);
  const first = (head.cookie[0]! << 8) | head.cookie[1]!;
  if (p.options.linkHeader && first !== Ppp.OSI && first !== ADDRESS_AND_CONTROL) {
    p.text(`Bundle-ID ${bundleOf(head)}: `);
  }
  const engine = protocol === Layer3.IP4 && head.cookie[ENGINE_AT] === TO_ENGINE;
  if (!engine && printLayer3(p, protocol, offset, length)) return;
  // A cookie that is the protocol of PPP is no cookie.
  const cookie = !engine && first === Ppp.OSI ? PROTOCOL_SIZE : 0;
  printers.ppp(p, offset - cookie, length + cookie);
}

/** MFR. */
export function printFrameBundle(p: Printer, head: Head, offset: number, length: number): void {
  const more = head.cookieKind === Cookie.LINK_SERVICES ? PROTOCOL_SIZE : 0;
  const protocol = protocolOf(head);
  printSummary(p, head.size + more, protocol);
  offset += more;
  length -= more;
  if (head.cookieSize === 0) printMfr(p, offset, length);
  else if (head.cookieSize === Cookie.LONGEST) printLayer3(p, protocol, offset, length);
  else {
    printBundle(p, head);
    if (protocol === LLC_OSI) {
      p.need(offset, 1);
      printers.isoclns(p, offset + 1, length - 1);
    } else printIdentified(p, protocol, offset, length);
  }
  p.linkHeaderLength += more;
}

/** MLFR. */
export function printBundledFrames(p: Printer, head: Head, offset: number, length: number): void {
  const more = head.cookieKind === Cookie.ADAPTIVE_SERVICES ? 0 : PROTOCOL_SIZE;
  const protocol = protocolOf(head);
  printSummary(p, head.size + more, protocol);
  offset += more;
  length -= more;
  printBundle(p, head);
  if (UI_ONLY.includes(protocol)) printers.isoclns(p, offset, length);
  else printIdentified(p, protocol, offset, length);
  p.linkHeaderLength += more;
}

function printBundle(p: Printer, head: Head): void {
  const { cookie } = head;
  const child = ((cookie[0]! << 24) | (cookie[1]! << 16) | (cookie[2]! << 8) | cookie[3]!) === CHILD_LINK;
  if (p.options.linkHeader && !child) p.text(`Bundle-ID ${bundleOf(head)}, `);
}

/** What has its NLPID in front, or is unknown. */
function printIdentified(p: Printer, protocol: number, offset: number, length: number): void {
  if (protocol === UI_Q933 || protocol === UI_IP4 || protocol === UI_IP6) {
    printers.isoclns(p, offset - 1, length + 1);
  } else p.text(`unknown protocol 0x${hex(protocol, 4)}, length ${length}`);
}

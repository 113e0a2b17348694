// Packets of Juniper's ATM cards: what is in a cell, or in the cells of a packet, is guessed at.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { printers } from '../../table.js';
import { ethernetFrame } from '../ethernet.js';
import { printOamCell } from '../oamcell.js';
import { Ppp } from '../ppp/numbers.js';
import { guessIp, type Head, printSummary } from './header.js';

/** First byte of the cookie of a cell that an ATM1 card passed on. */
const ATM1_CELL = 0x80;
/** In the cookie of an ATM2 card: the packet is a cell. */
const ATM2_CELL = 0x70;
const ATM2_CELL_AT = 7;
/** In the cookie of an ATM2 card: Ethernet's frames, when they leave. */
const ATM2_ETHERNET = 0x3f;
const ATM2_ETHERNET_AT = 3;
const CONTROL_WORD = 4;
/** Control words in front of a cell; others are the cell's own. */
const CONTROL_WORDS: readonly number[] = [0, 0x08000000, 0x08380000];

/** LLC with OSI's, or with SNAP's service access point. */
const LLC_OSI = 0xfefe03;
const LLC_SNAP = 0xaaaa03;
const UI = 0x03;
const PPP_PROTOCOLS: readonly number[] = [
  Ppp.IP,
  Ppp.OSI,
  Ppp.MPLS,
  Ppp.MPLS_MULTICAST,
  Ppp.IPCP,
  Ppp.OSICP,
  Ppp.MPLSCP,
  Ppp.LCP,
  Ppp.PAP,
  Ppp.CHAP,
  Ppp.MULTILINK,
  Ppp.IPV6,
  Ppp.IPV6CP,
];

/** A packet of an ATM1 card. */
export function printAtm1(p: Printer, head: Head, offset: number, length: number): void {
  if (head.cookie[0] === ATM1_CELL) printOamCell(p, offset, length, false);
  else if (!printLogicalLink(p, offset, length) && !printNlpid(p, offset, length)) guessIp(p, offset, length);
}

/** A packet of an ATM2 card. */
export function printAtm2(p: Printer, head: Head, offset: number, length: number): void {
  const cell = (head.cookie[ATM2_CELL_AT]! & ATM2_CELL) !== 0;
  const word = p.u32(offset);
  const more = cell && CONTROL_WORDS.includes(word) ? CONTROL_WORD : 0;
  if (cell && p.options.linkHeader) p.text(`control-word 0x${hex(word, 8)} `);
  printSummary(p, head.size + more, head.protocol);
  if (cell) {
    printOamCell(p, offset + more, length, false);
    p.linkHeaderLength += more;
  } else if (!printLogicalLink(p, offset, length)) {
    const ethernet = !head.incoming && (head.cookie[ATM2_ETHERNET_AT]! & ATM2_ETHERNET) !== 0;
    if (ethernet) ethernetFrame(p, offset, length);
    else if (!printNlpid(p, offset, length)) {
      if (PPP_PROTOCOLS.includes(p.u16(offset))) printers.ppp(p, offset, length);
      else guessIp(p, offset, length);
    }
  }
}

/** @returns false when it is not LLC, or nothing known in it */
function printLogicalLink(p: Printer, offset: number, length: number): boolean {
  const header = p.u24(offset);
  return (header === LLC_OSI || header === LLC_SNAP) && printers.llc(p, offset, length) > 0;
}

/** Cisco's way: a control byte and an NLPID. @returns false when it is not that */
function printNlpid(p: Printer, offset: number, length: number): boolean {
  if (p.u8(offset) !== UI) return false;
  printers.isoclns(p, offset + 1, length - 1);
  return true;
}

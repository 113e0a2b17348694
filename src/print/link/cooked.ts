// What the two versions of Linux cooked capture share. Source: LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2.

import { RADIOTAP_HARDWARE } from '../../packet/index.js';
import { dumpUnknown } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';
import { printers } from '../table.js';
import { ETHERTYPES, MAX_LENGTH_FIELD, printEthertype } from './ethernet.js';

/** Where a packet came from and went. */
export const COOKED_TYPES: Words = { 0: 'In', 1: 'B', 2: 'M', 3: 'P', 4: 'Out' };

const MAC_LENGTH = 6;
/** Protocol numbers that are no EtherTypes: Novell's frames without LLC, and frames with it. */
const P_802_3 = 1;
const P_802_2 = 4;
const VLAN = 0x8100;
const TAG = 4;

/**
 * What -e shows of the header, and what is shown of it in front of a payload without a printer.
 * @param addressLength 6 is taken for Ethernet; others are not shown
 */
export type CookedHeading = (p: Printer, header: number, length: number) => void;

/** The heading's common part: the address, if it is Ethernet's, the protocol and the length. */
export function cookedHeading(
  p: Printer,
  address: number,
  addressLength: number,
  protocol: number,
  length: number,
): void {
  if (addressLength === MAC_LENGTH) {
    p.mac(address);
    p.char(32);
  }
  if (p.options.quiet) return;
  if (protocol === P_802_3) p.text('802.3');
  else if (protocol === P_802_2) p.text('802.2');
  else {
    p.text('ethertype ');
    p.text(protocol > MAX_LENGTH_FIELD ? (ETHERTYPES[protocol] ?? 'Unknown') : 'Unknown');
    p.text(' (0x');
    p.hex0(protocol, 4);
    p.char(41);
  }
  p.text(', length ');
  p.dec(length);
  p.text(': ');
}

/**
 * The payload of a cooked packet.
 * @param at where it begins
 * @param length bytes on the wire from there
 * @param hardware type of the interface
 */
export function cookedPayload(
  p: Printer,
  header: number,
  at: number,
  length: number,
  hardware: number,
  protocol: number,
  heading: CookedHeading,
): void {
  const headerLength = at - header;
  if (hardware === RADIOTAP_HARDWARE) {
    p.linkHeaderLength = headerLength;
    printers.radiotapLink(p, at, length);
    return;
  }
  while (protocol === VLAN) {
    if (!p.has(at, TAG)) {
      p.protocol = 'vlan';
      p.truncated();
      p.linkHeaderLength = at - header + p.available(at);
      return;
    }
    if (p.options.linkHeader) {
      const tag = p.u16(at);
      p.text(`vlan ${tag & 0xfff}, p ${tag >> 13}${(tag & 0x1000) !== 0 ? ', DEI' : ''}, `);
    }
    protocol = p.u16(at + 2);
    if (protocol <= MAX_LENGTH_FIELD) protocol = P_802_2;
    if (!p.options.quiet) p.text(`ethertype ${ETHERTYPES[protocol] ?? 'Unknown'}, `);
    at += TAG;
    length -= TAG;
  }
  p.linkHeaderLength = at - header;
  if (protocol > MAX_LENGTH_FIELD) {
    if (printEthertype(p, protocol, at, length)) return;
    if (!p.options.linkHeader) heading(p, header, length + headerLength);
  } else if (protocol === P_802_3) {
    printers.ipx(p, at, length);
    return;
  } else if (protocol === P_802_2) {
    const used = printers.llc(p, at, length);
    if (used >= 0) {
      p.linkHeaderLength += used;
      return;
    }
  }
  dumpUnknown(p, at, p.available(at));
}

/** This machine's name of an interface, as tcpdump shows it even for a file of another one; `?` when there is none. */
export function interfaceName(p: Printer, index: number): string {
  return p.services.interfaceName?.(index) ?? '?';
}

// Ethernet with the tags of switches in it: Marvell's DSA and EDSA, Broadcom's. Source: the data sheets of 88E6xxx and
// BCM53xxx.

import { bitsOf, counted, hex, wordOf } from '../inline.js';
import type { Bits, Printer } from '../printer.js';
import { ETHERTYPES, ethernetFrame, type SwitchTag } from './ethernet.js';

const DSA: SwitchTag = { size: 4, print: dsa };
const EDSA: SwitchTag = { size: 8, print: edsa };
const BROADCOM: SwitchTag = { size: 4, print: broadcom };

const Mode = { TO_CPU: 0, FROM_CPU: 1, TO_SNIFFER: 2, FORWARD: 3 } as const;
const MODES = counted(0, 'To CPU|From CPU|To Sniffer|Forward');
const CODES = counted(0, 'BPDU (MGMT) Trap|Frame2Reg|IGMP/MLD Trap|Policy Trap|ARP Mirror|Policy Mirror');

const INGRESS = 0x20;
const TAG_ENFORCEMENTS = counted(0, 'None|Untag|Header|Reserved');
const REASONS: Bits = [
  [0x01, 'mirror'],
  [0x02, 'MAC learning'],
  [0x04, 'switching'],
  [0x08, 'prot term'],
  [0x10, 'prot snoop'],
  [0x20, 'exception'],
];
/** The ports of a map of destinations, the lowest bit first. */
const PORTS: Bits = Array.from({ length: 9 }, (_, port) => [1 << port, `port ${port}`] as const);

function tagged(p: Printer, protocol: string, offset: number, length: number, tag: SwitchTag): void {
  p.protocol = protocol;
  p.linkHeaderLength = 12 + tag.size + 2;
  p.linkHeaderLength = ethernetFrame(p, offset, length, tag);
}

/** LINKTYPE_DSA_TAG_DSA. */
export function printDsaLink(p: Printer, offset: number, length: number): void {
  tagged(p, 'dsa', offset, length, DSA);
}

/** LINKTYPE_DSA_TAG_EDSA. */
export function printEdsaLink(p: Printer, offset: number, length: number): void {
  tagged(p, 'edsa', offset, length, EDSA);
}

/** LINKTYPE_DSA_TAG_BRCM. */
export function printBroadcomLink(p: Printer, offset: number, length: number): void {
  tagged(p, 'brcm-tag', offset, length, BROADCOM);
}

/** LINKTYPE_DSA_TAG_BRCM_PREPEND: the tag is in front of the frame. */
export function printBroadcomPrependedLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'brcm-tag-prepend';
  p.need(offset, BROADCOM.size);
  p.linkHeaderLength = BROADCOM.size;
  if (p.options.linkHeader) broadcom(p, offset);
  p.linkHeaderLength += ethernetFrame(p, offset + BROADCOM.size, length - BROADCOM.size);
}

function dsa(p: Printer, at: number): void {
  p.text(p.options.linkHeader ? 'Marvell DSA ' : 'DSA ');
  marvell(p, at);
}

function edsa(p: Printer, at: number): void {
  const type = p.u16(at);
  if (p.options.linkHeader) {
    p.text(`Marvell EDSA ethertype 0x${hex(type, 4)} (${wordOf(ETHERTYPES, type, 'Unknown')}), `);
    p.text(`rsvd ${p.u8(at + 2)} ${p.u8(at + 3)}, `);
  } else p.text(`EDSA 0x${hex(type, 4)}, `);
  marvell(p, at + 4);
}

/** Mode, device and port, and the VLAN. */
function marvell(p: Printer, at: number): void {
  p.need(at, 4);
  const first = p.u8(at);
  const second = p.u8(at + 1);
  const third = p.u8(at + 2);
  const mode = first >> 6;
  const device = first & 31;
  const port = second >> 3;
  const bit = (second & 4) !== 0;
  const trunk = bit ? 'trunk' : 'port';
  const vlan = ((third & 15) << 8) | p.u8(at + 3);
  const isTagged = (first & 0x20) !== 0;
  if (!p.options.linkHeader) {
    const place = `${device}.${port}`;
    if (mode === Mode.FORWARD) p.text(`Forward ${trunk} ${place}, `);
    else if (mode === Mode.FROM_CPU) p.text(`CPU > port ${place}, `);
    else if (mode === Mode.TO_CPU) p.text(`port ${place} > CPU, `);
    else p.text(`port ${place} > ${bit ? 'Rx' : 'Tx'} Sniffer, `);
    p.text(`VLAN ${vlan}${isTagged ? 't' : 'u'}, `);
    return;
  }
  p.text(`mode ${MODES[mode]}, `);
  if (mode === Mode.FORWARD) p.text(`dev ${device}, ${trunk} ${port}, `);
  else p.text(`${mode === Mode.FROM_CPU ? 'target' : 'source'} dev ${device}, port ${port}, `);
  if (mode === Mode.TO_CPU) {
    const code = (((second >> 1) & 3) << 1) | ((third >> 4) & 1);
    p.text(`code ${wordOf(CODES, code, 'reserved')}, `);
  } else if (mode === Mode.TO_SNIFFER) p.text(`${bit ? 'ingress' : 'egress'} sniff, `);
  p.text(`${isTagged ? 'tagged' : 'untagged'}, ${(second & 1) !== 0 ? 'CFI, ' : ''}`);
  p.text(`VID ${vlan}, FPri ${third >> 5}, `);
}

function broadcom(p: Printer, at: number): void {
  p.need(at, 4);
  const first = p.u8(at);
  const second = p.u8(at + 1);
  const third = p.u8(at + 2);
  const fourth = p.u8(at + 3);
  p.text(`BRCM tag OP: ${first !== 0 ? 'IG' : 'EG'}`);
  if ((first & INGRESS) !== 0) {
    const map = ((third << 8) | fourth) & 0x1ff;
    p.text(
      `, TC: ${(first >> 2) & 7}, TE: ${TAG_ENFORCEMENTS[second & 3]}, TS: ${second >> 7}` +
        `, DST map: [${bitsOf(PORTS, map, 'none')}]`,
    );
  } else {
    p.text(
      `, CID: ${second}, RC: [${bitsOf(REASONS, third, 'none')}], TC: ${fourth >> 5}, port: ${fourth & 31}`,
    );
  }
  p.text(', ');
}

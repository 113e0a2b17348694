// Packets of Juniper's routers: behind a common header what the link has, or what a card (PIC) makes of it.

import { LinkType } from '../../../packet/index.js';
import { hex, ipv4Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printIp } from '../../protocol/ip/ip.js';
import { printIp6 } from '../../protocol/ip/ip6.js';
import { printers } from '../../table.js';
import { printChdlc } from '../chdlc.js';
import { ethernetFrame, printEthertype } from '../ethernet.js';
import { printFrameRelay } from '../framerelay.js';
import { printAtm1, printAtm2 } from './atm.js';
import { type Card, guessIp, type Head, printSummary, readHead } from './header.js';
import { printBundledFrames, printBundledPpp, printFrameBundle } from './multilink.js';
import { ASSOCIATIONS } from './numbers.js';

/** What prints the packet behind the header. */
type Body = (p: Printer, head: Head, offset: number, length: number) => void;

interface Kind extends Card {
  readonly body: Body;
  /** The summary of the header is the body's: it knows more of it. */
  readonly summarises?: boolean;
}

/** A link without a cookie. */
const plain = (protocol: string, body: Body): Kind => ({ protocol, name: null, cookie: 0, body });

const KINDS: { readonly [linkType: number]: Kind } = {
  [LinkType.JUNIPER_MLPPP]: {
    protocol: 'juniper_mlppp',
    name: 'MLPPP',
    cookie: 2,
    body: printBundledPpp,
    summarises: true,
  },
  [LinkType.JUNIPER_MLFR]: {
    protocol: 'juniper_mlfr',
    name: 'MLFR',
    cookie: 2,
    body: printBundledFrames,
    summarises: true,
  },
  [LinkType.JUNIPER_MFR]: {
    protocol: 'juniper_mfr',
    name: 'MFR',
    cookie: 4,
    childLinks: true,
    body: printFrameBundle,
    summarises: true,
  },
  [LinkType.JUNIPER_ES]: { protocol: 'juniper_es', name: 'ES', cookie: 0, body: printEncryption },
  [LinkType.JUNIPER_GGSN]: { protocol: 'juniper_ggsn', name: 'GGSN', cookie: 8, body: printGgsn },
  [LinkType.JUNIPER_ATM1]: { protocol: 'juniper_atm1', name: 'ATM1', cookie: 4, body: printAtm1 },
  [LinkType.JUNIPER_ATM2]: {
    protocol: 'juniper_atm2',
    name: 'ATM2',
    cookie: 8,
    body: printAtm2,
    summarises: true,
  },
  [LinkType.JUNIPER_SERVICES]: { protocol: 'juniper_services', name: 'AS', cookie: 8, body: printServices },
  [LinkType.JUNIPER_MONITOR]: { protocol: 'juniper_monitor', name: 'MONITOR', cookie: 8, body: printMonitor },
  [LinkType.JUNIPER_PPPOE]: {
    protocol: 'juniper_pppoe',
    name: 'PPPoE',
    cookie: 0,
    body: (p, _head, offset, length) => {
      ethernetFrame(p, offset, length);
    },
  },
  [LinkType.JUNIPER_PPPOE_ATM]: {
    protocol: 'juniper_pppoe_atm',
    name: 'PPPoE ATM',
    cookie: 0,
    body: printPppoeAtm,
  },
  [LinkType.JUNIPER_ETHER]: plain('juniper_ether', (p, _head, offset, length) => {
    p.linkHeaderLength += ethernetFrame(p, offset, length);
  }),
  [LinkType.JUNIPER_PPP]: plain('juniper_ppp', (p, _head, offset, length) => {
    printers.ppp(p, offset, length);
  }),
  [LinkType.JUNIPER_FRELAY]: plain('juniper_frelay', (p, _head, offset, length) => {
    printFrameRelay(p, offset, length);
  }),
  [LinkType.JUNIPER_CHDLC]: plain('juniper_chdlc', (p, _head, offset, length) => {
    printChdlc(p, offset, length);
  }),
};

/** A packet of one of Juniper's link types. */
export function printJuniper(p: Printer, offset: number, length: number, linkType: number): void {
  const kind = KINDS[linkType]!;
  p.protocol = kind.protocol;
  const head = readHead(p, kind, offset, length);
  if (head === null) return;
  if (kind.summarises !== true) printSummary(p, head.size, head.protocol);
  kind.body(p, head, offset + head.size, length - head.size);
  p.linkHeaderLength += head.size;
}

const GgsnField = { PROTOCOL: 2, VLAN: 4 } as const;
const GgsnProtocol = { IP4: 2, IP6: 6 } as const;
const GGSN_PROTOCOLS: Words = { 1: 'Null', [GgsnProtocol.IP4]: 'IPv4', [GgsnProtocol.IP6]: 'IPv6' };

/** A mobile network's gateway: the cookie says what it carries. */
function printGgsn(p: Printer, head: Head, offset: number, length: number): void {
  const { cookie } = head;
  const { linkHeader } = p.options;
  const protocol = cookie[GgsnField.PROTOCOL]!;
  const vlan = (cookie[GgsnField.VLAN]! << 8) | cookie[GgsnField.VLAN + 1]!;
  if (linkHeader)
    p.text(`proto ${wordOf(GGSN_PROTOCOLS, protocol, 'Unknown')} (${protocol}), vlan ${vlan}: `);
  if (protocol === GgsnProtocol.IP4) printIp(p, offset, length);
  else if (protocol === GgsnProtocol.IP6) printIp6(p, offset, length);
  else if (!linkHeader) p.text(`unknown GGSN proto (${protocol})`);
}

const Association = { INDEX: 0, TTL: 2, TYPE: 3, SPI: 4, SOURCE: 8, DESTINATION: 12, SIZE: 16 } as const;
/** Types of associations up to this one are bundles, whose header stays part of the packet. */
const LAST_BUNDLE = 2;

/** An encryption card: the security association, then IP. */
function printEncryption(p: Printer, _head: Head, offset: number, length: number): void {
  p.need(offset, Association.SIZE);
  const type = p.u8(offset + Association.TYPE);
  const name = ASSOCIATIONS[type];
  if (name === undefined) {
    p.text(`ES Invalid type ${type}, length ${length}`);
    return;
  }
  const bundle = type <= LAST_BUNDLE;
  const payload = bundle ? 0 : Association.SIZE;
  const rest = length - payload;
  if (p.options.linkHeader) {
    p.text(`ES SA, index ${p.u16(offset + Association.INDEX)}, ttl ${p.u8(offset + Association.TTL)}`);
    p.text(` type ${name} (${type})`);
    if (!bundle) {
      p.text(`, spi ${p.u32(offset + Association.SPI)}, Tunnel ${ipv4Text(p, offset + Association.SOURCE)}`);
      p.text(` > ${ipv4Text(p, offset + Association.DESTINATION)}`);
    }
    p.text(`, length ${rest}\n`);
  }
  printIp(p, offset + payload, rest);
}

/** A passive monitoring card, with its fields in front of the packet's own bytes, as tcpdump has it. */
function printMonitor(p: Printer, _head: Head, offset: number, length: number): void {
  p.need(offset, 8);
  if (p.options.linkHeader) {
    const type = p.u8(offset);
    p.text(`service-id ${p.u32(offset + 4)}, iif ${p.u16(offset + 2)}, pkt-type ${type}: `);
  }
  guessIp(p, offset, length);
}

/** A services card. */
function printServices(p: Printer, _head: Head, offset: number, length: number): void {
  p.need(offset, 8);
  if (p.options.linkHeader) {
    p.text(`service-id ${p.u8(offset)} flags 0x${hex(p.u8(offset + 1), 2)}`);
    p.text(` service-set-id 0x${hex(p.u16(offset + 2), 4)} iif ${p.u24(offset + 5)}: `);
  }
  guessIp(p, offset, length);
}

/** PPPoE behind its EtherType. */
function printPppoeAtm(p: Printer, _head: Head, offset: number, length: number): void {
  const type = p.u16(offset);
  if (!printEthertype(p, type, offset + 2, length - 2)) p.text(`unknown ethertype 0x${hex(type, 4)}`);
}

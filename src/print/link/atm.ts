// ATM: what a virtual circuit carries, as adapters of Fore, Sun and Linux capture it. Source: RFC 2684, RFC 2225; ATM
// Forum UNI 3.1 (circuits of signalling), LAN Emulation 1.0; LINKTYPE_ATM_RFC1483, LINKTYPE_SUNATM, LINKTYPE_ATM_CLIP.

import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printIp } from '../protocol/inner.js';
import { printers } from '../table.js';
import { ethernetFrame, logicalLink } from './ethernet.js';
import { printOamCell } from './oamcell.js';

/** An LLC header, its first three bytes as one number: unnumbered information of one service access point. */
const UNNUMBERED = 0x03;
const LLC_HEADERS: readonly number[] = [0xaaaa03, 0xfefe03, 0x060603];
/** The header of IEEE 802.6 that Fore's driver leaves in front of anything else. */
const FORE_HEADER = 20;
/** The LLC and SNAP header of an EtherType. */
const SNAP: readonly number[] = [0xaa, 0xaa, 0x03, 0, 0, 0];

/** Sun's header. */
const Sun = { DIRECTION: 0, PATH: 1, CHANNEL: 2, SIZE: 4 } as const;
const TRANSMITTED = 0x80;
const KIND = 0x0f;
const LANE = 1;

/** Circuits of path 0 that have a use. */
const Circuit = { META: 1, BROADCAST: 2, OAM_SEGMENT: 3, OAM_END: 4, SIGNALLING: 5, ILMI: 16 } as const;

const Q2931 = 9;
const Signal = { PROTOCOL: 0, CALL: 2, TYPE: 5 } as const;
const MESSAGES: Words = {
  2: 'Call_proceeding',
  5: 'Setup',
  7: 'Connect',
  15: 'Connect_ack',
  70: 'Restart',
  77: 'Release',
  78: 'Restart_ack',
  90: 'Release_complete',
  117: 'Status_enquiry',
  125: 'Status',
  128: 'Add_party',
  129: 'Add_party_ack',
  130: 'Add_party_reject',
  131: 'Drop_party',
  132: 'Drop_party_ack',
};

const LANE_CONTROL = 0xff00;
const LANE_HEADER = 2;
const LANE_OPERATIONS: Words = {
  1: 'configure request',
  2: 'join request',
  3: 'ready query',
  4: 'register request',
  5: 'unregister request',
  6: 'ARP request',
  7: 'flush request',
  8: 'NARP request',
  9: 'topology request',
  257: 'configure response',
  258: 'join response',
  259: 'ready indication',
  260: 'register response',
  261: 'unregister response',
  262: 'ARP response',
  263: 'flush response',
};

/** A link of frames in AAL5, multiplexed by LLC. */
export function printAtmLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'atm';
  if (p.u8(offset) === UNNUMBERED) {
    // Cisco's way: an OSI protocol's identifier behind one byte of control.
    if (p.options.linkHeader) p.text('CNLPID ');
    p.linkHeaderLength += 1;
    printers.isoclns(p, offset + 1, length - 1);
    return;
  }
  let header = 0;
  if (!LLC_HEADERS.includes(p.u24(offset))) {
    if (p.options.linkHeader) {
      const [a, b, c, d] = [0, 4, 8, 12].map((at) => hex(p.u32(offset + at), 8));
      p.text(`${a}${b} ${c}${d} `);
    }
    p.need(offset, FORE_HEADER);
    header = FORE_HEADER;
  }
  p.linkHeaderLength += header;
  p.linkHeaderLength += logicalLink(p, offset + header, length - header);
}

/** A link of Sun's adapters. */
export function printSunAtmLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'sunatm';
  const first = p.u8(offset + Sun.DIRECTION);
  if (p.options.linkHeader) p.text((first & TRANSMITTED) !== 0 ? 'Tx: ' : 'Rx: ');
  p.linkHeaderLength += Sun.SIZE;
  const path = p.u8(offset + Sun.PATH);
  const channel = p.u16(offset + Sun.CHANNEL);
  circuit(p, offset + Sun.SIZE, length - Sun.SIZE, path, channel, (first & KIND) === LANE);
}

/** A link of classical IP over ATM on Linux: with LLC or without any header. */
export function printAtmClipLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'cip';
  if (p.options.linkHeader) p.text(`${length}: `);
  p.need(offset, SNAP.length);
  if (SNAP.every((byte, i) => byte === p.u8(offset + i))) {
    p.linkHeaderLength += logicalLink(p, offset, length);
  } else {
    printIp(p, offset, length);
  }
}

/** What a circuit carries; `lane` says that it emulates a LAN, LLC is in all the others. */
function circuit(
  p: Printer,
  offset: number,
  length: number,
  path: number,
  channel: number,
  lane: boolean,
): void {
  p.protocol = 'atm';
  if (p.options.linkHeader) p.text(`VPI:${path} VCI:${channel} `);
  if (path === 0) {
    switch (channel) {
      case Circuit.SIGNALLING:
        signalling(p, offset);
        return;
      case Circuit.BROADCAST:
        p.text('broadcast sig: ');
        return;
      case Circuit.OAM_SEGMENT:
      case Circuit.OAM_END:
        printOamCell(p, offset, length, true);
        return;
      case Circuit.META:
        p.text('meta: ');
        return;
      case Circuit.ILMI:
        p.text('ilmi: ');
        printers.snmp(p, offset, length);
        return;
    }
  }
  if (lane) emulatedLan(p, offset, length);
  else logicalLink(p, offset, length);
}

function signalling(p: Printer, offset: number): void {
  const protocol = p.u8(offset + Signal.PROTOCOL);
  if (protocol === Q2931) {
    p.text('Q.2931');
    p.text(`:${wordOf(MESSAGES, p.u8(offset + Signal.TYPE), 'msgtype#%u')} `);
    p.text(`CALL_REF:0x${hex(p.u24(offset + Signal.CALL), 6)}`);
  } else {
    p.text(`SSCOP, proto ${protocol} `);
  }
}

/** LAN emulation, which is taken for Ethernet's. */
function emulatedLan(p: Printer, offset: number, length: number): void {
  p.protocol = 'lane';
  const client = p.u16(offset);
  if (client === LANE_CONTROL) {
    const operation = wordOf(LANE_OPERATIONS, p.u16(offset + 4), 'opcode-#%u');
    p.text(`lec: proto ${hex(p.u8(offset + 2))} vers ${hex(p.u8(offset + 3))} ${operation}`);
    return;
  }
  ethernetFrame(p, offset + LANE_HEADER, length - LANE_HEADER, null, `lecid:${hex(client)} `);
}

// Ethernet OAM, a slow protocol. Source: IEEE 802.3ah (802.3, clause 57).

import { printUnknownData } from '../hexdump.js';
import { bitsOf, hex, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';
import { OUI_NAMES } from '../tables/oui.js';

const HEADER = 3;
const Code = { INFORMATION: 0x00, EVENT: 0x01, LOOPBACK: 0x04 } as const;
const CODES: Words = {
  [Code.INFORMATION]: 'Information',
  [Code.EVENT]: 'Event Notification',
  2: 'Variable Request',
  3: 'Variable Response',
  [Code.LOOPBACK]: 'Loopback Control',
  254: 'Vendor Private',
};
const FLAGS: Bits = [
  [0x01, 'Link Fault'],
  [0x02, 'Dying Gasp'],
  [0x04, 'Critical Event'],
  [0x08, 'Local Evaluating'],
  [0x10, 'Local Stable'],
  [0x20, 'Remote Evaluating'],
  [0x40, 'Remote Stable'],
];

const TLV_HEADER = 2;
const END = 0;
const LOCAL = 1;
const REMOTE = 2;
const INFORMATION_SIZE = 16;
const INFORMATION: Words = {
  [END]: 'End of TLV marker',
  [LOCAL]: 'Local',
  [REMOTE]: 'Remote',
  254: 'Organization specific',
};
const PARSER_ACTIONS = ['forwarding', 'looping back', 'discarding', 'reserved'];
const MULTIPLEXER_DISCARDS = 0x04;
const CONFIGURATION: Bits = [
  [0x01, 'Active'],
  [0x02, 'Unidirectional'],
  [0x04, 'Remote-Loopback'],
  [0x08, 'Link-Events'],
  [0x10, 'Variable-Retrieval'],
];
const PDU_SIZE = 0x7ff;

const EVENT_SIZE = 40;
const LAST_EVENT = 4;
const EVENTS: Words = {
  [END]: 'End of TLV marker',
  1: 'Errored Symbol Period Event',
  2: 'Errored Frame Event',
  3: 'Errored Frame Period Event',
  [LAST_EVENT]: 'Errored Frame Seconds Summary Event',
  254: 'Organization specific',
};
const LOOPBACK: Words = { 1: 'Enable OAM Remote Loopback', 2: 'Disable OAM Remote Loopback' };

/** How the TLVs of one code are named and print, and which of them have `size` bytes. */
interface Kind {
  readonly words: Words;
  readonly label: string;
  readonly size: number;
  readonly knows: (type: number) => boolean;
  readonly print: (p: Printer, at: number) => void;
}

const INFORMATION_KIND: Kind = {
  words: INFORMATION,
  label: 'Information Type',
  size: INFORMATION_SIZE,
  knows: (type) => type === LOCAL || type === REMOTE,
  print: information,
};
const EVENT_KIND: Kind = {
  words: EVENTS,
  label: 'Link Event Type',
  size: EVENT_SIZE,
  knows: (type) => type <= LAST_EVENT,
  print: event,
};

/** @returns false when the frame is too short for what it says */
export function printOam(p: Printer, at: number, left: number): boolean {
  if (left < HEADER) return false;
  p.need(at, HEADER);
  const code = p.u8(at + 2);
  p.text(
    `\n\tCode ${wordOf(CODES, code, 'Unknown (%u)')} OAM PDU` +
      `, Flags [${bitsOf(FLAGS, p.u16(at), 'none')}]`,
  );
  at += HEADER;
  left -= HEADER;
  switch (code) {
    case Code.INFORMATION:
      return list(p, at, left, INFORMATION_KIND);
    case Code.EVENT:
      if (left < 2) return false;
      p.text(`\n\t  Sequence Number ${p.u16(at)}`);
      return list(p, at + 2, left - 2, EVENT_KIND);
    case Code.LOOPBACK: {
      if (left < 1) return false;
      const command = p.u8(at);
      p.text(`\n\t  Command ${wordOf(LOOPBACK, command, 'Unknown')} (${command})`);
      return true;
    }
    default:
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t  ', at, left);
      return true;
  }
}

function list(p: Printer, at: number, left: number, kind: Kind): boolean {
  while (left !== 0) {
    if (left < TLV_HEADER) return false;
    p.need(at, TLV_HEADER);
    const type = p.u8(at);
    const size = p.u8(at + 1);
    p.text(`\n\t  ${wordOf(kind.words, type, 'Reserved')} ${kind.label} (${type}), length ${size}`);
    if (type === END) return true;
    if (size < TLV_HEADER) {
      p.text(`\n\t    ERROR: illegal length - should be >= ${TLV_HEADER}`);
      return true;
    }
    if (left < size) return false;
    p.need(at, size);
    const known = kind.knows(type);
    if (known && size === kind.size) kind.print(p, at);
    else if (known) p.text(`\n\t    ERROR: illegal length - should be ${kind.size}`);
    if (p.options.verbose > 1 || !known || size !== kind.size) printUnknownData(p, '\n\t  ', at, size);
    at += size;
    left -= size;
  }
  return true;
}

function information(p: Printer, at: number): void {
  const state = p.u8(at + 5);
  const oui = p.u24(at + 9);
  p.text(
    `\n\t    OAM-Version ${p.u8(at + 2)}, Revision ${p.u16(at + 3)}` +
      `\n\t    State-Parser-Action ${PARSER_ACTIONS[state & 3]}` +
      `, State-MUX-Action ${(state & MULTIPLEXER_DISCARDS) !== 0 ? 'discarding' : 'forwarding'}` +
      `\n\t    OAM-Config Flags [${bitsOf(CONFIGURATION, p.u8(at + 6), 'none')}]` +
      `, OAM-PDU-Config max-PDU size ${p.u16(at + 7) & PDU_SIZE}` +
      `\n\t    OUI ${wordOf(OUI_NAMES, oui, 'Unknown')} (0x${hex(oui, 6)})` +
      `, Vendor-Private 0x${hex(p.u32(at + 12), 8)}`,
  );
}

function event(p: Printer, at: number): void {
  p.text(
    `\n\t    Timestamp ${p.u16(at + 2) * 100} ms, Errored Window ${p.u64(at + 4)}` +
      `\n\t    Errored Threshold ${p.u64(at + 12)}` +
      `\n\t    Errors ${p.u64(at + 20)}` +
      `\n\t    Error Running Total ${p.u64(at + 28)}` +
      `\n\t    Event Running Total ${p.u32(at + 36)}`,
  );
}

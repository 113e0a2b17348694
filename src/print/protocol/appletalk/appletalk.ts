// AppleTalk: delivery (DDP) in Ethernet and in UDP, names (NBP), transactions (ATP), and AARP. Source: Inside AppleTalk,
// second edition.

import { below, hex, macText, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printers } from '../../table.js';
import { type AtalkSource, atalkAddress, printNames } from './names.js';

const LLAP_HEADER = 3;
const LlapType = { SHORT: 1, LONG: 2 } as const;
const SHORT_HEADER = 5;
const HEADER = 13;
/** The fields of the delivery header. */
const Field = {
  DESTINATION_NET: 4,
  SOURCE_NET: 6,
  DESTINATION: 8,
  SOURCE: 9,
  DESTINATION_SOCKET: 10,
  SOURCE_SOCKET: 11,
  TYPE: 12,
} as const;
const Type = { NAMES: 2, TRANSACTIONS: 3, EIGRP: 88 } as const;
const TYPES: Words = { 1: 'rtmp', 5: 'rtmpReq', 4: 'echo', 22: 'IP', 23: 'ARP', 75: 'KLAP' };
const SOCKETS: Words = { 1: 'rtmp', 2: 'nis', 4: 'echo', 6: 'zip' };

function socket(p: Printer, number: number): string {
  return p.options.numeric ? String(number) : (SOCKETS[number] ?? String(number));
}

/** A DDP packet in Ethernet or GRE. */
export function printAppleTalk(p: Printer, offset: number, length: number): void {
  p.protocol = 'atalk';
  if (!p.options.linkHeader) p.text('AT ');
  if (below(p, 'length', length, HEADER)) p.invalid();
  else delivery(p, offset, length, ': ');
}

/** Addresses and sockets, and what is delivered. */
function delivery(p: Printer, offset: number, length: number, colon: string): void {
  p.need(offset + Field.SOURCE_NET, 2);
  const net = p.u16(offset + Field.SOURCE_NET);
  p.need(offset + Field.SOURCE, 3);
  const node = p.u8(offset + Field.SOURCE);
  const from = p.u8(offset + Field.SOURCE_SOCKET);
  p.text(`${atalkAddress(net, node)}.${socket(p, from)}`);
  const destination = atalkAddress(p.u16(offset + Field.DESTINATION_NET), p.u8(offset + Field.DESTINATION));
  p.text(` > ${destination}.${socket(p, p.u8(offset + Field.DESTINATION_SOCKET))}${colon}`);
  delivered(p, offset + HEADER, length - HEADER, p.u8(offset + Field.TYPE), { net, node, socket: from });
}

function delivered(p: Printer, at: number, length: number, type: number, source: AtalkSource): void {
  if (type === Type.NAMES) printNames(p, at, length, source);
  else if (type === Type.TRANSACTIONS) {
    p.protocol = 'atp';
    if (!transaction(p, at, length)) p.invalid();
  } else if (type === Type.EIGRP) printers.eigrp(p, at, length);
  else p.text(` at-${wordOf(TYPES, type, '#%d')} ${length}`);
}

/** A link of LocalTalk frames. */
export function printLocalTalkLink(p: Printer, offset: number, length: number): void {
  p.linkHeaderLength += printLocalTalk(p, offset, length);
}

/**
 * A frame of LocalTalk, which gateways put into UDP.
 * @returns bytes of its headers, or those behind its own when the next one is too short
 */
export function printLocalTalk(p: Printer, offset: number, length: number): number {
  p.protocol = 'llap';
  if (below(p, 'LLAP length', length, LLAP_HEADER)) {
    p.invalid();
    return length;
  }
  const type = p.u8(offset + 2);
  const at = offset + LLAP_HEADER;
  const left = length - LLAP_HEADER;
  if (type === LlapType.LONG) {
    p.protocol = 'ddp';
    if (below(p, 'DDP length', left, HEADER)) {
      p.invalid();
      return left;
    }
    delivery(p, at, left, ':');
    return LLAP_HEADER + HEADER;
  }
  if (type === LlapType.SHORT) {
    p.protocol = 'sddp';
    if (below(p, 'SDDP length', left, SHORT_HEADER)) {
      p.invalid();
      return left;
    }
    shortDelivery(p, offset, at, left);
    return LLAP_HEADER + SHORT_HEADER;
  }
  p.text(`${p.u8(offset + 1)} > ${p.u8(offset)} at-lap#${type} ${left}`);
  return LLAP_HEADER;
}

function shortDelivery(p: Printer, frame: number, at: number, length: number): void {
  const node = p.u8(frame + 1);
  const from = p.u8(at + 3);
  p.text(`${atalkAddress(0, node)}.${socket(p, from)}`);
  p.text(` > ${atalkAddress(0, p.u8(frame))}.${socket(p, p.u8(at + 2))}:`);
  const source = { net: 0, node, socket: from };
  delivered(p, at + SHORT_HEADER, length - SHORT_HEADER, p.u8(at + 4), source);
}

const TRANSACTION = 8;
const Kind = { REQUEST: 0x40, RESPONSE: 0x80, RELEASE: 0xc0 } as const;
const EXACTLY_ONCE = 0x20;
const END = 0x10;
const STATUS = 0x08;

/** @returns false when it is too short */
function transaction(p: Printer, at: number, length: number): boolean {
  if (below(p, 'ATP length', length, TRANSACTION)) return false;
  const rest = length - TRANSACTION;
  const control = p.u8(at);
  const kind = control & 0xc0;
  p.need(at, 4);
  const bitmap = p.u8(at + 1);
  const id = p.u16(at + 2);
  const extra = rest !== 0 ? ` [len=${rest}]` : '';
  if (kind === Kind.REQUEST) {
    p.text(` atp-req${(control & EXACTLY_ONCE) !== 0 ? ' ' : '*'} ${id}${packets(bitmap)}${extra}`);
    p.text(flags(control, [END, STATUS], ' '));
  } else if (kind === Kind.RESPONSE) {
    p.text(` atp-resp${(control & END) !== 0 ? '*' : ' '}${id}:${bitmap} (${rest})`);
    p.text(flags(control, [EXACTLY_ONCE, STATUS], ' '));
  } else if (kind === Kind.RELEASE) {
    p.text(` atp-rel  ${id}${packets(bitmap)}${extra}`);
    p.text(flags(control, [EXACTLY_ONCE, END, STATUS], ''));
  } else p.text(` atp-0x${hex(control)}  ${id} (${rest})`);
  const data = p.u32(at + 4);
  if (data !== 0) p.text(` 0x${hex(data)}`);
  return true;
}

const FLAG_WORDS: Words = { [EXACTLY_ONCE]: 'XO', [END]: 'EOM', [STATUS]: 'STS' };

function flags(control: number, bits: readonly number[], space: string): string {
  const words = bits.filter((bit) => (control & bit) !== 0).map((bit) => FLAG_WORDS[bit]);
  return words.length === 0 ? '' : `${space}[${words.join(',')}]`;
}

/** The packets of a response that are meant: a range from the first, or those whose bits are set. */
function packets(bitmap: number): string {
  const numbers = Array.from({ length: 8 }, (_, i) => i).filter((i) => ((bitmap >> i) & 1) !== 0);
  const inRow = ((bitmap + 1) & bitmap) === 0;
  if (!inRow) return `<${numbers.join(',')}>`;
  return numbers.length > 1 ? `<0-${numbers.length - 1}>` : '<0>';
}

const AARP = 28;
const AarpField = {
  HARDWARE: 0,
  PROTOCOL: 2,
  SIZES: 4,
  OPERATION: 6,
  SENDER: 8,
  SENDER_ADDRESS: 14,
  TARGET_ADDRESS: 24,
} as const;
const ETHERNET = 1;
const APPLETALK = 0x809b;
const SIZES = 0x0604;

/** An AARP packet. */
export function printAarp(p: Printer, offset: number, length: number): void {
  p.protocol = 'aarp';
  p.text('aarp ');
  if (below(p, 'length', length, AARP)) {
    p.invalid();
    return;
  }
  p.need(offset, AARP);
  const address = (at: number) => atalkAddress(p.u16(offset + at + 1), p.u8(offset + at + 3));
  const sender = address(AarpField.SENDER_ADDRESS);
  const target = address(AarpField.TARGET_ADDRESS);
  const hardware = p.u16(offset + AarpField.HARDWARE);
  const protocol = p.u16(offset + AarpField.PROTOCOL);
  const operation = p.u16(offset + AarpField.OPERATION);
  const sizes = p.u16(offset + AarpField.SIZES);
  if (hardware === ETHERNET && protocol === APPLETALK && sizes === SIZES) {
    if (operation === 1) p.text(`who-has ${target} tell ${sender}`);
    else if (operation === 2) p.text(`reply ${sender} is-at ${macText(p, offset + AarpField.SENDER)}`);
    else if (operation === 3) p.text(`probe ${target} tell ${sender}`);
    if (operation >= 1 && operation <= 3) return;
  }
  const type = protocol === 0 ? '0' : `0x${hex(protocol)}`;
  p.text(
    `len ${length} op ${operation} htype ${hardware} ptype ${type} halen ${sizes >> 8} palen ${sizes & 0xff}`,
  );
}

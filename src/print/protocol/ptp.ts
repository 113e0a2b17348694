// Precision Time Protocol, version 2. Source: IEEE 1588-2008, 1588-2019.

import { below, bitsOf, hex, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

const HEADER = 34;
const Field = {
  TYPE: 0,
  VERSION: 1,
  LENGTH: 2,
  DOMAIN: 4,
  FLAGS: 6,
  CORRECTION: 8,
  SUB_CORRECTION: 14,
  RESERVED: 16,
  CLOCK: 20,
  PORT: 28,
  SEQUENCE: 30,
  CONTROL: 32,
} as const;

const Type = {
  SYNC: 0x0,
  DELAY_REQUEST: 0x1,
  PEER_DELAY_REQUEST: 0x2,
  PEER_DELAY_RESPONSE: 0x3,
  FOLLOW_UP: 0x8,
  DELAY_RESPONSE: 0x9,
  PEER_DELAY_FOLLOW_UP: 0xa,
  ANNOUNCE: 0xb,
  SIGNALING: 0xc,
  MANAGEMENT: 0xd,
} as const;
const TYPES: Words = {
  [Type.SYNC]: 'sync msg',
  [Type.DELAY_REQUEST]: 'delay req msg',
  [Type.PEER_DELAY_REQUEST]: 'peer delay req msg',
  [Type.PEER_DELAY_RESPONSE]: 'peer delay resp msg',
  [Type.FOLLOW_UP]: 'follow up msg',
  [Type.DELAY_RESPONSE]: 'delay resp msg',
  [Type.PEER_DELAY_FOLLOW_UP]: 'pdelay resp fup msg',
  [Type.ANNOUNCE]: 'announce msg',
  [Type.SIGNALING]: 'signaling msg',
  [Type.MANAGEMENT]: 'management msg',
};
const CONTROLS: Words = {
  0: 'Sync',
  1: 'Delay_Req',
  2: 'Follow_Up',
  3: 'Delay_Resp',
  4: 'Management',
  5: 'Other',
};
const FLAGS: Bits = [
  [0x0001, 'l1 61'],
  [0x0002, 'l1 59'],
  [0x0004, 'utc reasonable'],
  [0x0008, 'timescale'],
  [0x0010, 'time tracable'],
  [0x0020, 'frequency tracable'],
  [0x0100, 'alternate master'],
  [0x0200, 'two step'],
  [0x0400, 'unicast'],
  [0x1000, 'profile specific 1'],
  [0x2000, 'profile specific 2'],
  [0x4000, 'security mask'],
  [0x18c0, 'unknown'],
];
/** The time stamps of messages that begin with one, and which an identity of a port follows. */
const STAMPS: Readonly<Record<number, readonly [name: string, identity: boolean]>> = {
  [Type.SYNC]: ['originTimeStamp', false],
  [Type.DELAY_REQUEST]: ['originTimeStamp', false],
  [Type.PEER_DELAY_REQUEST]: ['preciseOriginTimeStamp', true],
  [Type.PEER_DELAY_RESPONSE]: ['receiveTimeStamp', true],
  [Type.FOLLOW_UP]: ['preciseOriginTimeStamp', false],
  [Type.DELAY_RESPONSE]: ['receiveTimeStamp', true],
  [Type.PEER_DELAY_FOLLOW_UP]: ['preciseOriginTimeStamp', true],
  [Type.ANNOUNCE]: ['originTimeStamp', false],
};
const STAMP = 10;

/** A PTP message. */
export function printPtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ptp';
  p.protocolCaps();
  if (below(p, 'length', length, HEADER)) {
    p.invalid();
    return;
  }
  p.need(offset, 2);
  const version = p.u8(offset + Field.VERSION);
  const minor = version >> 4;
  p.text(`v${version & 15}${minor === 0 ? '' : `.${minor}`}`);
  if ((version & 15) === 2) printVersion2(p, offset);
  else p.text((version & 15) === 1 ? ' (not implemented)' : ' (unsupported)');
}

function printVersion2(p: Printer, offset: number): void {
  const type = p.u8(offset) & 15;
  p.text(`, majorSdoId: 0x${hex(p.u8(offset) >> 4)}, msg type: ${wordOf(TYPES, type, 'Reserved')}`);
  p.text(`, length: ${p.u16(offset + Field.LENGTH)}`);
  p.need(offset + Field.DOMAIN, 2);
  p.text(`, domain: ${p.u8(offset + Field.DOMAIN)}, reserved1: ${p.u8(offset + Field.DOMAIN + 1)}`);
  p.text(`, Flags [${bitsOf(FLAGS, p.u16(offset + Field.FLAGS), 'none')}]`);
  p.text(`, NS correction: ${p.u48(offset + Field.CORRECTION)}`);
  p.text(`, sub NS correction: ${p.u16(offset + Field.SUB_CORRECTION)}`);
  p.text(`, reserved2: ${p.u32(offset + Field.RESERVED)}`);
  p.text(`, clock identity: 0x${identity(p, offset + Field.CLOCK)}`);
  p.text(`, port id: ${p.u16(offset + Field.PORT)}`);
  p.text(`, seq id: ${p.u16(offset + Field.SEQUENCE)}`);
  const control = p.u8(offset + Field.CONTROL);
  p.text(`, control: ${control} (${wordOf(CONTROLS, control, 'Reserved')})`);
  p.text(`, log message interval: ${p.u8(offset + Field.CONTROL + 1)}`);
  const body = offset + HEADER;
  const stamp = STAMPS[type];
  if (stamp !== undefined) {
    printStamp(p, stamp[0], body);
    if (stamp[1]) printPort(p, body + STAMP);
  }
  if (type === Type.ANNOUNCE) printAnnouncement(p, body + STAMP);
  else if (type === Type.SIGNALING) printPort(p, body);
  else if (type === Type.MANAGEMENT) printManagement(p, body);
}

/** A clock's or port's identity as a number: no zeros in front. */
function identity(p: Printer, offset: number): string {
  return p.u64(offset).toString(16);
}

function printStamp(p: Printer, name: string, at: number): void {
  p.text(`, ${name}:`);
  const seconds = p.u48(at);
  p.text(` ${seconds}`);
  p.text(`.${String(p.u32(at + 6)).padStart(9, '0')} seconds`);
}

function printPort(p: Printer, at: number): void {
  p.text(`, port identity: 0x${identity(p, at)}`);
  p.text(`, port id: ${p.u16(at + 8)}`);
}

function printAnnouncement(p: Printer, at: number): void {
  p.text(`, origin cur utc:${p.u16(at)}`);
  p.text(`, rsvd: ${p.u8(at + 2)}`);
  p.text(`, gm priority_1: ${p.u8(at + 3)}`);
  p.text(`, gm clock class: ${p.u8(at + 4)}`);
  p.text(`, gm clock accuracy: ${p.u8(at + 5)}`);
  p.text(`, gm clock variance: ${p.u16(at + 6)}`);
  p.text(`, gm priority_2: ${p.u8(at + 8)}`);
  p.text(`, gm clock id: 0x${identity(p, at + 9)}`);
  p.text(`, steps removed: ${p.u16(at + 17)}`);
  p.text(`, time source: 0x${hex(p.u8(at + 19))}`);
}

function printManagement(p: Printer, at: number): void {
  printPort(p, at);
  p.text(`, start boundary hops: ${p.u8(at + 10)}`);
  p.text(`, boundary hops: ${p.u8(at + 11)}`);
  p.text(`, flags: 0x${hex(p.u8(at + 12))}`);
  p.text(`, reserved: 0x${hex(p.u8(at + 13))}`);
}

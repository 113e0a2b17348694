// DECnet Phase IV: the Network Services Protocol. Source: DECnet Digital Network Architecture, Phase IV, NSP, AA-X439A-TK.

import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

const HEADER = 5;
const Field = {
  DESTINATION: 1,
  SOURCE: 3,
  NUMBERS: 5,
  SERVICES: 5,
  INFORMATION: 6,
  SEGMENT: 7,
  OPTIONS: 9,
} as const;
const TYPE = 0x0c;
const SUBTYPE = 0x70;
const Type = { DATA: 0x00, ACKNOWLEDGEMENT: 0x04, CONTROL: 0x08 } as const;
const Data = {
  MIDDLE: 0x00,
  LINK_SERVICE: 0x10,
  BEGIN: 0x20,
  INTERRUPT: 0x30,
  END: 0x40,
  WHOLE: 0x60,
} as const;
const Acknowledgement = { DATA: 0x00, LINK_SERVICE: 0x10, CONNECT: 0x20 } as const;
const Control = {
  INITIATE: 0x10,
  CONFIRM: 0x20,
  DISCONNECT: 0x30,
  DISCONNECTED: 0x40,
  RETRANSMITTED: 0x60,
} as const;

/** Bits of a number that make it one of an acknowledgement, of the own or the other channel, and a negative one. */
const ACK = 0x8000;
const NAK = 0x9000;
const OTHER_ACK = 0xa000;
const OTHER_NAK = 0xb000;
const NUMBER = 0x0fff;

const REASONS: Words = {
  0: 'object rejected connect',
  1: 'insufficient resources',
  2: 'unrecognized node name',
  3: 'node is shutting down',
  4: 'unrecognized object',
  5: 'invalid object name format',
  6: 'object too busy',
  7: 'protocol error discovered',
  8: 'third party abort',
  9: 'user abort',
  10: 'invalid node name format',
  11: 'local node shutting down',
  32: 'insufficient local resources',
  33: 'insufficient remote user resources',
  34: 'invalid access control information',
  36: 'bad ACCOUNT information',
  38: 'no response from object',
  39: 'node unreachable',
  41: 'no link terminate',
  42: 'disconnect complete',
  43: 'bad image data in connect',
  54: 'cryptographic service mismatch',
};

/** @returns false when it is wrong */
export function printNsp(p: Printer, at: number, length: number): boolean {
  if (length < HEADER) {
    p.text(` (nsplen ${length} < ${HEADER})`);
    return false;
  }
  p.need(at, HEADER);
  const flags = p.u8(at);
  const source = p.le16(at + Field.SOURCE);
  const destination = p.le16(at + Field.DESTINATION);
  const ends = `${source}>${destination} `;
  const strange = `? ${hex(flags)} ${source} > ${destination}`;
  const subtype = flags & SUBTYPE;
  switch (flags & TYPE) {
    case Type.DATA:
      return data(p, at, length, subtype, ends, strange);
    case Type.ACKNOWLEDGEMENT:
      if (subtype === Acknowledgement.CONNECT) p.text(`conn-ack ${destination}`);
      else if (subtype !== Acknowledgement.DATA && subtype !== Acknowledgement.LINK_SERVICE)
        p.text(`reserved-acktype${strange}`);
      else return acknowledgement(p, at, length, subtype === Acknowledgement.DATA, ends);
      return true;
    case Type.CONTROL:
      return control(p, at, length, subtype, ends, strange);
    default:
      p.text(`reserved-type${strange}`);
      return true;
  }
}

/** An acknowledgement; `own`: the other channel's is not called that of data. */
function acknowledged(p: Printer, value: number, other: boolean, own: boolean): void {
  const negative = other ? OTHER_NAK : NAK;
  const sign = (value & negative) === negative;
  const names = other ? (own ? ['onak', 'oack'] : ['nakdat', 'ackdat']) : ['nak', 'ack'];
  p.text(`${sign ? names[0] : names[1]} ${value & NUMBER} `);
}

/**
 * The numbers of a segment.
 * @param left bytes of the message from the numbers on; negative when they are known to be enough
 * @returns bytes of them, -1 when the message is too short
 */
function numbers(p: Printer, at: number, left: number, own: boolean): number {
  const short = (needed: number) => left >= 0 && left < needed;
  if (short(2)) return -1;
  let value = p.le16(at);
  let used = 2;
  if ((value & ACK) !== 0) {
    acknowledged(p, value, false, own);
    if (short(4)) return -1;
    value = p.le16(at + 2);
    used = 4;
    if ((value & OTHER_ACK) !== 0) {
      acknowledged(p, value, true, own);
      if (short(6)) return -1;
      value = p.le16(at + 4);
      used = 6;
    }
  }
  p.text(`seg ${value & NUMBER} `);
  return used;
}

function data(
  p: Printer,
  at: number,
  length: number,
  subtype: number,
  ends: string,
  strange: string,
): boolean {
  const first = at + Field.NUMBERS;
  const left = length - HEADER;
  switch (subtype) {
    case Data.BEGIN:
    case Data.MIDDLE:
    case Data.END:
    case Data.WHOLE:
      p.text(`data ${ends}`);
      return numbers(p, first, left, true) > 0;
    case Data.INTERRUPT:
      p.text('intr ');
      return numbers(p, first, left, false) > 0;
    case Data.LINK_SERVICE:
      p.text(`link-service ${ends}`);
      // tcpdump looks for the service behind three numbers, however many there are.
      if (left < 8) return false;
      numbers(p, first, -1, false);
      linkService(p, first + 6);
      return true;
    default:
      p.text(`reserved-subtype${strange}`);
      return true;
  }
}

const MODIFIERS = ['', 'donotsend-data ', 'send-data '];

function linkService(p: Printer, at: number): void {
  const flags = p.u8(at);
  const value = p.u8(at + 1);
  const interpretation = flags & 0x0c;
  if (interpretation === 0) {
    p.text(`dat seg count ${value} `);
    p.text(MODIFIERS[flags & 3] ?? `reserved-fcmod? ${hex(flags)}`);
  } else if (interpretation === 4) p.text(`intr req count ${value} `);
  else p.text(`reserved-fcval-int? ${hex(flags)}`);
}

function acknowledgement(p: Printer, at: number, length: number, own: boolean, ends: string): boolean {
  p.text(`${own ? 'data' : 'ils'}-ack ${ends}`);
  if (length < HEADER + 4) return false;
  p.need(at, HEADER + 4);
  const first = at + Field.NUMBERS;
  const value = p.le16(first);
  if ((value & ACK) === 0) return true;
  acknowledged(p, value, false, own);
  const second = p.le16(first + 2);
  if ((second & OTHER_ACK) !== 0) acknowledged(p, second, true, own);
  return true;
}

const FLOW_CONTROLS: Words = { 4: 'seg ', 8: 'msg ' };
const VERSIONS = ['3.2', '3.1', '4.0', '4.1'];

function control(
  p: Printer,
  at: number,
  length: number,
  subtype: number,
  ends: string,
  strange: string,
): boolean {
  switch (subtype) {
    case Control.INITIATE:
    case Control.RETRANSMITTED:
      p.text(`${subtype === Control.INITIATE ? '' : 'retrans-'}conn-initiate ${ends}`);
      if (length < Field.OPTIONS) return false;
      p.need(at, Field.OPTIONS);
      services(p, at);
      return true;
    case Control.CONFIRM:
      p.text(`conn-confirm ${ends}`);
      if (length < Field.OPTIONS + 1) return false;
      p.need(at, Field.OPTIONS + 1);
      services(p, at);
      optional(p, at + Field.OPTIONS);
      return true;
    case Control.DISCONNECT:
      p.text(`disconn-initiate ${ends}`);
      if (length < HEADER + 3) return false;
      p.need(at, HEADER + 3);
      reason(p, at + HEADER);
      optional(p, at + HEADER + 2);
      return true;
    case Control.DISCONNECTED:
      p.text(`disconn-confirm ${ends}`);
      reason(p, at + HEADER);
      return true;
    default:
      p.text(`reserved-ctltype${strange}`);
      return true;
  }
}

function services(p: Printer, at: number): void {
  p.text(FLOW_CONTROLS[p.u8(at + Field.SERVICES) & 0x0c] ?? '');
  p.text(`ver ${VERSIONS[p.u8(at + Field.INFORMATION) & 3]} segsize ${p.le16(at + Field.SEGMENT)} `);
}

/** How long optional data is, when there is any. */
function optional(p: Printer, at: number): void {
  const size = p.u8(at);
  if (size !== 0) p.text(`optlen ${size} `);
}

function reason(p: Printer, at: number): void {
  p.text(`${wordOf(REASONS, p.le16(at), 'reason-%u')} `);
}

// Exterior Gateway Protocol. Source: RFC 827, 904.

import { below, ipv4Text } from '../inline.js';
import { addressText } from '../prefix.js';
import type { Printer, Words } from '../printer.js';

const VERSION = 2;
const HEADER = 16;
const Field = {
  VERSION: 0,
  TYPE: 1,
  CODE: 2,
  STATUS: 3,
  AS: 6,
  SEQUENCE: 8,
  HELLO: 10,
  INTERIOR: 10,
  EXTERIOR: 11,
  REASON: 10,
  POLL: 12,
  NETWORK: 12,
} as const;
const Type = { UPDATE: 1, POLL: 2, ACQUIRE: 3, REACHABILITY: 5, ERROR: 8 } as const;
const TYPES: Words = { 1: 'update', 2: 'poll', 3: 'acquire', 5: 'reach', 8: 'error' };
const ACQUISITIONS = ['request', 'confirm', 'refuse', 'cease', 'cease_ack'] as const;
/** Codes up to this one want a status and intervals. */
const CONFIRM = 1;
const REFUSE = 2;
const ACQUISITION_STATES = [
  'unspecified',
  'active_mode',
  'passive_mode',
  'insufficient_resources',
  'administratively_prohibited',
  'going_down',
  'parameter_violation',
  'protocol_violation',
] as const;
const REACHABILITIES = ['hello', 'i-h-u'] as const;
const STATES = ['indeterminate', 'up', 'down'] as const;
const UNSOLICITED = 0x80;
const REASONS = [
  'unspecified',
  'bad_EGP_header_format',
  'bad_EGP_data_field_format',
  'reachability_info_unavailable',
  'excessive_polling_rate',
  'no_response',
  'unsupported_version',
] as const;

/** Prints an EGP packet. */
export function printEgp(p: Printer, offset: number, length: number): void {
  p.protocol = 'egp';
  p.text('EGP');
  if (!valid(p, offset, length)) p.invalid();
}

/** @returns false when a length or the version is wrong, and which was said */
function valid(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, HEADER)) return false;
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(` [version ${version} != ${VERSION}]`);
    return false;
  }
  p.need(offset, HEADER);
  p.text(`v${version}`);
  if (p.options.verbose === 0) {
    p.text(`, length ${length}`);
    return true;
  }
  p.text(`, AS ${p.u16(offset + Field.AS)}, seq ${p.u16(offset + Field.SEQUENCE)}, length ${length}`);
  const type = p.u8(offset + Field.TYPE);
  p.text(`, ${TYPES[type] ?? `[type ${type}]`}`);
  const status = p.u8(offset + Field.STATUS);
  switch (type) {
    case Type.ACQUIRE:
      acquisition(p, offset, p.u8(offset + Field.CODE), status);
      break;
    case Type.REACHABILITY: {
      const code = p.u8(offset + Field.CODE);
      p.text(` ${REACHABILITIES[code] ?? `[reach code ${code}]`}`);
      if (REACHABILITIES[code] !== undefined) state(p, status);
      break;
    }
    case Type.POLL:
      state(p, status);
      p.text(` net:${ipv4Text(p, offset + Field.NETWORK)}`);
      break;
    case Type.UPDATE:
      if ((status & UNSOLICITED) !== 0) p.text(' unsolicited');
      state(p, status & ~UNSOLICITED);
      return update(p, offset, length);
    case Type.ERROR: {
      state(p, status);
      const reason = p.u16(offset + Field.REASON);
      p.text(` ${REASONS[reason] ?? `[reason ${reason}]`}`);
      break;
    }
  }
  return true;
}

function state(p: Printer, status: number): void {
  p.text(` state:${STATES[status] ?? status}`);
}

function acquisition(p: Printer, offset: number, code: number, status: number): void {
  const word = ACQUISITIONS[code];
  if (word === undefined) {
    p.text(` [code ${code}]`);
    return;
  }
  p.text(` ${word}`);
  // Modes go with requests, reasons with refusals; the first status with both.
  const reason = code >= REFUSE;
  const fits = status === 0 || status > 2 === reason;
  const name = fits ? ACQUISITION_STATES[status] : undefined;
  if (name === undefined) p.text(`${reason ? '' : ' '}[status ${status}]`);
  else p.text(` ${name}`);
  if (code <= CONFIRM) {
    p.text(` hello:${p.u16(offset + Field.HELLO)} poll:${p.u16(offset + Field.POLL)}`);
  }
}

/** @returns false when the gateways and networks do not fit */
function update(p: Printer, offset: number, length: number): boolean {
  const interior = p.u8(offset + Field.INTERIOR);
  const exterior = p.u8(offset + Field.EXTERIOR);
  p.text(` ${ipv4Text(p, offset + Field.NETWORK)} int ${interior} ext ${exterior}`);
  const list = { at: offset + HEADER, left: length - HEADER };
  for (let i = 0; i < interior + exterior; i++) {
    if (!gateway(p, list, i < interior ? 'int' : 'ext', p.le32(offset + Field.NETWORK))) return false;
  }
  return true;
}

/** What is left of an update's lists. */
interface List {
  at: number;
  left: number;
}

/** Takes `size` bytes from the list. @returns where they are, -1 when there are fewer, and that was said */
function take(p: Printer, list: List, size: number): number {
  if (below(p, 'length', list.left, size)) return -1;
  const { at } = list;
  list.at += size;
  list.left -= size;
  return at;
}

/** Bytes of a network's number by the address's highest bits: classes A, B and C, 0 for others. */
function classSize(address: number): number {
  if (address >>> 31 === 0) return 1;
  if (address >>> 30 === 2) return 2;
  return address >>> 29 === 6 ? 3 : 0;
}

/** tcpdump takes the bytes of these addresses in the order that its machine has them in, most often this one. */
function littleEndian(p: Printer, address: number): string {
  return addressText(p, Uint8Array.of(address, address >> 8, address >> 16, address >> 24));
}

/** A gateway's host number, and the networks behind it by their distance. @returns false when they do not fit */
function gateway(p: Printer, list: List, kind: string, network: number): boolean {
  const known = classSize(network);
  let at = take(p, list, 4 - known);
  if (at < 0) return false;
  p.need(at, 4 - known);
  let address = 0;
  // A network without a class has hosts without numbers: their bytes are counted but not passed.
  if (known === 0) list.at = at;
  else for (let i = known; i < 4; i++) address = (address << 8) | p.u8(at++);
  if (known > 0) address |= network & (-1 << (32 - 8 * known));
  at = take(p, list, 1);
  if (at < 0) return false;
  const distances = p.u8(at);
  p.text(` ${kind} ${littleEndian(p, address)} `);
  p.text('(');
  for (let i = 0; i < distances; i++) {
    at = take(p, list, 2);
    if (at < 0) return false;
    p.text(`${i === 0 ? '' : ', '}d${p.u8(at)}:`);
    for (let networks = p.u8(at + 1); networks > 0; networks--) if (!networkText(p, list)) return false;
  }
  p.text(')');
  return true;
}

/** @returns false when it does not fit */
function networkText(p: Printer, list: List): boolean {
  const first = take(p, list, 1);
  if (first < 0) return false;
  let address = p.u8(first) << 24;
  const size = classSize(address);
  const more = size === 1 ? 0 : size === 2 ? 1 : 2;
  if (more > 0) {
    const at = take(p, list, more);
    if (at < 0) return false;
    address |= p.u8(at) << 16;
    if (more > 1) address |= p.u8(at + 1) << 8;
  }
  p.text(` ${littleEndian(p, address)}`);
  return true;
}

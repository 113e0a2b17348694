// Exterior Gateway Protocol. Source: RFC 827, 904.

import { ipv4Text } from '../inline.js';
import { addressText } from '../prefix.js';
import type { Printer } from '../printer.js';
import { SHORT, Span } from '../span.js';

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
  if (length < HEADER || !p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  const version = p.u8(offset + Field.VERSION);
  p.text(`EGPv${version}, `);
  if (p.options.verbose === 0) {
    p.text(`AS ${p.u16(offset + Field.AS)}, seq ${p.u16(offset + Field.SEQUENCE)}, length ${length}`);
    return;
  }
  p.text(`length ${length}`);
  if (version !== VERSION) {
    p.text(`[version ${version}]`);
    return;
  }
  const type = p.u8(offset + Field.TYPE);
  const status = p.u8(offset + Field.STATUS);
  switch (type) {
    case Type.ACQUIRE:
      p.text(' acquire');
      acquisition(p, offset, p.u8(offset + Field.CODE), status);
      break;
    case Type.REACHABILITY: {
      const code = p.u8(offset + Field.CODE);
      const word = REACHABILITIES[code];
      if (word === undefined) p.text(`[reach code ${code}]`);
      else {
        p.text(` ${word}`);
        state(p, status);
      }
      break;
    }
    case Type.POLL:
      p.text(' poll');
      state(p, status);
      p.text(` net:${ipv4Text(p, offset + Field.NETWORK)}`);
      break;
    case Type.UPDATE:
      p.text(' update');
      if ((status & UNSOLICITED) !== 0) p.text(' unsolicited');
      state(p, status & ~UNSOLICITED);
      update(p, offset, length);
      break;
    case Type.ERROR: {
      p.text(' error');
      state(p, status);
      const reason = p.u16(offset + Field.REASON);
      p.text(` ${REASONS[reason] ?? `[reason ${reason}]`}`);
      break;
    }
    default:
      p.text(`[type ${type}]`);
  }
}

function state(p: Printer, status: number): void {
  const word = STATES[status];
  p.text(word === undefined ? ` [status ${status}]` : ` state:${word}`);
}

function acquisition(p: Printer, offset: number, code: number, status: number): void {
  const word = ACQUISITIONS[code];
  if (word === undefined) {
    p.text(`[code ${code}]`);
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

function update(p: Printer, offset: number, length: number): void {
  const interior = p.u8(offset + Field.INTERIOR);
  const exterior = p.u8(offset + Field.EXTERIOR);
  p.text(` ${ipv4Text(p, offset + Field.NETWORK)} int ${interior} ext ${exterior}`);
  const span = new Span(p, offset + HEADER, length - HEADER);
  try {
    for (let i = 0; i < interior + exterior; i++) {
      gateway(p, span, i < interior ? 'int' : 'ext', p.le32(offset + Field.NETWORK));
    }
  } catch (error) {
    if (error !== SHORT) throw error;
    p.truncated();
  }
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

/** A gateway's host number, and the networks behind it by their distance. */
function gateway(p: Printer, span: Span, kind: string, network: number): void {
  const known = classSize(network);
  span.askCaptured(4 - known);
  let at = span.skip(4 - known);
  let address = 0;
  // A network without a class has hosts without numbers: their bytes are counted but not passed.
  if (known === 0) span.at = at;
  else for (let i = known; i < 4; i++) address = (address << 8) | p.u8(at++);
  if (known > 0) address |= network & (-1 << (32 - 8 * known));
  const distances = p.u8(span.skip(1));
  p.text(` ${kind} ${littleEndian(p, address)} `);
  p.text('(');
  for (let i = 0; i < distances; i++) {
    at = span.skip(2);
    p.text(`${i === 0 ? '' : ', '}d${p.u8(at)}:`);
    for (let networks = p.u8(at + 1); networks > 0; networks--) p.text(` ${networkText(p, span)}`);
  }
  p.text(')');
}

function networkText(p: Printer, span: Span): string {
  let address = p.u8(span.skip(1)) << 24;
  const size = classSize(address);
  if (size === 2) address |= p.u8(span.skip(1)) << 16;
  else if (size !== 1) {
    const at = span.skip(2);
    address |= (p.u8(at) << 16) | (p.u8(at + 1) << 8);
  }
  return littleEndian(p, address);
}

// Babel: the header and its TLVs. Source: RFC 8966, 8967 (MAC), 7298 (HMAC), 7557 (sub-TLVs), 9079 (source-specific).

import { hexBytes } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { babelAddress, Defaults, decodeAddress, Encoding } from './prefix.js';
import {
  routeRequest,
  seqnoRequest,
  sourceMultihopRequest,
  sourceRequest,
  sourceUpdate,
  update,
} from './routes.js';
import { identifier, interval, subTlvs, updateFlags } from './sub.js';

const MAGIC = 42;
const VERSION = 2;
const HEADER = 4;
const PAD_1 = 0;
/** A nonce at most this long is used in a challenge. */
const NONCE_MOST = 192;

/**
 * Prints a TLV's value.
 * @param at where the value is, all of it captured @param length of it
 * @returns false when it is wrong: nothing behind it is read then
 */
type Value = (p: Printer, at: number, length: number, defaults: Defaults, type: number) => boolean;

interface Tlv {
  /** Its name without -v. */
  readonly brief: string;
  /** What is in front of its value with -v. */
  readonly title: string;
  readonly least: number;
  readonly value: Value;
}

const Type = { UPDATE: 8 } as const;
const TLVS: Readonly<Record<number, Tlv>> = {
  1: { brief: 'padN', title: 'Pad ', least: 0, value: padding },
  2: { brief: 'ack-req', title: 'Acknowledgment Request ', least: 6, value: acknowledgementRequest },
  3: { brief: 'ack', title: 'Acknowledgment ', least: 2, value: acknowledgement },
  4: { brief: 'hello', title: 'Hello ', least: 6, value: hello },
  5: { brief: 'ihu', title: 'IHU ', least: 6, value: heard },
  6: { brief: 'router-id', title: 'Router Id', least: 10, value: routerId },
  7: { brief: 'nh', title: 'Next Hop', least: 2, value: nextHop },
  [Type.UPDATE]: { brief: 'update', title: 'Update', least: 10, value: update },
  9: { brief: 'route-request', title: 'Route Request ', least: 2, value: routeRequest },
  10: { brief: 'seqno-request', title: 'Seqno Request ', least: 14, value: seqnoRequest },
  11: { brief: 'tspc', title: 'TS/PC ', least: 6, value: timestamp },
  12: { brief: 'hmac', title: 'HMAC ', least: 18, value: hmac },
  13: { brief: 'ss-update', title: 'SS-Update', least: 10, value: sourceUpdate },
  14: { brief: 'ss-request', title: 'SS-Request ', least: 3, value: sourceRequest },
  15: { brief: 'ss-mh-request', title: 'SS-MH-Request ', least: 14, value: sourceMultihopRequest },
  16: { brief: 'mac', title: 'MAC ', least: 0, value: mac },
  17: { brief: 'pc', title: 'PC', least: 4, value: packetCounter },
  18: { brief: 'challenge_request', title: 'Challenge Request', least: 0, value: challenge },
  19: { brief: 'challenge_reply', title: 'Challenge Reply', least: 0, value: challenge },
};

/** Prints a Babel packet. */
export function printBabel(p: Printer, offset: number, length: number): void {
  p.protocol = 'babel';
  p.protocolName();
  p.need(offset, HEADER);
  if (p.u8(offset) !== MAGIC) {
    p.text(' invalid header');
    return;
  }
  const version = p.u8(offset + 1);
  p.text(` ${version}`);
  if (version !== VERSION) p.text(' unknown version');
  else if (!packet(p, offset, length)) p.invalid();
}

/** @returns false when it is wrong */
function packet(p: Printer, offset: number, length: number): boolean {
  if (length < HEADER) return false;
  const size = p.u16(offset + 2);
  p.text(` (${size})`);
  const trailer = length - HEADER - size;
  const at = offset + HEADER;
  if (trailer < 0 || !tlvs(p, at, at + size)) return false;
  if (trailer === 0) return true;
  // What the header does not count, the MAC does not cover either.
  p.text(p.options.verbose > 0 ? '\n\t----' : ' |');
  return tlvs(p, at + size, at + size + trailer);
}

/** @returns false when one is wrong */
function tlvs(p: Printer, at: number, end: number): boolean {
  const verbose = p.options.verbose > 0;
  const defaults = new Defaults();
  while (at < end) {
    const type = p.u8(at);
    if (type === PAD_1) {
      p.text(verbose ? '\n\tPad 1' : ' pad1');
      at++;
      continue;
    }
    if (at + 2 > end) return false;
    const length = p.u8(at + 1);
    const value = at + 2;
    if (value + length > end) return false;
    p.need(value, length);
    if (!(verbose ? whole : brief)(p, type, value, length, defaults)) return false;
    at = value + length;
  }
  return true;
}

function brief(p: Printer, type: number, at: number, length: number): boolean {
  const tlv = TLVS[type];
  p.text(` ${tlv?.brief ?? 'unknown'}`);
  if (type === Type.UPDATE) {
    if (length < TLVS[type]!.least) return false;
    p.text(updateFlags(p.u8(at + 1)));
  }
  return true;
}

function whole(p: Printer, type: number, at: number, length: number, defaults: Defaults): boolean {
  const tlv = TLVS[type];
  if (tlv === undefined) {
    p.text(`\n\tUnknown message type ${type}`);
    return true;
  }
  p.text(`\n\t${tlv.title}`);
  return length >= tlv.least && tlv.value(p, at, length, defaults, type);
}

function padding(p: Printer, _: number, length: number): boolean {
  p.dec(length + 2);
  return true;
}

function acknowledgementRequest(p: Printer, at: number): boolean {
  p.hex0(p.u16(at + 2), 4);
  p.text(` ${interval(p.u16(at + 4))}`);
  return true;
}

function acknowledgement(p: Printer, at: number): boolean {
  p.hex0(p.u16(at), 4);
  return true;
}

function hello(p: Printer, at: number, length: number, _: Defaults, type: number): boolean {
  if ((p.u16(at) & 0x8000) !== 0) p.text('(Unicast) ');
  p.text(`seqno ${p.u16(at + 2)} `);
  const time = p.u16(at + 4);
  p.text(time === 0 ? 'unscheduled' : `interval ${interval(time)}`);
  subTlvs(p, at + 6, at + length, type);
  return true;
}

function heard(p: Printer, at: number, length: number, _: Defaults, type: number): boolean {
  const encoding = p.u8(at);
  const decoded = decodeAddress(p, encoding, at + 6, length - 6);
  if (decoded === null) {
    p.truncated();
    return true;
  }
  const address = encoding === Encoding.WILDCARD ? 'any' : babelAddress(p, decoded.address);
  p.text(`${address} rxcost ${p.u16(at + 2)} interval ${interval(p.u16(at + 4))}`);
  subTlvs(p, at + 6 + decoded.used, at + length, type);
  return true;
}

function routerId(p: Printer, at: number): boolean {
  p.text(` ${identifier(p, at + 2)}`);
  return true;
}

function nextHop(p: Printer, at: number, length: number): boolean {
  const encoding = p.u8(at);
  const decoded = decodeAddress(p, encoding, at + 2, length - 2);
  if (decoded === null) return false;
  p.text(` ${encoding === Encoding.WILDCARD ? 'invalid AE 0' : babelAddress(p, decoded.address)}`);
  return true;
}

function timestamp(p: Printer, at: number): boolean {
  p.text(`timestamp ${p.u32(at + 2)} packetcounter ${p.u16(at)}`);
  return true;
}

function hmac(p: Printer, at: number, length: number): boolean {
  p.text(`key-id ${p.u16(at)} digest-${length - 2} ${hexBytes(p, at + 2, length - 2).toUpperCase()}`);
  return true;
}

function mac(p: Printer, _: number, length: number): boolean {
  p.text(`len ${length}`);
  return true;
}

function packetCounter(p: Printer, at: number, length: number): boolean {
  p.text(` value ${p.u32(at)}`);
  p.text(` index len ${length - 4}`);
  return true;
}

function challenge(p: Printer, _: number, length: number): boolean {
  if (length > NONCE_MOST) return false;
  p.text(` len ${length}`);
  return true;
}

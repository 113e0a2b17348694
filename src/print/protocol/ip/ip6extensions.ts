// IPv6's extension headers. Source: RFC 8200 (options, fragments), RFC 2675 (jumbo payload), RFC 2711 (router alert),
// RFC 6275 (home address, routing type 2), RFC 8754 (segment routing).

import { below } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** The header breaks its rules, and nothing behind it can be printed. */
export const INVALID = -1;

const Option = { PAD1: 0, PADN: 1, ROUTER_ALERT: 5, JUMBO: 0xc2, HOME_ADDRESS: 0xc9 } as const;
/** Sizes with the two bytes of type and length. */
const MINIMUM_OPTION = 2;
const ROUTER_ALERT_SIZE = 4;
const JUMBO_SIZE = 6;
const HOME_ADDRESS_SIZE = 18;
/** What is smaller fits the header's own length field. */
const MINIMUM_JUMBO = 65536;

/** No jumbo option is valid here. */
const NOT_HOP_BY_HOP = -2;

/**
 * A hop-by-hop options header of `size` bytes.
 * @param payload the payload length the packet's header says
 * @returns the length of a jumbo payload option that counts, 0 when there is none, or INVALID
 */
export function hopByHopOptions(p: Printer, at: number, size: number, payload: number): number {
  p.need(at, size);
  p.text('HBH ');
  return options(p, at + 2, size - 2, payload);
}

/** A destination options header of `size` bytes; its options are shown with -v. @returns false when it is not valid */
export function destinationOptions(p: Printer, at: number, size: number): boolean {
  p.need(at, size);
  p.text('DSTOPT ');
  return p.options.verbose === 0 || options(p, at + 2, size - 2, NOT_HOP_BY_HOP) !== INVALID;
}

/** ` [name value != wanted]` and true, when a length is wrong. */
function differs(p: Printer, name: string, value: number, wanted: number): boolean {
  if (value === wanted) return false;
  p.text(` [${name} ${value} != ${wanted}]`);
  return true;
}

function options(p: Printer, offset: number, length: number, payload: number): number {
  const verbose = p.options.verbose > 0;
  let jumbo = 0;
  let seen = false;
  for (let i = 0; i < length; ) {
    const at = offset + i;
    const left = length - i;
    const type = p.u8(at);
    const size = optionSize(p, at, type, left);
    if (size === INVALID) return invalid(p);
    switch (type) {
      case Option.PAD1:
        if (verbose) p.text('(pad1)');
        break;
      case Option.PADN:
        if (verbose) p.text('(padn)');
        break;
      case Option.ROUTER_ALERT:
        if (!routerAlert(p, at, size, left)) return invalid(p);
        break;
      case Option.JUMBO: {
        if (
          below(p, '(jumbo) remaining length', left, JUMBO_SIZE) ||
          differs(p, '(jumbo) length', size - 2, JUMBO_SIZE - 2)
        ) {
          return invalid(p);
        }
        const value = p.u32(at + 2);
        const fault = seen ? ' - already seen' : jumboFault(value, payload);
        if (fault === '') jumbo = value;
        seen = true;
        if (verbose) p.text(`(jumbo: ${value}${fault}) `);
        break;
      }
      case Option.HOME_ADDRESS:
        if (!homeAddress(p, at, size, left)) return invalid(p);
        break;
      default:
        if (verbose) {
          p.text('(unknown opt-type 0x');
          p.hex0(type, 2);
          p.text(` len=${size - 2})`);
        }
    }
    i += size;
  }
  if (verbose) p.char(32);
  return jumbo;
}

/** @returns false when it is not valid */
function routerAlert(p: Printer, at: number, size: number, left: number): boolean {
  if (
    below(p, '(rtalert) remaining length', left, ROUTER_ALERT_SIZE) ||
    differs(p, '(rtalert) length', size - 2, ROUTER_ALERT_SIZE - 2)
  )
    return false;
  if (p.options.verbose > 0) {
    p.text('(rtalert: 0x');
    p.hex0(p.u16(at + 2), 4);
    p.text(') ');
  }
  return true;
}

/** @returns false when it is not valid */
function homeAddress(p: Printer, at: number, size: number, left: number): boolean {
  if (
    below(p, '(homeaddr) remaining length', left, HOME_ADDRESS_SIZE) ||
    below(p, '(homeaddr) length', size - 2, HOME_ADDRESS_SIZE - 2)
  )
    return false;
  if (p.options.verbose === 0) return true;
  p.text('(homeaddr: ');
  p.ipv6(at + 2);
  if (!subOptions(p, at + HOME_ADDRESS_SIZE, size - HOME_ADDRESS_SIZE)) return false;
  p.char(41);
  return true;
}

function invalid(p: Printer): number {
  p.invalid();
  return INVALID;
}

/** Why a jumbo payload option does not count; '' when it does. */
function jumboFault(value: number, payload: number): string {
  if (payload === NOT_HOP_BY_HOP) return ' - not a hop-by-hop option';
  if (payload !== 0) return ' - payload len != 0';
  return value < MINIMUM_JUMBO ? ' - < 65536' : '';
}

/** Size of the option at `at`, all of it within `left` bytes and captured; INVALID, and why, when it is not. */
function optionSize(p: Printer, at: number, type: number, left: number): number {
  let size = 1;
  if (type !== Option.PAD1) {
    if (below(p, 'remaining length', left, MINIMUM_OPTION)) return INVALID;
    size = p.u8(at + 1) + 2;
  }
  if (below(p, 'remaining length', left, size)) return INVALID;
  p.need(at, size);
  return size;
}

/** Options of a home address option. */
function subOptions(p: Printer, offset: number, length: number): boolean {
  for (let i = 0; i < length; ) {
    const at = offset + i;
    const type = p.u8(at);
    const size = optionSize(p, at, type, length - i);
    if (size === INVALID) return false;
    if (type === Option.PAD1) p.text(', pad1');
    else if (type === Option.PADN) p.text(', padn');
    else {
      p.text(', unknown subopt-type 0x');
      p.hex0(type, 2);
      p.text(` len=${size - 2}`);
    }
    i += size;
  }
  return true;
}

/**
 * A fragment header.
 * @param header where the packet begins
 * @param claimed the payload length it says
 * @returns its size, or INVALID for a fragment that has no header of the upper layer
 */
export function fragmentHeader(p: Printer, at: number, header: number, claimed: number): number {
  p.text('frag (');
  p.need(at, 8);
  const verbose = p.options.verbose > 0;
  const id = verbose ? p.u32(at + 4) : 0;
  if (verbose) {
    p.text('0x');
    p.hex0(id, 8);
    p.char(58);
  }
  const field = p.u16(at + 2);
  const before = at - header + 8;
  const total = claimed + 40;
  p.dec(field & 0xfff8);
  p.char(124);
  if (before > total) {
    p.text('[length < 0]');
    p.invalid();
  } else p.dec(total - before);
  p.char(41);
  if ((field & 0xfff8) !== 0) return INVALID;
  p.char(32);
  return 8;
}

const RoutingType = { SOURCE: 0, MOBILE: 2, SEGMENTS: 4 } as const;

/**
 * A routing header.
 * @param first whether it is the packet's first: checksums count the last address that names, `p.ipDestination`
 * @returns its size, or INVALID
 */
export function routingHeader(p: Printer, at: number, first: boolean): number {
  p.text('RT6');
  const units = p.u8(at + 1);
  p.text(` (len=${units}`);
  const type = p.u8(at + 2);
  p.text(`, type=${type}`);
  if (type === RoutingType.SOURCE) p.text(' [Deprecated]');
  p.text(`, segleft=${p.u8(at + 3)}`);
  switch (type) {
    case RoutingType.SOURCE:
    case RoutingType.MOBILE:
      return addressList(p, at, units, first);
    case RoutingType.SEGMENTS:
      return segments(p, at, units, first);
    default:
      p.text(' (unknown type)');
      p.invalid();
      return INVALID;
  }
}

function segment(p: Printer, index: number, at: number): void {
  p.need(at, 16);
  p.text(`, [${index}]`);
  p.ipv6(at);
}

function addressList(p: Printer, at: number, units: number, first: boolean): number {
  const reserved = p.u32(at + 4);
  if (reserved !== 0 || p.options.verbose > 0) {
    p.text(', rsv=0x');
    p.hex(reserved);
  }
  if (units % 2 === 1) {
    p.text(` [length ${units}]`);
    p.invalid();
    return INVALID;
  }
  for (let i = 0; i < units / 2; i++) segment(p, i, at + 8 + 16 * i);
  if (first && units > 0) p.ipDestination = at + 8 + 8 * (units - 2);
  p.text(') ');
  return (units + 1) * 8;
}

function segments(p: Printer, at: number, units: number, first: boolean): number {
  const last = p.u8(at + 4);
  p.text(`, last-entry=${last}`);
  const flags = p.u8(at + 5);
  if (flags !== 0 || p.options.verbose > 0) {
    p.text(', flags=0x');
    p.hex(flags);
  }
  const tag = p.u16(at + 6);
  p.text(', tag=');
  p.hex(tag);
  const list = at + 8;
  for (let i = 0; i <= last; i++) segment(p, i, list + 16 * i);
  const listUnits = (last + 1) * 2;
  if (listUnits < units && !segmentTlvs(p, list + listUnits * 8, (units - listUnits) * 8)) {
    p.invalid();
    return INVALID;
  }
  // Segments are kept in reverse.
  if (first && units % 2 === 0 && p.has(list, 16)) p.ipDestination = list;
  p.text(') ');
  return (units + 1) * 8;
}

const Tlv = { PAD1: 0, PADN: 4, HMAC: 5 } as const;
const TLV_WORDS: { readonly [type: number]: string } = { 0: 'Pad1', 4: 'PadN', 5: 'HMAC' };
/** Most padding one object may hold (RFC 8754 section 2.1.1.2). */
const MOST_PADDING = 5;
/** Flag, reserved bits and key of an HMAC object, before the HMAC. */
const HMAC_HEADER = 6;

/** Objects behind the segments. @returns false when they are not valid */
function segmentTlvs(p: Printer, at: number, left: number): boolean {
  const end = at + left;
  while (at < end) {
    const type = p.u8(at);
    p.text(`, TLV-type=${TLV_WORDS[type] ?? 'Unknown'}(${type})`);
    at++;
    if (at === end) break;
    if (type === Tlv.PAD1) continue;
    const length = p.u8(at);
    p.text(`, TLV-len=${length}`);
    at = segmentTlv(p, type, length, at + 1, end);
    if (at === INVALID) return false;
  }
  return true;
}

/** An object behind its length. @returns where it ends; INVALID when it is not valid */
function segmentTlv(p: Printer, type: number, length: number, at: number, end: number): number {
  if (type === Tlv.HMAC) return segmentHmac(p, length, at, end);
  if (type === Tlv.PADN && length > MOST_PADDING) {
    p.text(` [PadN length ${length} > ${MOST_PADDING}]`);
    return INVALID;
  }
  const verbose = p.options.verbose > 0;
  if (type !== Tlv.PADN && verbose) p.text(', TLV-value=0x');
  if (below(p, 'remaining length', end - at, length)) return INVALID;
  if (type === Tlv.PADN) {
    p.need(at, length);
    return at + length;
  }
  for (let i = 0; i < length; i++) {
    const byte = p.u8(at + i);
    if (verbose) p.hex0(byte, 2);
  }
  return at + length;
}

/** As `segmentTlv`, of an HMAC. */
function segmentHmac(p: Printer, length: number, at: number, end: number): number {
  const verbose = p.options.verbose > 0;
  if (below(p, 'remaining length', end - at, HMAC_HEADER)) return INVALID;
  const reserved = p.u16(at);
  if (verbose) {
    p.text(`, D=${reserved >> 15}`);
    if ((reserved & 0x7fff) !== 0) p.text(`, reserved MBZ ${reserved & 0x7fff}`);
  }
  const key = p.u32(at + 2);
  at += HMAC_HEADER;
  if (verbose) {
    p.text(', HMAC-key-ID=0x');
    p.hex0(key, 2);
    p.text(', HMAC=0x');
  }
  for (const last = at + length; at < last; at++) {
    const byte = p.u8(at);
    if (below(p, 'remaining length', end - at, 1)) return INVALID;
    if (verbose) p.hex0(byte, 2);
  }
  return at;
}

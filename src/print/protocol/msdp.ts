// Multicast Source Discovery Protocol. Source: RFC 3618.

import { below, ipv4Text } from '../inline.js';
import type { Printer } from '../printer.js';
import { printIp } from './inner.js';

const Type = { ACTIVE: 1, REQUEST: 2, RESPONSE: 3, KEEPALIVE: 4, NOTIFICATION: 5 } as const;
const MOST_TYPE = 7;
const LEAST = 3;
const MOST = 1500;
/** From this length on it is shown without -v too. */
const NOTABLE = 1400;
const SOURCES = 8;
const SOURCE = 12;

/** A segment's payload. */
export function printMsdp(p: Printer, offset: number, length: number): void {
  p.protocol = 'msdp';
  p.text(': ');
  p.protocolName();
  if (!messages(p, offset, length)) p.invalid();
}

/** ` [name value > limit]` and true, when `value` is too large. */
function above(p: Printer, name: string, value: number, limit: number): boolean {
  if (value <= limit) return false;
  p.text(` [${name} ${value} > ${limit}]`);
  return true;
}

/** @returns false when a length or a type is wrong, which is said already */
function messages(p: Printer, at: number, left: number): boolean {
  // Whether this is where a message begins is for the first one's head to tell.
  const first = p.u8(at);
  const size = p.u16(at + 1);
  if (above(p, 'len', size, MOST) || below(p, 'len', size, LEAST)) return false;
  if (first === 0) {
    p.text(' [type 0 == 0]');
    return false;
  }
  if (above(p, 'type', first, MOST_TYPE)) return false;
  while (left > 0) {
    if (below(p, 'length', left, LEAST)) return false;
    const type = p.u8(at);
    const length = p.u16(at + 1);
    if (length > NOTABLE || p.options.verbose > 0) p.text(` [len ${length}]`);
    if (below(p, 'len', length, LEAST) || below(p, 'length', left, length)) return false;
    if (!message(p, type, at, length)) return false;
    p.need(at, length);
    at += length;
    left -= length;
  }
  return true;
}

/** @returns false when its length is wrong, which is said already */
function message(p: Printer, type: number, at: number, length: number): boolean {
  switch (type) {
    case Type.ACTIVE:
    case Type.RESPONSE:
      p.text(type === Type.ACTIVE ? ' SA' : ' SA-Response');
      return sources(p, at, length);
    case Type.REQUEST:
      p.text(' SA-Request');
      if (below(p, 'len', length, 4)) return false;
      p.need(at + 3, 1);
      if (below(p, 'len', length, 8)) return false;
      if (length !== 8) p.text(`[len=${length}] `);
      p.text(` for ${ipv4Text(p, at + 4)}`);
      return true;
    case Type.KEEPALIVE:
      p.text(' Keepalive');
      if (length !== LEAST) p.text(`[len=${length}] `);
      return true;
    case Type.NOTIFICATION:
      p.text(' Notification');
      return true;
    default:
      p.text(` [type=${type} len=${length}]`);
      return true;
  }
}

function sources(p: Printer, at: number, length: number): boolean {
  if (below(p, 'len', length, 4)) return false;
  const count = p.u8(at + 3);
  p.text(` ${count} entries`);
  if (below(p, 'len', length, SOURCES)) return false;
  const end = SOURCES + count * SOURCE;
  p.need(at + 4, end - 4);
  if (length <= end) return true;
  p.text(' [w/data]');
  if (p.options.verbose > 1) {
    p.char(32);
    printIp(p, at + end, length - end);
  }
  return true;
}

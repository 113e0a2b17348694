// Babel's updates and requests of routes, source-specific ones too. Source: RFC 8966, 4.6.9 to 4.6.11; RFC 9079 and
// draft-boutier-babel-source-specific-01, whose TLVs have types of their own.

import type { Printer } from '../../printer.js';
import { babelPrefix, type Defaults, decodePrefix, Encoding } from './prefix.js';
import { identifier, subTlvs, updateFlags, updateInterval } from './sub.js';

const SETS_DEFAULT = 0x80;
const Update = {
  ENCODING: 0,
  FLAGS: 1,
  BITS: 2,
  OMITTED: 3,
  INTERVAL: 4,
  SEQNO: 6,
  METRIC: 8,
  PREFIX: 10,
} as const;
const Request = { ENCODING: 0, BITS: 1, PREFIX: 2 } as const;
const Seqno = { ENCODING: 0, BITS: 1, SEQNO: 2, HOPS: 4, SOURCE_BITS: 5, ROUTER: 6, PREFIX: 14 } as const;

/** `metric … seqno … interval …` */
function costs(p: Printer, at: number): string {
  return (
    `metric ${p.u16(at + Update.METRIC)} seqno ${p.u16(at + Update.SEQNO)}` +
    ` interval ${updateInterval(p.u16(at + Update.INTERVAL))}`
  );
}

/** An update. @returns false when it is wrong */
export function update(p: Printer, at: number, length: number, defaults: Defaults, type: number): boolean {
  const encoding = p.u8(at + Update.ENCODING);
  const bits = p.u8(at + Update.BITS);
  const omitted = p.u8(at + Update.OMITTED);
  const left = length - Update.PREFIX;
  const start = at + Update.PREFIX;
  const decoded = decodePrefix(p, encoding, bits, start, left, omitted, defaults.of(encoding));
  if (decoded === null) return false;
  const flags = p.u8(at + Update.FLAGS);
  const prefix = encoding === Encoding.WILDCARD ? 'any' : babelPrefix(p, decoded.address, encoding, bits);
  p.text(`${updateFlags(flags)} ${prefix} ${costs(p, at)}`);
  if ((flags & SETS_DEFAULT) !== 0) defaults.set(encoding, decoded.address);
  subTlvs(p, start + decoded.used, at + length, type);
  return true;
}

/** A request of a route. @returns false when it is wrong */
export function routeRequest(p: Printer, at: number, length: number): boolean {
  const encoding = p.u8(at + Request.ENCODING);
  const bits = p.u8(at + Request.BITS);
  const decoded = decodePrefix(p, encoding, bits, at + Request.PREFIX, length - Request.PREFIX);
  if (decoded === null) return false;
  p.text(`for ${encoding === Encoding.WILDCARD ? 'any' : babelPrefix(p, decoded.address, encoding, bits)}`);
  return true;
}

/** A request of a newer route. @returns false when it is wrong */
export function seqnoRequest(p: Printer, at: number, length: number): boolean {
  const encoding = p.u8(at + Seqno.ENCODING);
  const bits = p.u8(at + Seqno.BITS);
  const decoded = decodePrefix(p, encoding, bits, at + Seqno.PREFIX, length - Seqno.PREFIX);
  if (decoded === null) return false;
  const prefix =
    encoding === Encoding.WILDCARD ? 'invalid AE 0' : babelPrefix(p, decoded.address, encoding, bits);
  p.text(
    `(${p.u8(at + Seqno.HOPS)} hops) for ${prefix} seqno ${p.u16(at + Seqno.SEQNO)}` +
      ` id ${identifier(p, at + Seqno.ROUTER)}`,
  );
  return true;
}

/** A destination's prefix and a source's behind it; null when one is wrong. */
function pair(
  p: Printer,
  encoding: number,
  bits: number,
  sourceBits: number,
  at: number,
  end: number,
  omitted = 0,
  before: Uint8Array | null = null,
): { destination: string; source: string; end: number } | null {
  const destination = decodePrefix(p, encoding, bits, at, end - at, omitted, before);
  if (destination === null) return null;
  at += destination.used;
  const source = decodePrefix(p, encoding, sourceBits, at, end - at);
  if (source === null) return null;
  return {
    destination: babelPrefix(p, destination.address, encoding, bits),
    source: babelPrefix(p, source.address, encoding, sourceBits),
    end: at + source.used,
  };
}

/** A source-specific update. @returns false when it is wrong */
export function sourceUpdate(
  p: Printer,
  at: number,
  length: number,
  defaults: Defaults,
  type: number,
): boolean {
  // The source's length stands where other updates have flags.
  const encoding = p.u8(at + Update.ENCODING);
  const bits = p.u8(at + Update.BITS);
  const sourceBits = p.u8(at + Update.FLAGS);
  const omitted = p.u8(at + Update.OMITTED);
  const start = at + Update.PREFIX;
  const end = at + length;
  const both = pair(p, encoding, bits, sourceBits, start, end, omitted, defaults.of(encoding));
  if (both === null) return false;
  p.text(` ${both.destination} from ${both.source} ${costs(p, at)}`);
  subTlvs(p, both.end, end, type);
  return true;
}

/** A source-specific request of a route. @returns false when it is wrong */
export function sourceRequest(p: Printer, at: number, length: number): boolean {
  const encoding = p.u8(at);
  const both = pair(p, encoding, p.u8(at + 1), p.u8(at + 2), at + 3, at + length);
  if (both === null) return false;
  p.text(encoding === Encoding.WILDCARD ? 'for any' : `for (${both.destination}, ${both.source})`);
  return true;
}

/** A source-specific request of a newer route. @returns false when it is wrong */
export function sourceMultihopRequest(p: Printer, at: number, length: number): boolean {
  const encoding = p.u8(at + Seqno.ENCODING);
  const bits = p.u8(at + Seqno.BITS);
  const sourceBits = p.u8(at + Seqno.SOURCE_BITS);
  const both = pair(p, encoding, bits, sourceBits, at + Seqno.PREFIX, at + length);
  if (both === null) return false;
  p.text(
    `(${p.u8(at + Seqno.HOPS)} hops) for (${both.destination}, ${both.source}) seqno ${p.u16(at + Seqno.SEQNO)}` +
      ` id ${identifier(p, at + Seqno.ROUTER)}`,
  );
  return true;
}

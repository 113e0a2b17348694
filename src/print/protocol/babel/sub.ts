// Babel's sub-TLVs, and numbers that several TLVs have. Source: RFC 7557, 9467 (timestamps).

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';

const Tlv = { HELLO: 4, HEARD: 5, UPDATE: 8, SOURCE_UPDATE: 13 } as const;
const Sub = { PAD_1: 0, PAD_N: 1, DIVERSITY: 2, TIMESTAMP: 3 } as const;
const MANDATORY = 0x80;
const INFINITE = 0xffff;
/** Radio channels with a meaning of their own. */
const CHANNELS: Readonly<Record<number, string>> = { 0: 'reserved', 255: 'all' };

/** Hundredths of a second; none is wrong. */
export function interval(time: number): string {
  return time === 0 ? '0.0s (bogus)' : `${Math.floor(time / 100)}.${String(time % 100).padStart(2, '0')}s`;
}

/** The interval of an update, which may be forever. */
export function updateInterval(time: number): string {
  return time === INFINITE ? 'infinity' : interval(time);
}

/** Eight bytes with colons. */
export function identifier(p: Printer, at: number): string {
  return Array.from(p.view(at, 8), (byte) => hex(byte, 2)).join(':');
}

/** Flags of an update: it sets the default prefix, or the router's identifier. */
export function updateFlags(flags: number): string {
  return (
    ((flags & 0x80) === 0 ? '' : '/prefix') +
    ((flags & 0x40) === 0 ? '' : '/id') +
    ((flags & 0x3f) === 0 ? '' : '/unknown')
  );
}

function microseconds(time: number): string {
  return `${Math.floor(time / 1_000_000)}.${String(time % 1_000_000).padStart(6, '0')}s`;
}

/** Prints what a TLV has behind its own fields. @param type the TLV's */
export function subTlvs(p: Printer, at: number, end: number, type: number): void {
  while (at < end) {
    const kind = p.u8(at++);
    if (kind === Sub.PAD_1) {
      p.text(' sub-pad1');
      continue;
    }
    if ((kind & MANDATORY) !== 0) p.text(' (M)');
    const length = at === end ? 0 : p.u8(at);
    if (at === end || at + 1 + length > end || !subTlv(p, kind, at + 1, length, type)) {
      p.invalid();
      return;
    }
    at += 1 + length;
  }
}

/** @returns false when it is too short */
function subTlv(p: Printer, kind: number, at: number, length: number, type: number): boolean {
  switch (kind) {
    case Sub.PAD_N:
      p.text(' sub-padn');
      return true;
    case Sub.DIVERSITY:
      p.text(' sub-diversity');
      if (length === 0) {
        p.text(' empty');
        return true;
      }
      p.text(` ${Array.from(p.view(at, length), (channel) => CHANNELS[channel] ?? channel).join('-')}`);
      if (type !== Tlv.UPDATE && type !== Tlv.SOURCE_UPDATE) p.text(' (bogus)');
      return true;
    case Sub.TIMESTAMP:
      p.text(' sub-timestamp');
      if (type === Tlv.HELLO) {
        if (length < 4) return false;
        p.text(` ${microseconds(p.u32(at))}`);
      } else if (type === Tlv.HEARD) {
        if (length < 8) return false;
        p.text(` ${microseconds(p.u32(at))}|${microseconds(p.u32(at + 4))}`);
      } else p.text(' (bogus)');
      return true;
    default:
      p.text(` sub-unknown-0x${hex(kind, 2)}`);
      return true;
  }
}

// Integrated services in RSVP: what traffic is like and what a path can do for it. Source: RFC 2210, 2215.

import { OVERRUN } from '../../endings.js';
import { float32Text } from '../../float.js';
import { printUnknownData } from '../../hexdump.js';
import { below, hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Shown } from './types.js';

const SERVICES: Words = { 1: 'Default/Global Information', 2: 'Guaranteed Service', 5: 'Controlled Load' };
const PARAMETERS: Words = {
  4: 'IS hop cnt',
  6: 'Path b/w estimate',
  8: 'Minimum path latency',
  10: 'Composed MTU',
  127: 'Token Bucket TSpec',
  130: 'Guaranteed Service RSpec',
  133: 'End-to-end composed value for C',
  134: 'End-to-end composed value for D',
  135: 'Since-last-reshaping point composed C',
  136: 'Since-last-reshaping point composed D',
};
const HEADER = 4;
const DONT_CARE = 0xffffffff;

/** Services and their parameters. */
export function service(p: Printer, at: number, length: number, indent: string): Shown {
  if (length < HEADER) throw OVERRUN;
  p.text(`${indent}  Msg-Version: ${p.u8(at) >> 4}, length: ${p.u16(at + 2) * 4}`);
  at += HEADER;
  let left = length - HEADER;
  while (left >= HEADER) {
    const type = p.u8(at);
    const size = p.u16(at + 2) * 4;
    p.text(
      `${indent}  Service Type: ${wordOf(SERVICES, type, 'unknown')} (${type})` +
        `, break bit ${p.u8(at + 1) >= 0x80 ? '' : 'not '}set, Service length: ${size}`,
    );
    at += HEADER;
    left -= HEADER;
    // A parameter longer than its service makes the count wrap: then the object's end ends the service.
    for (let rest = size; rest >= HEADER; ) {
      const used = parameter(p, at, left);
      if (used === 0) break;
      at += used;
      left -= used;
      rest = (rest - used) >>> 0;
    }
  }
  return Shown.WHOLLY;
}

/** @returns bytes used, 0 when it does not fit, which is said already */
function parameter(p: Printer, at: number, left: number): number {
  if (below(p, 'obj_tlen', left, HEADER)) {
    p.invalid();
    return 0;
  }
  const type = p.u8(at);
  const size = p.u16(at + 2) * 4;
  p.text(
    `\n\t      Parameter ID: ${wordOf(PARAMETERS, type, 'unknown')} (${type}), length: ${size}` +
      `, Flags: [0x${hex(p.u8(at + 1), 2)}]`,
  );
  if (below(p, 'obj_tlen', left, HEADER + size)) {
    p.invalid();
    return 0;
  }
  const known = VALUES[type];
  if (known === undefined) {
    if (p.options.verbose <= 1) printUnknownData(p, '\n\t\t', at + HEADER, size);
  } else if (size === known.size) {
    for (const line of known.lines(p, at + HEADER)) p.text(`\n\t\t${line}`);
  }
  return HEADER + size;
}

/** The length and the lines of a parameter; one of another length is not read. */
interface Value {
  readonly size: number;
  readonly lines: (p: Printer, at: number) => readonly string[];
}

/** Bytes a second as megabits. */
function rate(p: Printer, at: number): string {
  return `${float32Text(p, at, (value) => value / 125000)} Mbps`;
}

const composed: Value = { size: 4, lines: (p, at) => [`Value: ${p.u32(at)}`] };

const VALUES: Readonly<Record<number, Value>> = {
  4: { size: 4, lines: (p, at) => [`IS hop count: ${p.u32(at)}`] },
  6: { size: 4, lines: (p, at) => [`Path b/w estimate: ${rate(p, at)}`] },
  8: {
    size: 4,
    lines: (p, at) => [`Minimum path latency: ${p.u32(at) === DONT_CARE ? "don't care" : p.u32(at)}`],
  },
  10: { size: 4, lines: (p, at) => [`Composed MTU: ${p.u32(at)} bytes`] },
  127: {
    size: 20,
    lines: (p, at) => [
      `Token Bucket Rate: ${rate(p, at)}`,
      `Token Bucket Size: ${float32Text(p, at + 4)} bytes`,
      `Peak Data Rate: ${rate(p, at + 8)}`,
      `Minimum Policed Unit: ${p.u32(at + 12)} bytes`,
      `Maximum Packet Size: ${p.u32(at + 16)} bytes`,
    ],
  },
  130: { size: 8, lines: (p, at) => [`Rate: ${rate(p, at)}`, `Slack Term: ${p.u32(at + 4)}`] },
  133: composed,
  134: composed,
  135: composed,
  136: composed,
};

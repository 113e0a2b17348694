// Token ring, with the route of source routing in front of LLC. Source: IEEE 802.5; LINKTYPE_IEEE802_5.

import { dumpUnknown } from '../hexdump.js';
import { counted, hex, macText } from '../inline.js';
import type { Printer } from '../printer.js';
import { logicalLink } from './ethernet.js';

/** Where the fields are. */
const At = { ACCESS: 0, FRAME: 1, DESTINATION: 2, SOURCE: 8, ROUTE: 14, SEGMENTS: 16 } as const;
const HEADER = 14;
/** The source address's first bit: a route follows. */
const ROUTED = 0x80;
const FRAME_LLC = 1;
const SEGMENT = 2;
const BROADCASTS = counted(
  0,
  'Non-Broadcast|Non-Broadcast|Non-Broadcast|Non-Broadcast|All-routes|All-routes|Single-route|Single-route',
);
const LARGEST_FRAMES = counted(0, '516|1500|2052|4472|8144|11407|17800|??');

/** A link of token ring frames. */
export function printTokenRingLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'token-ring';
  if (!p.has(offset, HEADER)) {
    p.truncated();
    p.linkHeaderLength += HEADER;
    return;
  }
  if ((p.u8(offset + At.SOURCE) & ROUTED) === 0) {
    p.linkHeaderLength += printFrame(p, offset, length, false);
    return;
  }
  // The bit is no part of the address: the frame is printed without it.
  const frame = p.view(offset, p.available(offset)).slice();
  frame[At.SOURCE]! &= ~ROUTED;
  p.pushBuffer(frame);
  p.linkHeaderLength += printFrame(p, 0, length, true);
  p.pop();
}

/** @returns bytes of header */
function printFrame(p: Printer, offset: number, length: number, routed: boolean): number {
  if (p.options.linkHeader) heading(p, offset, length);
  let header = HEADER;
  if (routed) {
    const route = p.has(offset, At.SEGMENTS) ? (p.u16(offset + At.ROUTE) >> 8) & 0x1f : SEGMENT;
    if (!p.has(offset, At.SEGMENTS)) {
      p.truncated();
      return header;
    }
    header += route;
    if (!p.has(offset, header)) {
      p.truncated();
      return header;
    }
    printRoute(p, offset, Math.trunc((route - SEGMENT) / SEGMENT));
  }
  const payload = offset + header;
  const rest = length - header;
  if (p.u8(offset + At.FRAME) >> 6 === FRAME_LLC) {
    return header + logicalLink(p, payload, rest, offset + At.SOURCE, offset + At.DESTINATION);
  }
  if (!p.options.linkHeader) heading(p, offset, length);
  dumpUnknown(p, payload, p.available(payload));
  return header;
}

function heading(p: Printer, offset: number, length: number): void {
  if (!p.options.quiet) p.text(`${hex(p.u8(offset + At.ACCESS), 2)} ${hex(p.u8(offset + At.FRAME), 2)} `);
  p.text(`${macText(p, offset + At.SOURCE)} > ${macText(p, offset + At.DESTINATION)}, length ${length}: `);
}

function printRoute(p: Printer, offset: number, segments: number): void {
  const control = p.u16(offset + At.ROUTE);
  const verbose = p.options.verbose > 0;
  if (verbose) p.text(`${BROADCASTS[control >> 13]} ${(control & 0x80) !== 0 ? 'Backward' : 'Forward'}`);
  else p.text(`rt = ${hex(control)}`);
  for (let i = 0; i < segments; i++) {
    const segment = p.u16(offset + At.SEGMENTS + i * SEGMENT);
    p.text(verbose ? ` [${segment >> 4}:${segment & 0xf}]` : `:${hex(segment)}`);
  }
  p.text(` (${LARGEST_FRAMES[(control >> 4) & 7]}) `);
}

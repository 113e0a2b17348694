// GeoNetworking and its Basic Transport Protocol. Source: ETSI EN 302 636-4-1 V1.4.1, EN 302 636-5-1 V2.2.1.

import { dumpAlways } from '../hexdump.js';
import { counted, fixed, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const BASIC_HEADER = 4;
const COMMON_HEADER = 8;
const POSITION = 24;
const TRANSPORT = 4;
const VERSION = 1;
const COMMON = 1;
const BASIC_NEXT = counted(0, 'Any|CommonHeader|SecuredPacket');
const TRANSPORT_A = 1;
const TRANSPORT_B = 2;
const COMMON_NEXT = counted(0, 'Any|BTP-A|BTP-B|IPv6');
const BEACON = 1;
const TOPOLOGICAL = 5;
/** Header types and subtypes, as one number. */
const TYPES: Words = {
  0x000: 'Any',
  0x100: 'Beacon',
  0x200: 'GeoUnicast',
  0x300: 'GeoAnycastCircle',
  0x301: 'GeoAnycastRect',
  0x302: 'GeoAnycastElipse',
  0x400: 'GeoBroadcastCircle',
  0x401: 'GeoBroadcastRect',
  0x402: 'GeoBroadcastElipse',
  0x500: 'TopoScopeBcast-SH',
  0x501: 'TopoScopeBcast-MH',
  0x600: 'LocService-Request',
  0x601: 'LocService-Reply',
};
const MOBILITY = counted(0, 'Stationary|Mobile');
const STATIONS = counted(
  1,
  'Pedestrian|Cyclist|Moped|Motorcycle|Passenger Car|Bus|Light Truck|Heavy Truck|Trailer|Special Vehicle|Tram|Road Side Unit',
);
const PORTS = counted(
  2001,
  'CAM|DENM|MAPEM|SPATEM|SAEM|IVIM|SREM|SSEM|CPM|EVCSN_POI|TPG|EV_RSR|RTCMEM|CTLM|CRLM|EC_AT_REQ|MCDM|VAM|' +
    'IMZM|DSM|P2P_CRLM|P2P_CTLM|MRS|P2P_FULL_CTLM',
);
/** Seconds of a lifetime's bases, in single precision as tcpdump has them. */
const LIFETIMES = [0.05, 1, 10, 100].map(Math.fround);
const DEGREES = 1e7;

/** A GeoNetworking packet. */
export function printGeonet(p: Printer, offset: number, length: number): void {
  p.protocol = 'geonet';
  p.text('GeoNet ');
  if (!packet(p, offset, length)) p.invalid();
}

/** @returns false when it is wrong */
function packet(p: Printer, offset: number, length: number): boolean {
  if (length < BASIC_HEADER) {
    p.text(` (length ${length} < ${BASIC_HEADER})`);
    return false;
  }
  const first = p.u8(offset);
  let next = first & 15;
  if (first >> 4 !== VERSION) {
    p.text(` (Unsupported GeoNetworking Basic Header version ${first >> 4})`);
    next = 0;
  } else basicHeader(p, offset);
  if (next !== COMMON) {
    p.text(` (Next-Header not supported: ${wordOf(BASIC_NEXT, next, 'Unknown')})`);
    return false;
  }
  let at = offset + BASIC_HEADER;
  commonHeader(p, at);
  const transport = p.u8(at) >> 4;
  const type = p.u8(at + 1) >> 4;
  const subtype = p.u8(at + 1) & 15;
  at += COMMON_HEADER;
  if (type !== BEACON && type !== TOPOLOGICAL) {
    p.text(` (GeoNetworking Header-Type ${wordOf(TYPES, (type << 8) | subtype, 'Unknown')} not supported)`);
    return false;
  }
  at += extendedHeader(p, type, subtype, at);
  if (transport === TRANSPORT_A || transport === TRANSPORT_B) {
    transportHeader(p, transport, at);
    at += TRANSPORT;
  }
  if (p.options.verbose > 0) dumpAlways(p, at, (length - (at - offset)) >>> 0);
  return true;
}

function basicHeader(p: Printer, offset: number): void {
  p.need(offset, BASIC_HEADER);
  const next = wordOf(BASIC_NEXT, p.u8(offset) & 15, 'Unknown');
  const lifetime = p.u8(offset + 2);
  const multiplier = lifetime >> 2;
  const base = lifetime & 3;
  const seconds = fixed(Math.fround(LIFETIMES[base]! * multiplier), 2);
  const hops = p.u8(offset + 3);
  const { verbose } = p.options;
  if (verbose === 1) p.text(`ver:${VERSION} nh:${next} lt:${seconds}s rhl:${hops}; `);
  else if (verbose > 1) {
    p.text(
      `ver:${VERSION} nh:${next} reserved:${p.u8(offset + 1)}` +
        ` lt:[base:${base} mult:${multiplier} = ${seconds}s] rhl:${hops}; `,
    );
  }
}

function commonHeader(p: Printer, at: number): void {
  p.need(at, COMMON_HEADER);
  const next = wordOf(COMMON_NEXT, p.u8(at) >> 4, 'Unknown');
  const kind = p.u8(at + 1);
  const type = wordOf(TYPES, ((kind >> 4) << 8) | (kind & 15), 'Unknown');
  const traffic = p.u8(at + 2);
  const flags = wordOf(MOBILITY, p.u8(at + 3), 'Unknown');
  const lengths = `pl:${p.u16(at + 4)} mhl:${p.u8(at + 6)}`;
  const { verbose } = p.options;
  if (verbose === 0) p.text(`nh:${next} nt:${type}; `);
  else if (verbose === 1) p.text(`nh:${next} ht:${type} f:${flags} ${lengths}; `);
  else {
    p.text(
      `nh:${next} reserved:${p.u8(at) & 15} ht:${type} hst:${kind & 15}` +
        ` tc:[scf:${traffic >> 7} co:${(traffic >> 6) & 1} id:${traffic & 63}]` +
        ` f:${flags} ${lengths} reserved2:${p.u8(at + 7)}; `,
    );
  }
}

/** @returns its bytes */
function extendedHeader(p: Printer, type: number, subtype: number, at: number): number {
  const verbose = p.options.verbose > 2;
  if (type === BEACON) {
    position(p, at);
    return POSITION;
  }
  if (subtype === 0) {
    position(p, at);
    const data = p.u32(at + POSITION);
    if (verbose) p.text(`Media-Independent Data: ${data}; `);
    return POSITION + 4;
  }
  if (subtype === 1) {
    p.need(at, 4);
    if (verbose) p.text(`sn:${p.u16(at)} reserved:${p.u16(at + 2)}; `);
    position(p, at + 4);
    return POSITION + 4;
  }
  p.text(' (TSB Header-Subtype not supported)');
  return 0;
}

/** The long position vector: who is where, and how fast in which direction. */
function position(p: Printer, at: number): void {
  p.need(at, POSITION);
  const kind = p.u16(at);
  const link = `0x${p.u48(at + 2).toString(16)}`;
  const { verbose } = p.options;
  const station = wordOf(STATIONS, (kind >> 10) & 31, 'Unknown');
  const address =
    verbose === 0 ? link : `[m:${kind >> 15} st:${station} reserved:${kind & 0x3ff} mib:${link}]`;
  const latitude = degrees(p.s32(at + 12), 'N', 'S');
  const longitude = degrees(p.s32(at + 16), 'E', 'W');
  if (verbose <= 1) {
    p.text(`GN_ADDR:${address} lat:${latitude}, lon:${longitude}; `);
    return;
  }
  // The highest bit is the accuracy's, and all the same the speed's sign to tcpdump.
  const speed = p.s16(at + 20);
  p.utf8(
    `GN_ADDR:${address} tst:${p.u32(at + 8)} lat:${latitude} lon:${longitude}` +
      ` pai:${speed < 0 ? 'False' : 'True'}, s:${fixed(speed / 100, 2)} m/s, h:${fixed(p.u16(at + 22) / 10, 1)}°; `,
  );
}

/** Ten millionths of degrees; zero is negative, and in the south or west. */
function degrees(value: number, positive: string, negative: string): string {
  if (value > 0) return `${fixed(value / DEGREES, 6)} ${positive}`;
  return `${value === 0 ? '-' : ''}${fixed(-value / DEGREES, 6)} ${negative}`;
}

function transportHeader(p: Printer, kind: number, at: number): void {
  p.need(at, TRANSPORT);
  const destination = wordOf(PORTS, p.u16(at), 'Unknown');
  const second = p.u16(at + 2);
  if (kind === TRANSPORT_A) p.text(`BTP-A dst:${destination} src:${wordOf(PORTS, second, 'Unknown')}; `);
  else p.text(`BTP-B dst:${destination}${p.options.verbose > 2 ? ` dpi:${second}` : ''}; `);
}

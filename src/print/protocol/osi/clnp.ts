// CLNP, OSI's datagrams. Source: ISO 8473.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, counted, hex, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { tooShort } from './esis.js';
import { Nlpid, nsapText, printOsiChecksum } from './osi.js';

const HEADER = 9;
const Field = { LENGTH: 1, VERSION: 2, LIFETIME: 3, TYPE: 4, SEGMENT: 5, CHECKSUM: 7 } as const;
const VERSION = 1;
const SEGMENT_HEADER = 6;
const TYPE_MASK = 0x1f;
const Type = { ERROR: 1, ECHO_RESPONSE: 31 } as const;
const TYPES: Words = { 1: 'Error Report', 28: 'Data', 29: 'MD', 30: 'Echo Request', 31: 'Echo Response' };
const SEGMENTED = 0x80;
const FLAGS: Bits = [
  [SEGMENTED, 'Segmentation permitted'],
  [0x40, 'more Segments'],
  [0x20, 'request Error Report'],
];
const FLAG_MASK = 0xe0;
/** Packets that quote packets that quote packets are followed so far. */
const DEPTH_MOST = 32;

const Option = {
  DISCARD: 193,
  QUALITY: 195,
  SECURITY: 197,
  SOURCE_ROUTE: 200,
  RECORD_ROUTE: 203,
  PADDING: 204,
  PRIORITY: 205,
} as const;
const OPTIONS: Words = {
  193: 'Discard Reason',
  195: 'QoS Maintenance',
  197: 'Security',
  200: 'Source Routing',
  203: 'Route Recording',
  204: 'Padding',
  205: 'Priority',
};
const GLOBAL = 0xc0;
const SCOPES: Words = {
  0x40: 'Source Address Specific',
  0x80: 'Destination Address Specific',
  [GLOBAL]: 'Globally unique',
};
const QUALITIES: Bits = [
  [0x20, 'reserved'],
  [0x10, 'sequencing vs. delay'],
  [0x08, 'congested'],
  [0x04, 'delay vs. cost'],
  [0x02, 'error vs. delay'],
  [0x01, 'error vs. cost'],
];
/** Classes of reasons to discard, and their reasons. */
const REASONS: Readonly<Record<number, readonly [string, Words]>> = {
  0: [
    'General',
    counted(
      0,
      'Reason not specified|Protocol procedure error|Incorrect checksum|PDU discarded due to congestion|' +
        'Header syntax error (cannot be parsed)|Segmentation needed but not permitted|Incomplete PDU received|' +
        'Duplicate option',
    ),
  ],
  8: ['Address', counted(0, 'Destination address unreachable|Destination address unknown')],
  9: [
    'Source Routeing',
    counted(
      0,
      'Unspecified source routeing error|Syntax error in source routeing field|' +
        'Unknown address in source routeing field|Path not acceptable',
    ),
  ],
  10: [
    'Lifetime',
    counted(0, 'Lifetime expired while data unit in transit|Lifetime expired during reassembly'),
  ],
  11: [
    'PDU Discarded',
    counted(
      0,
      'Unsupported option not specified|Unsupported protocol version|Unsupported security option|' +
        'Unsupported source routeing option|Unsupported recording of route option',
    ),
  ],
  12: ['Reassembly', counted(0, 'Reassembly interference')],
};
const TOO_SHORT = 'li < size of fixed part of CLNP header';

/** Prints a CLNP packet. @returns false when it is wrong: then it is dumped */
export function printClnp(p: Printer, offset: number, length: number, depth = 0): boolean {
  p.protocol = 'clnp';
  p.need(offset, HEADER);
  const { linkHeader, verbose } = p.options;
  const size = p.u8(offset + Field.LENGTH);
  if (!linkHeader) p.protocolCaps();
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(`version ${version} packet not supported`);
    return false;
  }
  if (size > length) {
    p.text(` length indicator(${size}) > PDU size (${length})!`);
    return false;
  }
  if (size < HEADER) {
    tooShort(p, offset, size);
    return false;
  }
  const type = p.u8(offset + Field.TYPE) & TYPE_MASK;
  const flags = p.u8(offset + Field.TYPE) & FLAG_MASK;
  const end = offset + size;
  const destination = address(p, offset + HEADER, end);
  const source = destination === null ? null : address(p, destination.next, end);
  if (destination === null || source === null) {
    p.text(`${TOO_SHORT} and addresses`);
    return false;
  }
  const separator = linkHeader ? '' : ', ';
  const word = wordOf(TYPES, type, 'unknown (%u)');
  const from = nsapText(p, source.at, source.length);
  const to = nsapText(p, destination.at, destination.length);
  if (verbose === 0) {
    p.text(`${separator}${from} > ${to}, ${word}, length ${length}`);
    return true;
  }
  p.text(`${separator}length ${length}`);
  const lifetime = p.u8(offset + Field.LIFETIME);
  const checksum = p.u16(offset + Field.CHECKSUM);
  p.text(
    `\n\t${word} PDU, hlen: ${size}, v: ${version}, lifetime: ${lifetime >> 1}.${(lifetime & 1) * 5}s` +
      `, Segment PDU length: ${p.u16(offset + Field.SEGMENT)}, checksum: 0x${hex(checksum, 4)}`,
  );
  printOsiChecksum(p, offset, checksum, Field.CHECKSUM, size);
  p.text(`\n\tFlags [${bitsOf(FLAGS, flags, 'none')}]`);
  p.text(
    `\n\tsource address (length ${source.length}): ${from}\n\tdest   address (length ${destination.length}): ${to}`,
  );
  let at = source.next;
  if ((flags & SEGMENTED) !== 0) {
    if (end - at < SEGMENT_HEADER) {
      p.text(`${TOO_SHORT}, addresses, and segment part`);
      return false;
    }
    p.text(
      `\n\tData Unit ID: 0x${hex(p.u16(at), 4)}, Segment Offset: ${p.u16(at + 2)}` +
        `, Total PDU Length: ${p.u16(at + 4)}`,
    );
    at += SEGMENT_HEADER;
  }
  if (!options(p, at, end)) return false;
  if (type === Type.ERROR || type === Type.ECHO_RESPONSE) {
    if (p.u8(end) === Nlpid.CLNP) {
      p.text('\n\t-----original packet-----\n\t');
      if (depth < DEPTH_MOST) printClnp(p, end, length - size, depth + 1);
      return true;
    }
  }
  if (length > size) {
    p.text(`\n\t  undecoded non-header data, length ${length - size}`);
    printUnknownData(p, '\n\t  ', end, length - size);
  }
  return true;
}

/** An address behind its length; null when the header ends before it. */
function address(p: Printer, at: number, end: number): { at: number; length: number; next: number } | null {
  if (at >= end) return null;
  const length = p.u8(at);
  if (at + 1 + length > end) return null;
  p.need(at + 1, length);
  return { at: at + 1, length, next: at + 1 + length };
}

/** @returns false when they are wrong */
function options(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 2) {
      p.text(', bad opts/li');
      return false;
    }
    const type = p.u8(at);
    const length = p.u8(at + 1);
    at += 2;
    if (length > end - at) {
      p.text(`, opt (${type}) too long`);
      return false;
    }
    p.need(at, length);
    p.text(`\n\t  ${wordOf(OPTIONS, type, 'Unknown')} Option #${type}, length ${length}, value: `);
    if (!option(p, type, at, length)) {
      p.text(', bad opt len');
      return false;
    }
    if (p.options.verbose > 1) printUnknownData(p, '\n\t  ', at, length);
    at += length;
  }
  return true;
}

/** @returns false when it is too short */
function option(p: Printer, type: number, at: number, length: number): boolean {
  switch (type) {
    case Option.RECORD_ROUTE:
    case Option.SOURCE_ROUTE:
      if (length < 2) return false;
      route(p, type, at, length);
      return true;
    case Option.PRIORITY:
      if (length < 1) return false;
      p.text(`0x${hex(p.u8(at) & 15)}`);
      return true;
    case Option.QUALITY: {
      if (length < 1) return false;
      const scope = p.u8(at) & GLOBAL;
      p.text(`\n\t    Format Code: ${wordOf(SCOPES, scope, 'Reserved')}`);
      if (scope === GLOBAL) p.text(`\n\t    QoS Flags [${bitsOf(QUALITIES, p.u8(at) & ~GLOBAL, 'none')}]`);
      return true;
    }
    case Option.SECURITY:
      if (length < 2) return false;
      p.text(
        `\n\t    Format Code: ${wordOf(SCOPES, p.u8(at) & GLOBAL, 'Reserved')}, Security-Level ${p.u8(at + 1)}`,
      );
      return true;
    case Option.DISCARD: {
      if (length < 1) return false;
      const major = p.u8(at) >> 4;
      const minor = p.u8(at) & 15;
      const [name, reasons] = REASONS[major] ?? ['Unknown', {}];
      p.text(
        `\n\t    Class: ${name} Error (0x${hex(major)}), ${wordOf(reasons, minor, 'Unknown')} (0x${hex(minor)})`,
      );
      return true;
    }
    case Option.PADDING:
      p.text('padding data');
      return true;
    default:
      printUnknownData(p, '\n\t  ', at, length);
      return true;
  }
}

function route(p: Printer, type: number, at: number, length: number): void {
  const done = wordOf({ 0: 'partial', 1: 'complete' }, p.u8(at), 'Unknown');
  p.text(`${done} ${type === Option.SOURCE_ROUTE ? 'source routing' : 'recording of route in progress'}`);
  const start = p.u8(at + 1);
  if (start === 0) {
    p.text(' Bad NSAP offset (0)');
    return;
  }
  let left = length - (start - 1);
  if (left < 0) {
    p.text(' Bad NSAP offset (past end of option)');
    return;
  }
  at += start - 1;
  while (left > 0) {
    const size = p.u8(at);
    if (left < size + 1) {
      p.text('\n\t    NSAP address goes past end of option');
      return;
    }
    // tcpdump does not go on to the next address: it is the first one that is shown again.
    if (size > 0) p.text(`\n\t    NSAP address (length ${size}): ${nsapText(p, at + 1, size)}`);
    left -= size + 1;
  }
}

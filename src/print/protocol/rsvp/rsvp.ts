// Resource Reservation Protocol: messages, bundles of them, and the objects in them. Source: RFC 2205, 2961 (bundles).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { RSVP_CLASSES, RSVP_TYPES } from './numbers.js';
import { OBJECT_PRINTERS } from './object.js';
import { type RsvpMessage, Shown } from './types.js';

const HEADER = 8;
const OBJECT_HEADER = 4;
const VERSION = 1;
const Field = { VERSION_FLAGS: 0, TYPE: 1, CHECKSUM: 2, TTL: 4, LENGTH: 6 } as const;
const BUNDLE = 12;
const MESSAGES: Words = {
  1: 'Path',
  2: 'Resv',
  3: 'PathErr',
  4: 'ResvErr',
  5: 'PathTear',
  6: 'ResvTear',
  7: 'ResvConf',
  12: 'Bundle',
  13: 'Acknowledgement',
  14: 'Hello (Old)',
  15: 'Refresh',
  20: 'Hello',
};
const FLAGS: Bits = [[0x01, 'Refresh reduction capable']];

export function printRsvp(p: Printer, offset: number, length: number): void {
  p.protocol = 'rsvp';
  p.need(offset, HEADER);
  if (!rightVersion(p, offset)) return;
  const type = p.u8(offset + Field.TYPE);
  if (p.options.verbose < 1) {
    p.text(`RSVPv${VERSION} ${wordOf(MESSAGES, type, 'unknown (%u)')} Message, length: ${length}`);
    return;
  }
  const size = header(p, offset, '\n\t');
  if (size < HEADER) return;
  const body = offset + HEADER;
  if (type === BUNDLE) bundle(p, body, size - HEADER);
  else if (MESSAGES[type] === undefined) printUnknownData(p, '\n\t    ', body, size - HEADER);
  else objects(p, { at: offset, size }, '\n\t  ');
}

function rightVersion(p: Printer, at: number): boolean {
  const version = p.u8(at + Field.VERSION_FLAGS) >> 4;
  if (version === VERSION) return true;
  p.text(`ERROR: RSVP version ${version} packet not supported`);
  return false;
}

/** A message's head. @returns the length it says */
function header(p: Printer, at: number, indent: string): number {
  const type = p.u8(at + Field.TYPE);
  const size = p.u16(at + Field.LENGTH);
  p.text(
    `${indent}RSVPv${VERSION} ${wordOf(MESSAGES, type, 'unknown, type: %u')} Message (${type})` +
      `, Flags: [${bitsOf(FLAGS, p.u8(at) & 0xf, 'none')}], length: ${size}, ttl: ${p.u8(at + Field.TTL)}` +
      `, checksum: 0x${hex(p.u16(at + Field.CHECKSUM), 4)}`,
  );
  if (size < HEADER) p.text(`ERROR: common header too short ${size} < ${HEADER}`);
  return size;
}

function bundle(p: Printer, at: number, left: number): void {
  while (left > 0) {
    p.need(at, HEADER);
    if (!rightVersion(p, at)) return;
    const size = header(p, at, '\n\t  ');
    if (size < HEADER) return;
    if (left < size) {
      p.text(`ERROR: common header too large ${size} > ${left}`);
      return;
    }
    if (!objects(p, { at, size }, '\n\t    ')) return;
    at += size;
    left -= size;
  }
}

/** @returns false when one is wrong, which is said already */
function objects(p: Printer, message: RsvpMessage, indent: string): boolean {
  let at = message.at + HEADER;
  let left = message.size - HEADER;
  while (left >= OBJECT_HEADER) {
    const size = p.u16(at);
    const type = p.u8(at + 3);
    if (size % 4 !== 0) {
      p.text(`${indent}ERROR: object header size ${size} not a multiple of 4`);
      return false;
    }
    if (size < OBJECT_HEADER) {
      p.text(`${indent}ERROR: object header too short ${size} < ${OBJECT_HEADER}`);
      return false;
    }
    const number = p.u8(at + 2);
    const unknown = number < 0x80 ? 'reject' : number < 0xc0 ? 'ignore silently' : 'ignore and forward';
    p.text(
      `${indent}${wordOf(RSVP_CLASSES, number, 'Unknown')} Object (${number}) Flags: [${unknown} if unknown]` +
        `, Class-Type: ${RSVP_TYPES[number]?.[type] ?? 'Unknown'} (${type}), length: ${size}`,
    );
    if (left < size) {
      p.text(`${indent}ERROR: object goes past end of objects TLV`);
      return false;
    }
    p.need(at, size);
    if (!object(p, message, number, type, at + OBJECT_HEADER, size - OBJECT_HEADER, indent)) return false;
    at += size;
    left -= size;
  }
  return true;
}

/** @returns false when it is wrong, which is said already */
function object(
  p: Printer,
  message: RsvpMessage,
  number: number,
  type: number,
  at: number,
  length: number,
  indent: string,
): boolean {
  const { verbose } = p.options;
  const printers = OBJECT_PRINTERS[number];
  let dumped = verbose > 1;
  if (printers === undefined) {
    if (verbose <= 1) printUnknownData(p, '\n\t    ', at, length);
  } else {
    try {
      const shown = printers[type]?.(p, at, length, indent, message) ?? Shown.PARTLY;
      if (shown === Shown.OVERRUN) return false;
      if (shown === Shown.PARTLY) dumped = true;
    } catch (error) {
      if (error !== OVERRUN) throw error;
      p.text(`${indent}ERROR: object is too short`);
      return false;
    }
  }
  if (dumped) printUnknownData(p, '\n\t    ', at, length);
  return true;
}

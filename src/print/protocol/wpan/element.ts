// Lists of information elements in IEEE 802.15.4. Source: IEEE 802.15.4-2015, sections 7.4.2 and 7.4.3; 802.15.9.

import { completes, OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { spacedBytes } from './beacon.js';
import { headerElementBody, managementBody, vendorElement } from './elementbody.js';
import { headerElement, managementElement, payloadElement } from './names.js';

/** With so many -v elements are taken apart. */
const DETAILS = 4;
const HEADER = 2;
const LAST_HEADER_ELEMENT = 0x7f;
const Termination = { PAYLOAD_FOLLOWS: 0x7e, DATA_FOLLOWS: 0x7f, PAYLOAD: 0x0f } as const;
const Group = { MANAGEMENT: 1, VENDOR: 2, MULTIPLEXED: 3, IETF: 5 } as const;
const Transfer = { FULL: 0, FULL_SMALL: 1, FRAGMENT: 2, LAST: 4, ABORT: 6 } as const;

/** Where a list of header elements ends, and whether one of payload elements follows. */
export interface HeaderElements {
  /** Bytes of the list. */
  readonly size: number;
  readonly payload: boolean;
}

/** Elements of a frame's header; OVERRUN when they are cut. */
export function headerElements(p: Printer, at: number, left: number): HeaderElements {
  const start = at;
  do {
    if (left < HEADER) {
      p.text('[ERROR: Truncated header IE]');
      throw OVERRUN;
    }
    const header = p.le16(at);
    const size = header & 0x7f;
    const id = (header >> 7) & 0xff;
    if ((header & 0x8000) !== 0) p.text('[ERROR: Header IE with type 1] ');
    if (id > LAST_HEADER_ELEMENT) p.text(`Reserved Element ID ${hex(id, 2)}, length = ${size} `);
    else p.text(`\n\t${headerElement(id)} [${size === 0 ? '' : ` length = ${size}, `}`);
    if (left < HEADER + size) {
      p.text('[ERROR: Truncated IE data]');
      throw OVERRUN;
    }
    at += HEADER;
    if (size > 0) {
      if (p.options.verbose >= DETAILS) headerElementBody(p, at, size, id);
      else data(p, at, size);
    }
    p.text('] ');
    at += size;
    left -= HEADER + size;
    if (id === Termination.PAYLOAD_FOLLOWS) return { size: at - start, payload: true };
    if (id === Termination.DATA_FOLLOWS) break;
  } while (left > 0);
  return { size: at - start, payload: false };
}

function data(p: Printer, at: number, size: number): void {
  p.text('IE Data = ');
  spacedBytes(p, at, size);
}

/** Elements of a frame's payload; OVERRUN when they are cut. @returns their bytes */
export function payloadElements(p: Printer, at: number, left: number): number {
  const start = at;
  do {
    if (left < HEADER) {
      p.text('[ERROR: Truncated header IE]');
      throw OVERRUN;
    }
    const header = p.le16(at);
    const size = header & 0x3ff;
    const group = (header >> 11) & 15;
    if ((header & 0x8000) === 0) p.text('[ERROR: Payload IE with type 0] ');
    p.text(`\n\t${payloadElement(group)} [${size === 0 ? '' : ` length = ${size}, `}`);
    if (left < HEADER + size) {
      p.text('[ERROR: Truncated IE data]');
      throw OVERRUN;
    }
    at += HEADER;
    if (size > 0) {
      if (p.options.verbose >= DETAILS) payloadBody(p, group, at, size);
      else data(p, at, size);
    }
    p.text(']\n\t');
    at += size;
    left -= HEADER + size;
    if (group === Termination.PAYLOAD) break;
  } while (left > 0);
  return at - start;
}

function payloadBody(p: Printer, group: number, at: number, size: number): void {
  switch (group) {
    case Group.MANAGEMENT:
      managementElements(p, at, size);
      break;
    case Group.VENDOR:
      vendorElement(p, at, size);
      break;
    case Group.MULTIPLEXED:
      // What is wrong with one ends it alone.
      completes(() => multiplexed(p, at, size));
      break;
    case Group.IETF:
      p.text(`Subtype ID = 0x${hex(p.u8(at), 2)}, Subtype content = `);
      spacedBytes(p, at + 1, size - 1);
      break;
    default:
      data(p, at, size);
  }
}

/** Elements of the MAC layer's management. */
function managementElements(p: Printer, at: number, left: number): void {
  do {
    if (left < HEADER) {
      p.text('[ERROR: Truncated MLME IE]');
      return;
    }
    const header = p.le16(at);
    const long = (header & 0x8000) !== 0;
    const size = header & (long ? 0x3ff : 0xff);
    const id = long ? (header >> 11) & 15 : (header >> 8) & 0x7f;
    at += HEADER;
    p.text(`\n\t\t${managementElement(id, long)} [ length = ${size}, `);
    if (left < HEADER + size) {
      p.text('[ERROR: Truncated IE data]');
      return;
    }
    if (size > 0) managementBody(p, at, size, id);
    p.text('] ');
    at += size;
    left -= HEADER + size;
  } while (left > 0);
}

/** Frames of upper layers, whole or in fragments. */
function multiplexed(p: Printer, at: number, size: number): void {
  const first = p.u8(at);
  const type = first & 7;
  const transaction = hex(first >> 3, 2);
  let start = 1;
  if (type === Transfer.FULL) {
    p.text('Type = Full upper layer fragment, ');
    if (size < 3) {
      p.text('[ERROR: Multiplex ID missing]');
      return;
    }
    start = 3;
    p.text(`tid = 0x${transaction}, Multiplex ID = 0x${hex(p.le16(at + 1), 4)}, `);
  } else if (type === Transfer.FULL_SMALL) {
    p.text(
      `Type = Full upper layer fragment with small Multiplex ID, Multiplex ID = 0x${hex(first >> 3, 4)}, `,
    );
  } else if (type === Transfer.FRAGMENT || type === Transfer.LAST) {
    start = fragment(p, at, size, type, transaction);
  } else if (type === Transfer.ABORT) {
    abort(p, at, size, transaction);
    return;
  } else p.text(`Type = ${type} (Reserved), tid = 0x${transaction}, `);
  p.text('Upper layer data = ');
  spacedBytes(p, at + start, size - start);
}

/** OVERRUN when its header is cut. @returns where its data begins */
function fragment(p: Printer, at: number, size: number, type: number, transaction: string): number {
  if (size < 2) {
    p.text('[ERROR: fragment number missing]');
    throw OVERRUN;
  }
  const number = p.u8(at + 1);
  const place = type === Transfer.LAST ? 'Last' : number === 0 ? 'First' : 'Middle';
  p.text(`Type = ${place} fragment, tid = 0x${transaction}, fragment = 0x${hex(number, 2)}, `);
  if (number !== 0) return 2;
  if (size < 6) {
    p.text('[ERROR: Total upper layer size or multiplex ID missing]');
    throw OVERRUN;
  }
  p.text(
    `Total upper layer size = 0x${hex(p.le16(at + 2), 4)}, Multiplex ID = 0x${hex(p.le16(at + 4), 4)}, `,
  );
  return 6;
}

function abort(p: Printer, at: number, size: number, transaction: string): void {
  p.text(`Type = Abort, tid = 0x${transaction}, `);
  if (size === 1) p.text('no max size given');
  else if (size === 3) p.text(`max size = 0x${hex(p.le16(at + 1), 4)}`);
  else {
    p.text(`invalid length = ${size} (not 1 or 3)Abort data = `);
    spacedBytes(p, at + 1, size - 1);
  }
}

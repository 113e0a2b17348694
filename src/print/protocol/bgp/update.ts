// Update messages. Source: RFC 4271 (4.3), 7911 (path identifiers).

import { OVERRUN } from '../../endings.js';
import type { Printer } from '../../printer.js';
import { attributeHeader, attributeValue } from './attribute.js';
import { hasPathIds, prefix } from './prefix.js';

const HEADER = 19;
const WIDTH = 4;
/** Characters of a prefix at most. */
const MOST = 163;

/** Where the next field of a message is and what is left of it. */
interface Rest {
  at: number;
  left: number;
}

function pass(rest: Rest, count: number): void {
  rest.at += count;
  rest.left -= count;
}

/** An update message; OVERRUN is thrown where it ends too early. */
export function updateMessage(p: Printer, offset: number, length: number): void {
  if (length < HEADER) throw OVERRUN;
  const rest: Rest = { at: offset + HEADER, left: length - HEADER };
  let size = count(p, rest);
  if (!p.has(rest.at, size) || rest.left < size) throw OVERRUN;
  if (size > 1) {
    p.text('\n\t  Withdrawn routes:');
    size = withdrawn(p, rest, size);
  } else pass(rest, size);
  const attributes = count(p, rest);
  if (size === 0 && attributes === 0 && rest.left === 0) {
    p.text('\n\t  End-of-Rib Marker (empty NLRI)');
    return;
  }
  if (rest.left < attributes) throw OVERRUN;
  pathAttributes(p, rest, attributes);
  if (rest.left > 0) updated(p, rest);
}

/** The two bytes in front of a field of its own length. */
function count(p: Printer, rest: Rest): number {
  if (!p.has(rest.at, 2) || rest.left < 2) throw OVERRUN;
  const value = p.u16(rest.at);
  pass(rest, 2);
  return value;
}

/** @returns bytes of the field that could not be read */
function withdrawn(p: Printer, rest: Rest, size: number): number {
  const identified = hasPathIds(p, rest.at, size, 32);
  while (size > 0) {
    if (identified && size < 4) {
      pass(rest, size);
      return size;
    }
    const used = route(p, rest, size, identified);
    if (used === 0) return identified ? size - 4 : size;
    size -= used;
  }
  return 0;
}

function updated(p: Printer, rest: Rest): void {
  const identified = hasPathIds(p, rest.at, rest.left, 32);
  p.text('\n\t  Updated routes:');
  while (rest.left > 0) {
    if (identified && (!p.has(rest.at, 4) || rest.left < 4)) throw OVERRUN;
    if (route(p, rest, rest.left, identified) === 0) return;
  }
}

/** @returns bytes used of `size`, 0 when the prefix is wrong */
function route(p: Printer, rest: Rest, size: number, identified: boolean): number {
  let id = 0;
  if (identified) {
    id = p.u32(rest.at);
    pass(rest, 4);
    size -= 4;
  }
  const found = prefix(p, rest.at, size, WIDTH);
  if (found === null) {
    p.text('\n\t    (illegal prefix length)');
    return 0;
  }
  p.text(`\n\t    ${found.text.slice(0, MOST)}`);
  if (identified) p.text(`   Path Id: ${id}`);
  pass(rest, found.size);
  return found.size + (identified ? 4 : 0);
}

function pathAttributes(p: Printer, rest: Rest, size: number): void {
  while (size > 0) {
    const header = attributeHeader(p, rest.at, size, rest.left, '\n\t  ');
    if (header === null) {
      p.text('\n\t  [path attrs too short]');
      // Flags and type of one whose length does not fit are passed over before that is known.
      pass(rest, size);
      return;
    }
    if (header.flagged) p.text(': ');
    pass(rest, header.size);
    size -= header.size;
    if (size < header.length) {
      p.text(' [path attrs too short]');
      pass(rest, size);
      return;
    }
    attributeValue(p, header.type, rest.at, header.length, 0);
    pass(rest, header.length);
    size -= header.length;
  }
}

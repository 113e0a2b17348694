// OpenFlow over TCP: one message after the other, those of 1.0 and 1.3 with their bodies. Sources: the Open Networking
// Foundation's OpenFlow Switch Specification 1.0.0 and 1.3.4.

import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Body, type MessageType } from './fields.js';
import { MESSAGES_10 } from './openflow10.js';
import { MESSAGES_13 } from './openflow13.js';

const HEADER = 8;
const VERSIONS: Words = { 1: '1.0', 2: '1.1', 3: '1.2', 4: '1.3', 5: '1.4', 6: '1.5' };
/** Types of messages of the versions that are taken apart. */
const MESSAGES: { readonly [version: number]: readonly MessageType[] } = { 1: MESSAGES_10, 4: MESSAGES_13 };

/** The messages of a segment, the first of which is taken to begin with it. */
export function printOpenflow(p: Printer, offset: number, length: number): void {
  p.protocol = 'openflow';
  p.text(': OpenFlow');
  const b = new Body(p, offset, length);
  while (b.left > 0) if (!message(b)) break;
}

/** @returns whether another message may follow */
function message(b: Body): boolean {
  const { p } = b;
  const version = b.u8();
  p.text(`\n\tversion ${wordOf(VERSIONS, version, 'unknown (0x%02x)')}`);
  if (b.left < 1) return ended(b);
  const number = b.u8();
  const type = MESSAGES[version]?.[number];
  p.text(`, type ${type?.name ?? `unknown (0x${hex(number, 2)})`}`);
  if (b.left < 2) return ended(b);
  const length = b.u16();
  p.text(`, length ${length}${length < HEADER ? ' (too short!)' : ''}`);
  if (b.left < 4) return ended(b);
  p.text(`, xid 0x${hex(b.u32(), 8)}`);
  if (length < HEADER) {
    p.invalid();
    b.rest();
    return false;
  }
  body(b.part(length - HEADER), type);
  if (length - HEADER > b.left) return false;
  b.pass(length - HEADER);
  return true;
}

/** A header that the segment ends in. */
function ended(b: Body): false {
  b.p.text(' (end of TCP payload)');
  b.rest();
  return false;
}

function body(b: Body, type: MessageType | undefined): void {
  const { p } = b;
  if (type !== undefined) {
    if (b.left < (type.least ?? 0) || b.left !== (type.length ?? b.left)) p.invalid();
    else if (p.options.verbose > 0 && type.print !== undefined) {
      type.print(b);
      return;
    }
  }
  b.rest();
}

// AppleTalk's Name Binding Protocol. Source: Inside AppleTalk, second edition, chapter 7.

import { below, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

const HEADER = 2;
/** What a tuple has at least: an address and three names without a letter. */
const TUPLE = 8;
const TupleField = { NET: 0, NODE: 2, SOCKET: 3, ENUMERATOR: 4, NAMES: 5 } as const;
const Kind = { BROADCAST: 0x10, LOOKUP: 0x20, REPLY: 0x30 } as const;
const KINDS: Words = { [Kind.BROADCAST]: 'brRq', [Kind.LOOKUP]: 'lkup', [Kind.REPLY]: 'reply' };
const LONGEST = 32;

/** Where a packet comes from. */
export interface AtalkSource {
  readonly net: number;
  readonly node: number;
  readonly socket: number;
}

/** A network and a node in it; the network alone for all of its nodes. */
export function atalkAddress(net: number, node: number): string {
  return node === 255 ? String(net) : `${net}.${node}`;
}

/**
 * An NBP packet.
 * @param source where it comes from: other addresses in it are strange
 */
export function printNames(p: Printer, offset: number, length: number, source: AtalkSource): void {
  if (below(p, 'undersized-nbp', length, HEADER + TUPLE)) {
    p.invalid();
    return;
  }
  const control = p.u8(offset);
  const kind = control & 0xf0;
  p.text(` nbp-${wordOf(KINDS, kind, '0x%x')}`);
  p.text(` ${p.u8(offset + 1)}`);
  let at = offset + HEADER;
  const count = control & 15;
  if (kind === Kind.BROADCAST || kind === Kind.LOOKUP) {
    p.char(58);
    names(p, at);
    if (count !== 1) p.text(` [ntup=${count}]`);
    const enumerator = p.u8(at + TupleField.ENUMERATOR);
    if (enumerator !== 0) p.text(` [enum=${enumerator}]`);
    const socket = p.u8(at + TupleField.SOCKET);
    if (elsewhere(p, at, source) || socket !== source.socket)
      p.text(` [addr=${tupleAddress(p, at)}.${socket}]`);
  } else if (kind === Kind.REPLY) {
    p.char(58);
    for (let i = 0; i < count && at > 0; i++) at = tuple(p, at, source);
  } else p.text(`  (${length - HEADER})`);
}

function tupleAddress(p: Printer, at: number): string {
  return atalkAddress(p.u16(at + TupleField.NET), p.u8(at + TupleField.NODE));
}

function elsewhere(p: Printer, at: number, source: AtalkSource): boolean {
  return p.u16(at + TupleField.NET) !== source.net || p.u8(at + TupleField.NODE) !== source.node;
}

/** @returns where the next tuple begins, -1 when that cannot be told */
function tuple(p: Printer, at: number, source: AtalkSource): number {
  const next = names(p, at);
  const enumerator = p.u8(at + TupleField.ENUMERATOR);
  if (enumerator !== 1) p.text(`(${enumerator})`);
  const socket = p.u8(at + TupleField.SOCKET);
  if (socket !== source.socket) p.text(` ${socket}`);
  if (elsewhere(p, at, source)) p.text(` [addr=${tupleAddress(p, at)}]`);
  return next;
}

/** Object, type and zone of a tuple. @returns where it ends, -1 when a name is too long */
function names(p: Printer, at: number): number {
  at += TupleField.NAMES;
  p.text(' "');
  for (const mark of [':', '@', '"']) {
    const size = p.u8(at++);
    if (size > LONGEST) {
      p.text(`[len=${size}]`);
      p.need(at, size);
      return -1;
    }
    p.safeBytes(at, size);
    at += size;
    p.text(mark);
  }
  return at;
}

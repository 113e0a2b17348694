// LBL's shared whiteboard. No specification is public: the fields are those of its sources.

import { counted, ipv4Text, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';

const HEADER = 12;
const Field = { TYPE: 10, FLAGS: 11 } as const;
const KILL = 4;
/** A source or session and a number in it. */
const PAIR = 8;

/** The messages: how long the fixed part of each is, and its printer. */
const MESSAGES: Readonly<
  Record<
    number,
    readonly [size: number, name: string, print: (p: Printer, at: number, left: number) => boolean]
  >
> = {
  0: [16, 'dop', drawing],
  1: [28, 'id', announcement],
  2: [20, 'rreq', repairRequest],
  3: [20, 'rrep', repairReply],
  5: [16, 'preq', pageRequest],
  7: [4, 'prep', pages],
};

const OPERATION = 8;
const OperationField = { STAMP: 0, LENGTH: 4, TYPE: 7 } as const;
const SKIP = 14;
const HOLE = 15;
const OPERATIONS = counted(2, 'RECT|LINE|ML|DEL|XFORM|ELL|CHAR|STR|NOP|PSCODE|PSCOMP|REF|SKIP|HOLE');

/** A whiteboard message. */
export function printWb(p: Printer, offset: number, length: number): void {
  p.protocol = 'wb';
  if (!message(p, offset, length)) p.invalid();
}

function message(p: Printer, offset: number, length: number): boolean {
  if (length < HEADER) return false;
  p.need(offset, HEADER);
  if (p.u8(offset + Field.FLAGS) !== 0) p.char(42);
  const type = p.u8(offset + Field.TYPE);
  if (type === KILL) {
    p.text(' wb-kill');
    return true;
  }
  const known = MESSAGES[type];
  if (known === undefined) {
    p.text(` wb-${type}!`);
    return false;
  }
  const [size, name, print] = known;
  p.text(` wb-${name}:`);
  return length - HEADER >= size && print(p, offset + HEADER, length - HEADER - size);
}

/** A page: who began its session, and its number. */
function page(p: Printer, at: number): string {
  return `${ipv4Text(p, at)}:${p.u32(at + 4)}`;
}

/** Sources and how far each has come. */
function sources(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++, at += PAIR) {
    p.need(at, PAIR);
    p.text(`${i === 0 ? '<' : ','}${page(p, at)}`);
  }
}

function announcement(p: Printer, at: number, left: number): boolean {
  p.need(at, 24);
  p.text(` ${p.u32(at + 12)}/${page(p, at + 16)} (max ${p.u32(at)}/${page(p, at + 4)}) `);
  p.need(at, 28);
  const count = p.u16(at + 24);
  if (left < count * PAIR) return false;
  sources(p, at + 28, count);
  p.text('> "');
  p.safeUntilNul(at + 28 + count * PAIR, left - count * PAIR);
  p.char(34);
  return true;
}

function repairRequest(p: Printer, at: number): boolean {
  p.need(at, 20);
  p.text(` please repair ${ipv4Text(p, at)} ${page(p, at + 4)}<${p.u32(at + 12)}:${p.u32(at + 16)}>`);
  return true;
}

function pageRequest(p: Printer, at: number): boolean {
  p.need(at, 12);
  p.text(` need ${p.u32(at + 8)}/${page(p, at)}`);
  p.need(at, 16);
  return true;
}

/** Pages and their sources; tcpdump takes the high byte of a page's count for all of it. */
function pages(p: Printer, at: number): boolean {
  let left = p.u32(at);
  at += 4;
  for (; left > 0; left--) {
    p.need(at, 12);
    p.text(` ${p.u32(at)}/${page(p, at + 4)}`);
    p.need(at, 16);
    const count = p.u8(at + 12);
    sources(p, at + 16, count);
    p.char(62);
    at += 16 + count * PAIR;
  }
  return true;
}

function repairReply(p: Printer, at: number): boolean {
  p.need(at, 20);
  p.text(` for ${ipv4Text(p, at)}`);
  return drawing(p, at + 4);
}

function drawing(p: Printer, at: number): boolean {
  p.need(at, 16);
  const first = p.u32(at + 8);
  const last = p.u32(at + 12);
  p.text(` ${page(p, at)}<${first}:${last}>`);
  if (p.options.verbose > 0) operations(p, at + 16, first, last);
  return true;
}

/** Operations by their sequence numbers, of which some stand for several. */
function operations(p: Printer, at: number, first: number, last: number): void {
  p.text(' <');
  for (let number = first; number <= last; number = (number + 1) >>> 0) {
    const type = p.u8(at + OperationField.TYPE);
    p.text(` ${wordOf(OPERATIONS, type, 'dop-%u!')}`);
    if (type === SKIP || type === HOLE) {
      const until = p.u32(at + OperationField.STAMP);
      p.text(`${(until - number + 1) >>> 0}`);
      if (number > until || until > last) {
        p.text('[|]');
        if (until < number) return;
      }
      number = until;
    }
    at += (p.u16(at + OperationField.LENGTH) + OPERATION + 3) & ~3;
  }
  p.text(' >');
}

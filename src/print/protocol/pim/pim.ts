// Protocol Independent Multicast version 2. Source: RFC 7761 (sparse mode), RFC 3973 (dense mode), RFC 5015
// (bidirectional), RFC 2117 (addresses without their family).

import { checksum, transportChecksum } from '../../checksum.js';
import { completes, OVERRUN } from '../../endings.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';
import { printIp } from '../ip/ip.js';
import { printIp6 } from '../ip/ip6.js';
import { group, source, unicast } from './address.js';
import { hello } from './hello.js';

const Type = {
  HELLO: 0,
  REGISTER: 1,
  REGISTER_STOP: 2,
  JOIN_PRUNE: 3,
  BOOTSTRAP: 4,
  ASSERT: 5,
  GRAFT: 6,
  GRAFT_ACK: 7,
  CANDIDATE_RP: 8,
  PRUNE_REFRESH: 9,
  DF_ELECTION: 10,
} as const;
const TYPES: Words = {
  0: 'Hello',
  1: 'Register',
  2: 'Register Stop',
  3: 'Join / Prune',
  4: 'Bootstrap',
  5: 'Assert',
  6: 'Graft',
  7: 'Graft Acknowledgement',
  8: 'Candidate RP Advertisement',
  9: 'Prune Refresh',
  10: 'DF Election',
  11: 'ECMP Redirect',
};
const REGISTER_FLAGS: Words = { 0x80000000: 'Border', 0x40000000: 'Null' };
const ELECTION: Words = { 1: 'Offer', 2: 'Winner', 3: 'Backoff', 4: 'Pass' };
const BACKOFF = 3;
const PASS = 4;
const PROTOCOL = 103;
const FOREVER = 0xffff;

export function printPim(p: Printer, offset: number, length: number): void {
  p.protocol = 'pim';
  const first = p.u8(offset);
  const version = first >> 4;
  const type = wordOf(TYPES, first & 15, 'Unknown Type');
  if (version !== 2) p.text(`PIMv${version}, length ${length}`);
  else if (p.options.verbose === 0) p.text(`PIMv2, ${type}, length ${length}`);
  else {
    p.text(`PIMv2, length ${length}\n\t${type}`);
    p.protocol = 'pimv2';
    message(p, offset, length, first & 15);
  }
}

function message(p: Printer, offset: number, length: number, type: number): void {
  if (tooShort(p, length, 2)) return;
  const addressLength = p.u8(offset + 1) & 15;
  if (addressLength !== 0) p.text(', RFC2117-encoding');
  if (tooShort(p, length, 4)) return;
  const sum = p.u16(offset + 2);
  p.text(`, cksum 0x${hex(sum, 4)} (${sum === 0 ? 'unverified' : verdict(p, offset, length, type)})`);
  const span = new Span(p, offset + 4, length - 4);
  const whole = completes(() => {
    if (type === Type.DF_ELECTION) election(p, span, addressLength, p.u8(offset + 1) >> 4);
    else if (BODIES[type] === undefined) p.text(` [type ${type}]`);
    else BODIES[type](p, span, addressLength, type);
  });
  if (!whole) p.truncated();
}

function tooShort(p: Printer, length: number, least: number): boolean {
  if (length >= least) return false;
  p.text(`[length ${length} < ${least}]`);
  p.invalid();
  return true;
}

/** What the checksum says. A Register's covers its header alone; one over all of it is taken too. */
function verdict(p: Printer, offset: number, length: number, type: number): string {
  const first = covered(p, offset, type === Type.REGISTER ? 8 : length);
  return first === 'incorrect' && type === Type.REGISTER ? covered(p, offset, length) : first;
}

function covered(p: Printer, offset: number, length: number): string {
  if (!p.has(offset, length)) return 'unverified';
  const sum =
    p.ipVersion === 6 ? transportChecksum(p, offset, length, PROTOCOL) : checksum(p, offset, length);
  return sum === 0 ? 'correct' : 'incorrect';
}

/** Prints a message behind its header, by type. `encoding`: length of the addresses, 0 when they say it. */
type Body = (p: Printer, span: Span, encoding: number, type: number) => void;

const BODIES: Readonly<Record<number, Body>> = {
  [Type.HELLO]: hello,
  [Type.REGISTER]: register,
  [Type.REGISTER_STOP]: (p, span, encoding) => {
    p.text(' group=');
    group(p, span, encoding);
    p.text(' source=');
    unicast(p, span, encoding);
  },
  [Type.JOIN_PRUNE]: joinPrune,
  [Type.GRAFT]: joinPrune,
  [Type.GRAFT_ACK]: joinPrune,
  [Type.BOOTSTRAP]: bootstrap,
  [Type.ASSERT]: (p, span, encoding) => {
    p.text(' group=');
    group(p, span, encoding);
    p.text(' src=');
    unicast(p, span, encoding);
    const at = span.take(8);
    const preference = p.u32(at);
    p.text(`${preference > 0x7fffffff ? ' RPT' : ''} pref=${preference & 0x7fffffff}`);
    p.text(` metric=${p.u32(at + 4)}`);
  },
  [Type.CANDIDATE_RP]: candidate,
  [Type.PRUNE_REFRESH]: (p, span, encoding) => {
    p.text(' src=');
    unicast(p, span, encoding);
    p.text(' grp=');
    group(p, span, encoding);
    p.text(' forwarder=');
    unicast(p, span, encoding);
    span.ask(2);
    p.text(' TUNR ');
    p.relativeTime(p.u16(span.at));
  },
};

/** A packet on its way to the rendezvous point. */
function register(p: Printer, span: Span): void {
  const flags = p.u32(span.take(4));
  p.text(`, Flags [ ${wordOf(REGISTER_FLAGS, flags, 'none')} ]\n\t`);
  span.ask(1);
  const { at, left } = span;
  const version = p.u8(at) >> 4;
  if (version === 4) printIp(p, at, left);
  else if (version === 6) printIp6(p, at, left);
  else if (version !== 0) p.text(`IP ver ${version}`);
  else {
    p.need(at, 20);
    p.text('IP-Null-header ');
    p.ipv4(at + 12);
    p.text(' > ');
    p.ipv4(at + 16);
  }
}

function joinPrune(p: Printer, span: Span, encoding: number, type: number): void {
  const acknowledged = type === Type.GRAFT_ACK;
  if (!acknowledged) {
    p.text(', upstream-neighbor: ');
    unicast(p, span, encoding);
  }
  const at = span.take(4);
  const groups = p.u8(at + 1);
  p.text(`\n\t  ${groups} group(s)`);
  if (!acknowledged) {
    const time = p.u16(at + 2);
    p.text(', holdtime: ');
    if (time === FOREVER) p.text('infinite');
    else p.relativeTime(time);
  }
  for (let i = 1; i <= groups; i++) {
    p.text(`\n\t    group #${i}: `);
    group(p, span, encoding);
    const counts = span.take(4);
    const joined = p.u16(counts);
    const pruned = p.u16(counts + 2);
    p.text(`, joined sources: ${joined}, pruned sources: ${pruned}`);
    sources(p, span, encoding, 'joined', joined);
    sources(p, span, encoding, 'pruned', pruned);
  }
}

function sources(p: Printer, span: Span, encoding: number, word: string, count: number): void {
  for (let i = 1; i <= count; i++) {
    p.text(`\n\t      ${word} source #${i}: `);
    source(p, span, encoding);
  }
}

function bootstrap(p: Printer, span: Span, encoding: number): void {
  p.text(` tag=${hex(p.u16(span.skip(2)))}`);
  span.ask(1);
  p.text(` hashmlen=${p.u8(span.at)}`);
  span.ask(2);
  // The first byte of the address must be there too.
  if (!p.has(span.at + 2, 1)) throw OVERRUN;
  p.text(` BSRprio=${p.u8(span.skip(2) + 1)}`);
  p.text(' BSR=');
  unicast(p, span, encoding);
  for (let i = 0; span.left > 0; i++) {
    p.text(` (group${i}: `);
    group(p, span, encoding);
    span.ask(1);
    p.text(` RPcnt=${p.u8(span.at)}`);
    span.ask(2);
    const count = p.u8(span.at + 1);
    p.text(` FRPcnt=${count}`);
    span.skip(4);
    for (let j = 0; j < count && span.left > 0; j++) {
      p.text(` RP${j}=`);
      unicast(p, span, encoding);
      span.ask(2);
      p.text(',holdtime=');
      p.relativeTime(p.u16(span.at));
      span.ask(3);
      p.text(`,prio=${p.u8(span.at + 2)}`);
      span.skip(4);
    }
    p.char(41);
  }
}

function candidate(p: Printer, span: Span, encoding: number): void {
  span.ask(1);
  const count = p.u8(span.at);
  p.text(` prefix-cnt=${count}`);
  span.ask(2);
  p.text(` prio=${p.u8(span.at + 1)}`);
  span.ask(4);
  p.text(' holdtime=');
  p.relativeTime(p.u16(span.at + 2));
  span.skip(4);
  p.text(' RP=');
  unicast(p, span, encoding);
  for (let i = 0; i < count && span.left > 0; i++) {
    p.text(` Group${i}=`);
    group(p, span, encoding);
  }
}

/** Bidirectional PIM: who forwards on a link. */
function election(p: Printer, span: Span, encoding: number, kind: number): void {
  p.text(`\n\t  ${wordOf(ELECTION, kind, 'Unknown')}, rpa=`);
  unicast(p, span, encoding);
  rating(p, span, 'sender');
  if (kind !== BACKOFF && kind !== PASS) return;
  const word = kind === BACKOFF ? 'offer' : 'new winner';
  p.text(`\n\t  ${word} addr=`);
  unicast(p, span, encoding);
  rating(p, span, word);
  if (kind === BACKOFF) p.text(` interval ${p.u16(span.at)}ms`);
}

function rating(p: Printer, span: Span, word: string): void {
  p.text(` ${word} pref=${p.u32(span.at)}`);
  p.text(` ${word} metric=${p.u32(span.at + 4)}`);
  span.drop(8);
}

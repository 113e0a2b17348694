// IGMP versions 1 to 3, and multicast traceroute. Source: RFC 1112, RFC 2236, RFC 3376,
// draft-asaeda-mboned-mtrace-v2.

import { checksum } from '../checksum.js';
import { ipv4Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printers } from '../table.js';

const RECORDS: Words = { 1: 'is_in', 2: 'is_ex', 3: 'to_in', 4: 'to_ex', 5: 'allow', 6: 'block' };
const USUAL_RESPONSE_TIME = 100;
/** The first four bits of a multicast address. */
const MULTICAST = 0xe;

export function printIgmp(p: Printer, offset: number, length: number): void {
  p.protocol = 'igmp';
  if (p.options.quiet) {
    p.text('igmp');
    return;
  }
  const type = p.u8(offset);
  switch (type) {
    case 0x11:
      p.text('igmp query');
      if (length >= 12) query3(p, offset, length);
      else query(p, offset, length);
      break;
    case 0x12:
      p.text(`igmp v1 report ${ipv4Text(p, offset + 4)}`);
      otherLength(p, length);
      break;
    case 0x13:
      p.text('igmp dvmrp');
      if (length < 8) otherLength(p, length);
      else printers.dvmrp(p, offset, length);
      break;
    case 0x14:
      p.text('igmp pimv1');
      printers.pim1(p, offset, length);
      break;
    case 0x16:
      p.text(`igmp v2 report ${ipv4Text(p, offset + 4)}`);
      break;
    case 0x17:
      p.text(`igmp leave ${ipv4Text(p, offset + 4)}`);
      break;
    case 0x22:
      p.text('igmp v3 report');
      report3(p, offset, length);
      break;
    case 0x1e:
      trace(p, 'mresp', offset, length);
      break;
    case 0x1f:
      trace(p, 'mtrace', offset, length);
      break;
    default:
      p.text('igmp-');
      p.dec(type);
  }
  if (p.options.verbose > 0 && length >= 4 && p.has(offset, length) && checksum(p, offset, length) !== 0) {
    p.text(' bad igmp cksum ');
    p.hex(p.u16(offset + 2));
    p.char(33);
  }
}

/** A length that is not the usual one. */
function otherLength(p: Printer, length: number): void {
  if (length !== 8) p.text(` [len ${length}]`);
}

/** Who asks for the way from a source to a destination, and where the answer goes. */
function trace(p: Printer, word: string, offset: number, length: number): void {
  if (length < 24) {
    p.text(` [invalid len ${length}]`);
    return;
  }
  const reply = offset + 16;
  p.text(
    `${word} ${p.u24(offset + 21)}: ${ipv4Text(p, offset + 8)} to ${ipv4Text(p, offset + 12)}` +
      ` reply-to ${ipv4Text(p, reply)}`,
  );
  if (p.u8(reply) >> 4 === MULTICAST) p.text(` with-ttl ${p.u8(offset + 20)}`);
}

function query(p: Printer, offset: number, length: number): void {
  const time = p.u8(offset + 1);
  p.text(time === 0 ? ' v1' : ' v2');
  if (time !== 0 && time !== USUAL_RESPONSE_TIME) p.text(` [max resp time ${time}]`);
  if (p.u32(offset + 4) !== 0) {
    p.text(` [gaddr ${ipv4Text(p, offset + 4)}]`);
  }
  otherLength(p, length);
}

function query3(p: Printer, offset: number, length: number): void {
  p.text(' v3');
  if ((length & 3) !== 0) {
    p.text(` [invalid len ${length}]`);
    return;
  }
  const code = p.u8(offset + 1);
  const time = code < 128 ? code : ((code & 15) | 16) << (((code & 0x70) >> 4) + 3);
  if (code !== USUAL_RESPONSE_TIME) {
    p.text(' [max resp time ');
    if (time < 600) p.text(`${(time * 0.1).toFixed(1)}s`);
    else p.relativeTime(Math.floor(time / 10));
    p.char(93);
  }
  if (p.u32(offset + 4) === 0) return;
  p.text(` [gaddr ${ipv4Text(p, offset + 4)}`);
  const sources = p.u16(offset + 10);
  if (sources > 0) {
    if (length < 12 + sources * 4) p.text(' [invalid number of sources]');
    else sourceList(p, offset + 12, sources);
  }
  p.char(93);
}

/** With -vv the sources themselves, else how many. */
function sourceList(p: Printer, offset: number, count: number): void {
  if (p.options.verbose <= 1) {
    p.text(`, ${count} source(s)`);
    return;
  }
  p.text(' {');
  for (let i = 0; i < count; i++) {
    p.text(` ${ipv4Text(p, offset + 4 * i)}`);
  }
  p.text(' }');
}

function report3(p: Printer, offset: number, length: number): void {
  if (length < 16 || (length & 3) !== 0) {
    p.text(` [invalid len ${length}]`);
    return;
  }
  const count = p.u16(offset + 6);
  p.text(`, ${count} group record(s)`);
  if (p.options.verbose === 0) return;
  let at = 8;
  for (let i = 0; i < count; i++) {
    if (length < at + 8) {
      p.text(' [invalid number of groups]');
      return;
    }
    p.text(` [gaddr ${ipv4Text(p, offset + at + 4)}`);
    p.text(` ${wordOf(RECORDS, p.u8(offset + at), ' [v3-report-#%u]')}`);
    const sources = p.u16(offset + at + 2);
    if (length < at + 8 + sources * 4) {
      p.text(` [invalid number of sources ${sources}]`);
      return;
    }
    sourceList(p, offset + at + 8, sources);
    p.char(93);
    at += 8 + sources * 4;
  }
}

// IGMP versions 1 to 3. Source: RFC 1112, RFC 2236, RFC 3376.

import { checksum } from '../checksum.js';
import type { Printer, Words } from '../printer.js';

const RECORDS: Words = { 1: 'is_in', 2: 'is_ex', 3: 'to_in', 4: 'to_ex', 5: 'allow', 6: 'block' };
const USUAL_RESPONSE_TIME = 100;

export function printIgmp(p: Printer, offset: number, length: number): void {
  p.protocol = 'igmp';
  const type = p.u8(offset);
  switch (type) {
    case 0x11:
      p.text('igmp query');
      if (length >= 12) query3(p, offset, length);
      else query(p, offset, length);
      break;
    case 0x12:
      group(p, 'igmp v1 report ', offset, length);
      break;
    case 0x16:
      group(p, 'igmp v2 report ', offset, length);
      break;
    case 0x17:
      group(p, 'igmp leave ', offset, length);
      break;
    case 0x22:
      p.text('igmp v3 report');
      report3(p, offset, length);
      break;
    default:
      p.text('igmp-');
      p.dec(type);
  }
  if (p.options.verbose > 0 && p.has(offset, length) && checksum(p, offset, length) !== 0) {
    p.text(' bad igmp cksum ');
    p.hex(p.u16(offset + 2));
    p.char(33);
  }
}

function group(p: Printer, word: string, offset: number, length: number): void {
  p.text(word);
  p.ipv4(offset + 4);
  if (length !== 8) p.text(` [len ${length}]`);
}

function query(p: Printer, offset: number, length: number): void {
  const time = p.u8(offset + 1);
  p.text(time === 0 ? ' v1' : ' v2');
  if (time !== 0 && time !== USUAL_RESPONSE_TIME) p.text(` [max resp time ${time}]`);
  if (p.u32(offset + 4) !== 0) {
    p.text(' [gaddr ');
    p.ipv4(offset + 4);
    p.char(93);
  }
  if (length !== 8) p.text(` [len ${length}]`);
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
    else {
      p.text(`${Math.floor(time / 600)}m`);
      if (time % 600 !== 0) p.text(`${Math.floor((time % 600) / 10)}s`);
    }
    p.char(93);
  }
  const sources = p.u16(offset + 10);
  if (p.u32(offset + 4) === 0) return;
  p.text(' [gaddr ');
  p.ipv4(offset + 4);
  if (sources > 0) {
    if (length < 12 + sources * 4) p.text(` [invalid number of sources ${sources}]`);
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
    p.char(32);
    p.ipv4(offset + 4 * i);
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
    p.text(' [gaddr ');
    p.ipv4(offset + at + 4);
    p.char(32);
    p.word(RECORDS, p.u8(offset + at), ' [v3-report-#%u]');
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

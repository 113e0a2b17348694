// Multicast listener discovery, versions 1 and 2. Source: RFC 2710, RFC 3810.

import type { Printer, Words } from '../../printer.js';

const RECORDS: Words = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
};
const V1_LENGTH = 24;
const V2_LENGTH = 28;
/** A group record without its sources; a source is an address. */
const RECORD = 20;
const ADDRESS = 16;

/** A query, of the version its length tells. */
export function listenerQuery(p: Printer, offset: number, length: number): void {
  if (length === V1_LENGTH) listener(p, offset);
  else if (length >= V2_LENGTH) queryV2(p, offset, length);
  else p.text(` unknown-version (len ${length}) `);
}

/** A message of version 1; a cut one shows nothing. */
export function listener(p: Printer, offset: number): void {
  if (!p.has(offset, V1_LENGTH)) return;
  p.text('max resp delay: ');
  p.dec(p.u16(offset + 4));
  p.text(' addr: ');
  p.ipv6(offset + 8);
}

function queryV2(p: Printer, offset: number, length: number): void {
  p.text(' v2');
  const { verbose } = p.options;
  const code = p.u16(offset + 4);
  if (verbose > 0) {
    p.text(' [max resp delay=');
    p.dec(code < 32768 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3));
    p.char(93);
  }
  p.need(offset + 8, ADDRESS);
  p.text(' [gaddr ');
  p.ipv6(offset + 8);
  if (verbose > 0) {
    const flags = p.u8(offset + 24);
    if ((flags & 8) !== 0) p.text(' sflag');
    if ((flags & 7) !== 0) p.text(` robustness=${flags & 7}`);
    const interval = p.u8(offset + 25);
    p.text(' qqi=');
    p.dec(interval < 128 ? interval : ((interval & 15) | 16) << (((interval >> 4) & 7) + 3));
  }
  const sources = p.u16(offset + 26);
  if (sources > 0) {
    if (length < V2_LENGTH + ADDRESS * sources) p.text(' [invalid number of sources]');
    else sourceList(p, offset + V2_LENGTH, sources);
  }
  p.char(93);
}

/** Each source with -vv, else how many there are. */
function sourceList(p: Printer, offset: number, count: number): void {
  if (p.options.verbose < 2) {
    p.text(`, ${count} source(s)`);
    return;
  }
  p.text(' {');
  for (let i = 0; i < count; i++) {
    p.need(offset + ADDRESS * i, ADDRESS);
    p.char(32);
    p.ipv6(offset + ADDRESS * i);
  }
  p.text(' }');
}

/** A report of version 2. */
export function listenerReportV2(p: Printer, offset: number, length: number): void {
  if (length < 8) {
    p.text(` [invalid len ${length}]`);
    return;
  }
  const count = p.u16(offset + 6);
  p.text(`, ${count} group record(s)`);
  if (p.options.verbose === 0) return;
  let at = offset + 8;
  const end = offset + length;
  for (let i = 0; i < count; i++) {
    if (end < at + RECORD) {
      p.text(' [invalid number of groups]');
      return;
    }
    p.need(at + 4, ADDRESS);
    p.text(' [gaddr ');
    p.ipv6(at + 4);
    p.char(32);
    p.word(RECORDS, p.u8(at), ' [v2-report-#%u]');
    const sources = p.u16(at + 2);
    if (end < at + RECORD + ADDRESS * sources) {
      p.text(` [invalid number of sources ${sources}]`);
      return;
    }
    sourceList(p, at + RECORD, sources);
    p.char(93);
    at += RECORD + ADDRESS * sources;
  }
}

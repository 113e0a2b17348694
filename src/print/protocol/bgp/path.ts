// AS paths. Source: RFC 4271 (4.3), 5065 (confederations), 6793 (numbers of four bytes).

import { wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { asText } from './prefix.js';
import { need } from './route.js';

const SEGMENTS_OPEN: Words = { 1: '{ ', 2: '', 3: '( ', 4: '({ ' };
const SEGMENTS_CLOSE: Words = { 1: '}', 2: '', 3: ')', 4: '})' };

/** An AS path. `four`: its numbers have four bytes for certain. */
export function asPath(p: Printer, at: number, length: number, four: boolean): void {
  if (length % 2 !== 0) p.text('invalid len');
  else if (length === 0) p.text('empty');
  else {
    const size = four || !twoBytes(p, at, length) ? 4 : 2;
    const end = at + length;
    while (at < end) {
      const type = p.u8(at);
      p.text(wordOf(SEGMENTS_OPEN, type, '?'));
      const count = p.u8(at + 1);
      at += 2;
      for (let i = 0; i < count; i++, at += size) {
        need(p, at, size);
        p.text(`${asText(p, size === 2 ? p.u16(at) : p.u32(at))} `);
      }
      p.text(wordOf(SEGMENTS_CLOSE, type, '?'));
    }
  }
}

/** Nothing says how wide the numbers of an AS path are: two bytes, if its segments then end where it does. */
function twoBytes(p: Printer, at: number, length: number): boolean {
  const end = at + length;
  while (at < end) {
    const type = p.u8(at);
    if (type < 1 || type > 4) return false;
    at += 2 + p.u8(at + 1) * 2;
  }
  return at === end;
}

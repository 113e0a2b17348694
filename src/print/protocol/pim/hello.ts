// The options of PIMv2's Hello. Source: RFC 7761 section 4.9.2, RFC 3973 section 4.7.5, RFC 5015.

import { printUnknownData } from '../../hexdump.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';
import { unicast } from './address.js';

const Option = {
  HOLD_TIME: 1,
  PRUNE_DELAY: 2,
  PRIORITY_OLD: 18,
  PRIORITY: 19,
  GENERATION: 20,
  REFRESH: 21,
  BIDIRECTIONAL: 22,
  ADDRESSES: 24,
  ADDRESSES_OLD: 65001,
} as const;
const OPTIONS: Words = {
  1: 'Hold Time',
  2: 'LAN Prune Delay',
  18: 'DR Priority (Old)',
  19: 'DR Priority',
  20: 'Generation ID',
  21: 'State Refresh Capability',
  22: 'Bi-Directional Capability',
  24: 'Address List',
  65001: 'Address List (Old)',
};
const NEXT_LINE = '\n\t    ';

export function hello(p: Printer, span: Span, encoding: number): void {
  while (span.left > 0) {
    span.ask(4);
    const type = p.u16(span.at);
    const length = p.u16(span.at + 2);
    p.text(`\n\t  ${wordOf(OPTIONS, type, 'Unknown')} Option (${type}), length ${length}, Value: `);
    span.skip(4);
    span.askCaptured(length);
    if (!option(p, span, type, length, encoding)) return;
    if (p.options.verbose > 1) printUnknownData(p, NEXT_LINE, span.at, length);
    span.skip(length);
  }
}

/** @returns false when its length is wrong */
function option(p: Printer, span: Span, type: number, length: number, encoding: number): boolean {
  const { at } = span;
  switch (type) {
    case Option.HOLD_TIME:
      if (wrong(p, length, 2)) return false;
      p.relativeTime(p.u16(at));
      break;
    case Option.PRUNE_DELAY: {
      if (wrong(p, length, 4)) return false;
      const delay = p.u16(at);
      p.text(
        `${NEXT_LINE}T-bit=${delay >> 15}, LAN delay ${delay & 0x7fff}ms, Override interval ${p.u16(at + 2)}ms`,
      );
      break;
    }
    case Option.PRIORITY_OLD:
    case Option.PRIORITY:
      // The old bidirectional capability had this number, and no value.
      if (length === 0) p.text('Bi-Directional Capability (Old)');
      else if (wrong(p, length, 4)) return false;
      else p.dec(p.u32(at));
      break;
    case Option.GENERATION:
      if (wrong(p, length, 4)) return false;
      p.text(`0x${hex(p.u32(at), 8)}`);
      break;
    case Option.REFRESH:
      if (wrong(p, length, 4)) return false;
      refresh(p, at);
      break;
    case Option.BIDIRECTIONAL:
      break;
    case Option.ADDRESSES:
    case Option.ADDRESSES_OLD:
      if (p.options.verbose > 1) addresses(p, span, length, encoding);
      break;
    default:
      if (p.options.verbose <= 1) printUnknownData(p, NEXT_LINE, at, length);
  }
  return true;
}

function wrong(p: Printer, length: number, right: number): boolean {
  if (length === right) return false;
  p.text(`[option length ${length} != ${right}]`);
  p.invalid();
  return true;
}

function refresh(p: Printer, at: number): void {
  p.text(`v${p.u8(at)}`);
  const interval = p.u8(at + 1);
  if (interval !== 0) {
    p.text(', interval ');
    p.relativeTime(interval);
  }
  const reserved = p.u16(at + 2);
  if (reserved !== 0) p.text(` ?0x${hex(reserved, 4)}?`);
}

/** The last address may reach past the option, not past the message. */
function addresses(p: Printer, span: Span, length: number, encoding: number): void {
  const list = new Span(p, span.at, span.left);
  while (list.at < span.at + length) {
    p.text(NEXT_LINE);
    unicast(p, list, encoding);
  }
}

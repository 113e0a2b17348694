// Addresses as PIMv2 encodes them: with their family in front, or bare when the header says their length.
// Source: RFC 7761 section 4.9.1; RFC 2117 for the bare ones.

import { OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import type { Span } from '../../span.js';

const IP4 = 1;
const IP6 = 2;

/** Reads family and encoding, when there are any. @returns bytes of the address itself */
function begin(p: Printer, span: Span, encoding: number): number {
  if (encoding === 4 || encoding === 16) return encoding;
  if (encoding !== 0) throw OVERRUN;
  span.ask(2);
  const family = p.u8(span.at);
  if (family !== IP4 && family !== IP6) throw OVERRUN;
  if (p.u8(span.at + 1) !== 0) throw OVERRUN;
  span.skip(2);
  return family === IP4 ? 4 : 16;
}

function address(p: Printer, offset: number, size: number): void {
  if (size === 4) p.ipv4(offset);
  else p.ipv6(offset);
}

export function unicast(p: Printer, span: Span, encoding: number): void {
  const size = begin(p, span, encoding);
  address(p, span.take(size), size);
}

/** An address with flags and the length of its mask. @returns the flags */
function masked(p: Printer, span: Span, encoding: number): number {
  const size = begin(p, span, encoding);
  const at = span.take(size + 2);
  const bits = p.u8(at + 1);
  address(p, at + 2, size);
  if (bits !== size * 8) p.text(`/${bits}`);
  return p.u8(at);
}

export function group(p: Printer, span: Span, encoding: number): void {
  const flags = masked(p, span, encoding);
  if (flags !== 0) p.text(`(0x${hex(flags, 2)})`);
}

/** A source's flags: sparse, wildcard, rendezvous point tree. */
export function source(p: Printer, span: Span, encoding: number): void {
  const flags = masked(p, span, encoding);
  if (flags === 0) return;
  const rest = flags & 0xf8;
  p.text(
    `(${(flags & 4) !== 0 ? 'S' : ''}${(flags & 2) !== 0 ? 'W' : ''}${(flags & 1) !== 0 ? 'R' : ''}` +
      `${rest !== 0 ? `+0x${hex(rest, 2)}` : ''})`,
  );
}

// Routes of any family in an attribute. Source: RFC 4760, 2858 (points of attachment).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { ADDRESS_FAMILIES } from '../../tables/addressfamilies.js';
import { routeFamily } from './nlri.js';
import { SAFIS } from './numbers.js';
import { hasPathIds } from './prefix.js';
import { need } from './route.js';

/** The family in front of an attribute's routes. */
const FAMILY = 3;

/** @returns the family, or null when its routes cannot be shown */
function family(p: Printer, at: number, length: number): ReturnType<typeof routeFamily> {
  const afi = p.u16(at);
  const safi = p.u8(at + 2);
  p.text(
    `\n\t    AFI: ${wordOf(ADDRESS_FAMILIES, afi, 'Unknown AFI')} (${afi}), ${safi > 128 ? 'vendor specific ' : ''}` +
      `SAFI: ${wordOf(SAFIS, safi, 'Unknown SAFI')} (${safi})`,
  );
  const found = routeFamily(afi, safi);
  if (found !== undefined) return found;
  need(p, at, length);
  p.text(`\n\t    no AFI ${afi} / SAFI ${safi} decoder`);
  if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', at, length);
  return undefined;
}

/** Routes that can be used, and their next hop. */
export function reach(p: Printer, at: number, length: number): void {
  need(p, at, FAMILY);
  if (length < FAMILY) throw OVERRUN;
  const found = family(p, at, length);
  if (found === undefined) return;
  const end = at + length;
  at += FAMILY;
  need(p, at, 1);
  if (end - at < 1) throw OVERRUN;
  const size = p.u8(at++);
  if (size > 0) {
    if (end - at < size) throw OVERRUN;
    p.text('\n\t    nexthop: ');
    const stop = at + size;
    for (let first = true; at < stop; first = false) {
      if (!first) p.text(', ');
      at += found.nextHop(p, at, stop - at);
    }
  }
  p.text(`, nh-length: ${size}`);
  if (end - at < 1) throw OVERRUN;
  at = attachmentPoints(p, at, end);
  routes(p, found, at, end - at, length);
}

/** The addresses of RFC 2858 that RFC 4760 does without. @returns where the routes begin */
function attachmentPoints(p: Printer, at: number, end: number): number {
  const count = p.u8(at++);
  p.text(count === 0 ? ', no SNPA' : `\n\t    ${count} SNPA`);
  for (let i = 0; i < count; i++) {
    if (end - at < 1) throw OVERRUN;
    const size = p.u8(at++);
    p.text(`\n\t      ${size} bytes`);
    if (end - at < size) throw OVERRUN;
    need(p, at, size);
    at += size;
  }
  return at;
}

/** Routes that cannot be used any more. */
export function unreach(p: Printer, at: number, length: number): void {
  need(p, at, FAMILY);
  const found = family(p, at, length);
  if (found === undefined) return;
  if (length === FAMILY) p.text('\n\t      End-of-Rib Marker (empty NLRI)');
  routes(p, found, at + FAMILY, length - FAMILY, length);
}

/** Routes to the end of their attribute. Each may take as much as the whole attribute has, wherever it begins. */
function routes(
  p: Printer,
  found: NonNullable<ReturnType<typeof routeFamily>>,
  at: number,
  length: number,
  whole: number,
): void {
  const ids = { four: hasPathIds(p, at, length, 32), six: hasPathIds(p, at, length, 128) };
  for (const end = at + length; at < end; ) {
    const used = found.route(p, at, whole, ids);
    if (used < 0) return;
    at += used;
  }
}

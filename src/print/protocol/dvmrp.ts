// Distance Vector Multicast Routing Protocol, which IGMP carries. Source: RFC 1075, draft-ietf-idmr-dvmrp-v3.

import { below, ipv4Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const TYPES: Words = {
  1: 'Probe',
  2: 'Report',
  3: 'Ask-neighbors(old)',
  4: 'Neighbors(old)',
  5: 'Ask-neighbors2',
  6: 'Neighbors2',
  7: 'Prune',
  8: 'Graft',
  9: 'Graft-ACK',
};
/** What a neighbour of the newer list is, in the order shown. */
const FLAGS = [
  [0x01, '/tunnel'],
  [0x02, '/srcrt'],
  [0x40, '/querier'],
  [0x20, '/disabled'],
  [0x10, '/down'],
] as const;
const HEADER = 8;

/** A message with its IGMP header. */
export function printDvmrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'dvmrp';
  if (below(p, 'length', length, HEADER)) {
    p.invalid();
    return;
  }
  const type = p.u8(offset + 1);
  p.text(` ${wordOf(TYPES, type, '[type %u]')}`);
  if (!body(p, type, offset, offset + HEADER, offset + length)) p.invalid();
}

/** @returns whether it is valid */
function body(p: Printer, type: number, header: number, at: number, end: number): boolean {
  const { verbose } = p.options;
  switch (type) {
    case 1:
      return verbose === 0 || probe(p, at, end);
    case 2:
      return verbose <= 1 || report(p, at, end);
    case 4:
      return neighbors(p, at, end);
    case 6:
      p.text(` (v ${p.u8(header + 7)}.${p.u8(header + 6)}):`);
      return neighbors2(p, at, end);
    case 7:
    case 8:
    case 9:
      p.text(` src ${ipv4Text(p, at)} grp ${ipv4Text(p, at + 4)}`);
      if (type === 7) {
        p.text(' timer ');
        p.relativeTime(p.u32(at + 8));
      }
  }
  return true;
}

function probe(p: Printer, at: number, end: number): boolean {
  const { verbose } = p.options;
  if (below(p, 'full length', end - at, 4)) return false;
  p.text(verbose > 1 ? '\n\t' : ' ');
  p.text(`genid ${p.u32(at)}`);
  if (verbose < 2) return true;
  for (at += 4; at < end; at += 4) {
    if (end - at < 4) {
      p.text(`[remaining length ${end - at} < 4]`);
      return false;
    }
    p.text(`\n\tneighbor ${ipv4Text(p, at)}`);
  }
  return true;
}

/** Routes by mask: a mask's and an origin's zeros at the end are left out. */
function report(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    if (below(p, 'length', end - at, 3)) return false;
    const mask = [p.u8(at), p.u8(at + 1), p.u8(at + 2)];
    const width = mask[2] !== 0 ? 4 : mask[1] !== 0 ? 3 : mask[0] !== 0 ? 2 : 1;
    p.text(`\n\tMask 255.${mask.join('.')}`);
    at += 3;
    for (let last = false; !last; at += width + 1) {
      if (end - at < width + 1) {
        p.text('\n\t  [Truncated Report]');
        return false;
      }
      const origin = [0, 1, 2, 3].map((i) => (i < width ? p.u8(at + i) : 0));
      const metric = p.u8(at + width);
      last = (metric & 0x80) !== 0;
      p.text(`\n\t  ${origin.join('.')} metric ${metric & 0x7f}`);
    }
  }
  return true;
}

function neighbors(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    if (below(p, 'length', end - at, 7)) return false;
    const router = at;
    const metric = p.u8(at + 4);
    const threshold = p.u8(at + 5);
    const count = p.u8(at + 6);
    at += 7;
    for (let i = 0; i < count; i++, at += 4) {
      if (below(p, 'length', end - at, 4)) return false;
      p.text(` [${ipv4Text(p, router)} ->`);
      p.text(` ${ipv4Text(p, at)}, (${metric}/${threshold})]`);
    }
  }
  return true;
}

function neighbors2(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    if (below(p, 'length', end - at, 8)) return false;
    const router = at;
    const metric = p.u8(at + 4);
    const threshold = p.u8(at + 5);
    const flags = p.u8(at + 6);
    let left = p.u8(at + 7) - 1;
    for (at += 8; left >= 0 && at < end; left--, at += 4) {
      if (below(p, 'length', end - at, 4)) return false;
      p.text(` [${ipv4Text(p, router)} -> `);
      p.text(`${ipv4Text(p, at)} (${metric}/${threshold}`);
      for (const [bit, word] of FLAGS) if ((flags & bit) !== 0) p.text(word);
      p.text(')]');
    }
    if (left !== -1) {
      p.text(` [ncount ${left}]`);
      return false;
    }
  }
  return true;
}

// Routes of multicast VPNs. Source: RFC 6514 (4), 6037 (6).

import { OVERRUN } from '../../endings.js';
import { ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { asText, rdText } from './prefix.js';
import { ILLEGAL, line, need, STOP } from './route.js';

/** Characters of an address at most. */
const MOST_ADDRESS = 39;
const RD = 8;
const MDT_BITS = 128;
const Type = { INTRA_AS: 1, INTER_AS: 2, S_PMSI: 3, ACTIVE: 5, SHARED_JOIN: 6, SOURCE_JOIN: 7 } as const;
const TYPES: Words = {
  1: 'Intra-AS I-PMSI',
  2: 'Inter-AS I-PMSI',
  3: 'S-PMSI',
  4: 'Intra-AS Segment-Leaf',
  5: 'Source-Active',
  6: 'Shared Tree Join',
  7: 'Source Tree Join',
};

export function multicastRoute(p: Printer, at: number): number {
  const type = p.u8(at);
  const length = p.u8(at + 1);
  const heading = `Route-Type: ${wordOf(TYPES, type, 'Unknown')} (${type}), length: ${length}`;
  line(p, `${heading}${routeText(p, type, at + 2, length)}`);
  return length + 2;
}

function routeText(p: Printer, type: number, at: number, length: number): string {
  switch (type) {
    case Type.INTRA_AS:
      need(p, at, RD);
      return `, RD: ${rdText(p, at)}, Originator ${address(p, at + RD, length - RD)}`;
    case Type.INTER_AS:
      need(p, at, RD + 4);
      return `, RD: ${rdText(p, at)}, Source-AS ${asText(p, p.u32(at + RD))}`;
    case Type.S_PMSI: {
      need(p, at, RD);
      const rd = rdText(p, at);
      const group = sourceAndGroup(p, at + RD);
      // The originator is looked for where source and group begin, and the distinguisher counted to its length.
      const rest = length - group.size;
      if (rest < 0 || !p.has(at + RD, rest)) throw OVERRUN;
      return `, RD: ${rd}${group.text}, Originator ${address(p, at + RD, rest)}`;
    }
    case Type.ACTIVE:
      need(p, at, RD);
      return `, RD: ${rdText(p, at)}${sourceAndGroup(p, at + RD).text}`;
    case Type.SHARED_JOIN:
    case Type.SOURCE_JOIN:
      need(p, at, RD + 4);
      return `, RD: ${rdText(p, at)}, Source-AS ${asText(p, p.u32(at + RD))}${sourceAndGroup(p, at + RD + 4).text}`;
    default:
      return '';
  }
}

/** An address of `length` bytes. */
function address(p: Printer, at: number, length: number): string {
  if (length === 4) return ipv4Text(p, at).slice(0, MOST_ADDRESS);
  if (length === 16) return ipv6Text(p, at).slice(0, MOST_ADDRESS);
  return `bogus address length ${(length * 8) >>> 0}`;
}

/** Source and group, each behind its length in bits; what was not captured of them ends them. */
function sourceAndGroup(p: Printer, at: number): { text: string; size: number } {
  let text = '';
  let size = 0;
  for (const word of ['Source', 'Group']) {
    const bits = p.u8(at + size);
    const bytes = bits >> 3;
    if (!p.has(at + size + 1, bytes)) break;
    const said = bits % 8 === 0 ? address(p, at + size + 1, bytes) : `bogus address length ${bits}`;
    if (bits !== 0) text += `, ${word} ${said}`;
    size += 1 + bytes;
  }
  return { text, size };
}

/** The group of a multicast domain's tree. */
export function mdtRoute(p: Printer, at: number): number {
  if (p.u8(at) !== MDT_BITS) {
    p.text(ILLEGAL);
    return STOP;
  }
  need(p, at + 1, RD);
  const group = ipv4Text(p, at + 13);
  line(p, `RD: ${rdText(p, at + 1)}, VPN IP Address: ${ipv4Text(p, at + 9)}, MC Group Address: ${group}`);
  return 1 + MDT_BITS / 8;
}

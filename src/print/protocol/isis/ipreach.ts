// IS-IS reachability of prefixes. Source: RFC 1195, 5302, 5305, 5308 (IPv6), 5130 (tags), 8667 (segments).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, hex, ipv4Text, maskLength4, wordOf } from '../../inline.js';
import { prefixText } from '../../prefix.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';

const INDENT = '\n\t      ';
const ENTRY = 12;
const Sub = { TAG_32: 1, TAG_64: 2, SEGMENT: 3, COLOR: 117 } as const;
const SUB_TLVS: Words = {
  1: '32-Bit Administrative tag',
  2: '64-Bit Administrative tag',
  3: 'Prefix SID',
  117: 'Management Prefix Color',
};
const SEGMENT_VALUE = 0x08;
const SEGMENT_FLAGS: Bits = [
  [0x80, 'Readvertisement'],
  [0x40, 'Node'],
  [0x20, 'No-PHP'],
  [0x10, 'Explicit NULL'],
  [SEGMENT_VALUE, 'Value'],
  [0x04, 'Local'],
];
const ALGORITHMS: Words = { 0: 'SPF', 1: 'strict-SPF' };

/** Prefixes with masks and the four metrics of old; OVERRUN where an entry is cut or short. */
export function ipReach(p: Printer, at: number, length: number): void {
  for (; length > 0; at += ENTRY, length -= ENTRY) {
    if (length < ENTRY) {
      p.text(`short IPv4 Reachability (${length} vs ${ENTRY})`);
      throw OVERRUN;
    }
    if (!p.has(at, ENTRY)) throw OVERRUN;
    const bits = maskLength4(p.u32(at + 8));
    const prefix = ipv4Text(p, at + 4);
    p.text(
      `${INDENT}IPv4 prefix: ${bits < 0 ? `${prefix} mask ${ipv4Text(p, at + 8)}` : `${prefix.padStart(15)}/${bits}`}`,
    );
    const metric = (value: number): string =>
      `Metric: ${value & 0x3f}, ${(value & 0x40) === 0 ? 'Internal' : 'External'}`;
    p.text(`, Distribution: ${(p.u8(at) & 0x80) === 0 ? 'up' : 'down'}, ${metric(p.u8(at))}`);
    for (const [i, word] of [
      [1, 'Delay'],
      [2, 'Expense'],
      [3, 'Error'],
    ] as const) {
      const value = p.u8(at + i);
      if ((value & 0x80) === 0) p.text(`${INDENT}  ${word} ${metric(value)}`);
    }
  }
}

/** Prefixes with a metric of 32 bits and more. @param width of an address */
export function extendedIpReach(p: Printer, at: number, length: number, width: 4 | 16): void {
  while (length !== 0) {
    const used = prefix(p, at, width);
    if (below(p, 'remaining tlv length', length, used)) {
      p.invalid();
      return;
    }
    at += used;
    length -= used;
  }
}

/** @returns bytes of it */
function prefix(p: Printer, start: number, width: 4 | 16): number {
  const metric = p.u32(start);
  const status = p.u8(start + 4);
  const v4 = width === 4;
  let at = start + 5;
  const bits = v4 ? status & 0x3f : p.u8(at++);
  const version = v4 ? 'IPv4' : 'IPv6';
  if (bits > width * 8) {
    p.text(`${INDENT}${version} prefix: bad bit length ${bits}`);
    throw TRUNCATED;
  }
  const size = Math.ceil(bits / 8);
  const text = prefixText(p, at, size, width);
  at += size;
  p.text(`${INDENT}${version} prefix: ${v4 ? text.padStart(15) : text}/${bits}`);
  p.text(`, Distribution: ${(status & 0x80) === 0 ? 'up' : 'down'}, Metric: ${metric}`);
  if (!v4) p.text(`, ${(status & 0x40) === 0 ? 'Internal' : 'External'}`);
  if ((status & (v4 ? 0x40 : 0x20)) === 0) return at - start;
  p.text(', sub-TLVs present');
  let left = p.u8(at++);
  const used = at + left - start;
  p.text(` (${left})`);
  while (left > 0) {
    const length = p.u8(at + 1);
    subTlv(p, p.u8(at), at + 2, length);
    at += 2 + length;
    // One that is longer than them all makes the count wrap around: they go on to the end of what was captured.
    left = (left - 2 - length) >>> 0;
  }
  return used;
}

/** Ends the packet at a value that is cut or too short; it is said twice. */
function cut(p: Printer): never {
  p.truncated();
  throw TRUNCATED;
}

function subTlv(p: Printer, type: number, at: number, length: number): void {
  p.text(`${INDENT}  ${wordOf(SUB_TLVS, type, 'unknown')} subTLV #${type}, length: ${length}`);
  if (!p.has(at, length)) cut(p);
  switch (type) {
    case Sub.COLOR:
    case Sub.TAG_32:
      for (; length >= 4; at += 4, length -= 4) p.text(`, 0x${hex(p.u32(at), 8)} (=${p.u32(at)})`);
      break;
    case Sub.TAG_64:
      for (; length >= 8; at += 8, length -= 8) p.text(`, 0x${hex(p.u32(at), 8)}${hex(p.u32(at + 4), 8)}`);
      break;
    case Sub.SEGMENT: {
      const flags = p.u8(at);
      const algorithm = p.u8(at + 1);
      const label = (flags & SEGMENT_VALUE) !== 0;
      if (length < (label ? 5 : 6)) cut(p);
      p.text(
        `, Flags [${bitsOf(SEGMENT_FLAGS, flags, 'None')}]` +
          `, Algo ${wordOf(ALGORITHMS, algorithm, 'Unknown')} (${algorithm})` +
          `, ${label ? `label ${p.u24(at + 2)}` : `index ${p.u32(at + 2)}`}`,
      );
      break;
    }
    default:
      printUnknownData(p, '\n\t\t    ', at, length);
  }
}

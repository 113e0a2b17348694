// What an IS-IS router is capable of. Source: RFC 7981, 8667 (segment routing).

import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, ipv4Text } from '../../inline.js';
import type { Bits, Printer } from '../../printer.js';

const HEADER = 5;
const FLAGS: Bits = [
  [1, 'S bit'],
  [2, 'D bit'],
];
const SEGMENT_ROUTING = 2;
const SEGMENT_FLAGS: Bits = [
  [0x80, 'ipv4'],
  [0x40, 'ipv6'],
];
const LABEL = 1;

/** Prints a router's capabilities. */
export function routerCapability(p: Printer, at: number, length: number): void {
  if (below(p, 'object length', length, HEADER)) {
    p.invalid();
    return;
  }
  p.text(`\n\t      Router-ID ${ipv4Text(p, at)}`);
  p.text(`, Flags [${bitsOf(FLAGS, p.u8(at + 4), 'none')}]`);
  const end = at + length;
  at += HEADER;
  while (end - at >= 2) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    at += 2;
    const name = type === SEGMENT_ROUTING ? 'SR-Capabilities' : 'unknown';
    p.text(`\n\t\t${name} subTLV #${type}, length: ${size}`);
    if (size > end - at || !p.has(at, size)) return;
    if (type === SEGMENT_ROUTING) segmentRouting(p, at, size);
    else printUnknownData(p, '\n\t\t', at, size);
    at += size;
  }
}

function segmentRouting(p: Printer, at: number, length: number): void {
  p.text(`, Flags [${bitsOf(SEGMENT_FLAGS, p.u8(at), 'None')}], Range ${p.u24(at + 1)}`);
  // A length less than that of these fields wraps around in a byte.
  let left = (length - 4) & 0xff;
  at += 4;
  while (left >= 5) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    at += 2;
    left -= 2;
    if (size > left) return;
    if (type !== LABEL) printUnknownData(p, '\n\t\t  ', at, size);
    else if (size === 3) p.text(`, SID value ${p.u24(at)}`);
    else if (size === 4) p.text(`, SID value ${p.u32(at)}`);
    else p.text(`, Unknown SID length${size}`);
    at += size;
    left -= size;
  }
}

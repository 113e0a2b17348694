// What traffic engineering says of links, in whatever protocol carries it. Source: RFC 3471 and 4203 (GMPLS),
// RFC 4124 (Diffserv-aware).

import { fixed } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

export const LINK_PROTECTIONS: Bits = [
  [0x01, 'Extra Traffic'],
  [0x02, 'Unprotected'],
  [0x04, 'Shared'],
  [0x08, 'Dedicated 1:1'],
  [0x10, 'Dedicated 1+1'],
  [0x20, 'Enhanced'],
  [0x40, 'Reserved'],
  [0x80, 'Reserved'],
];

export const Switching = { PACKET_1: 1, PACKET_4: 4, TIME_DIVISION: 100 } as const;
export const SWITCHING_CAPABILITIES: Words = {
  1: 'Packet-Switch Capable-1',
  2: 'Packet-Switch Capable-2',
  3: 'Packet-Switch Capable-3',
  4: 'Packet-Switch Capable-4',
  51: 'Layer-2 Switch Capable',
  100: 'Time-Division-Multiplex',
  150: 'Lambda-Switch Capable',
  200: 'Fiber-Switch Capable',
};

export const TIME_DIVISION_INDICATIONS: Words = { 0: 'Standard SONET/SDH', 1: 'Arbitrary SONET/SDH' };

export const LSP_ENCODINGS: Words = {
  1: 'Packet',
  2: 'Ethernet V2/DIX',
  3: 'ANSI/ETSI PDH',
  4: 'Reserved',
  5: 'SDH ITU-T G.707/SONET ANSI T1.105',
  6: 'Reserved',
  7: 'Digital Wrapper',
  8: 'Lambda (photonic)',
  9: 'Fiber',
  10: 'Reserved',
  11: 'FiberChannel',
};

export const BANDWIDTH_MODELS: Words = {
  0: 'Russian dolls',
  1: 'Maximum allocation',
  254: 'Maximum allocation with E-LSP support',
};

const MEGABIT = 1_000_000;
const single = new DataView(new ArrayBuffer(4));

/** `N Mbps` of the bytes a second at `offset`, an IEEE number of 32 bits, reckoned in that precision. */
export function megabits(p: Printer, offset: number): string {
  const bits = p.u32(offset);
  single.setUint32(0, bits);
  const value = Math.fround(Math.fround(single.getFloat32(0) * 8) / MEGABIT);
  const negative = bits >>> 31 !== 0 && (Number.isNaN(value) || Object.is(value, -0));
  return `${negative ? '-' : ''}${fixed(value, 3)} Mbps`;
}

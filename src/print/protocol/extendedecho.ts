// Extended echo replies, the same in ICMP and ICMPv6. Source: RFC 8335.

import type { Printer, Words } from '../printer.js';

const EXTENDED_CODES: Words = {
  0: 'No error',
  1: 'Malformed Query',
  2: 'No Such Interface',
  3: 'No Such Table Entry',
  4: 'Multiple Interfaces Satisfy Query',
};
const EXTENDED_STATES: Words = {
  0: 'Reserved',
  1: 'Incomplete',
  2: 'Reachable',
  3: 'Stale',
  4: 'Delay',
  5: 'Probe',
  6: 'Failed',
};
/** What a reply says of the interface asked about. `offset`: the ICMP header. */
export function extendedReply(p: Printer, offset: number, code: number): void {
  const flags = p.u8(offset + 7);
  p.text(', code ');
  p.word(EXTENDED_CODES, code, 'Unknown (%u)');
  p.text(', state ');
  p.word(EXTENDED_STATES, flags >> 5, 'Unknown (%u)');
  p.text(', active ');
  p.dec((flags >> 2) & 1);
  p.text(', IPv4 ');
  p.dec((flags >> 1) & 1);
  p.text(', IPv6 ');
  p.dec(flags & 1);
}

// Broadcom's lawful interception: a shim in front of the packet that was intercepted. Source: the shim's fields as
// Broadcom's software development kit has them.

import { ethernetFrame } from '../link/ethernet.js';
import type { Printer, Words } from '../printer.js';
import { printIp } from './ip/ip.js';
import { printIp6 } from './ip/ip6.js';

const SHIM = 4;
const DIRECTIONS: Words = { 1: 'unused', 2: 'egress', 3: 'ingress' };
const PacketType = { UNDECIDED: 4, IPV4: 5, IPV6: 6, ETHERNET: 7 } as const;
const TYPES: Words = { 4: 'undecided', 5: 'ipv4', 6: 'ipv6', 7: 'ethernet' };
const SUBTYPES: Words = { 1: 'single VLAN tag', 2: 'double VLAN tag', 3: 'untagged' };
const UNKNOWN = 'unknown';

/** A datagram from the port of lawful interception; with -v the packet within. */
export function printBcmLi(p: Printer, offset: number, length: number): void {
  p.protocol = 'bcm_li';
  if (length < SHIM) {
    p.text(` (length ${length} < ${SHIM})`);
    p.invalid();
    return;
  }
  const shim = p.u32(offset);
  const type = (shim >>> 25) & 0xf;
  const verbose = p.options.verbose > 0;
  p.text(
    `${verbose ? '\n    ' : ''}BCM-LI-SHIM: direction ${DIRECTIONS[shim >>> 29] ?? UNKNOWN}, ` +
      `pkt-type ${TYPES[type] ?? UNKNOWN}, pkt-subtype ${SUBTYPES[(shim >>> 22) & 7] ?? UNKNOWN}, ` +
      `li-id ${shim & 0x3fffff}${verbose ? '\n    ' : ''}`,
  );
  const at = offset + SHIM;
  const left = length - SHIM;
  if (!verbose) {
    p.need(at, left);
    return;
  }
  switch (type) {
    case PacketType.ETHERNET:
      ethernetFrame(p, at, left);
      return;
    case PacketType.IPV4:
      printIp(p, at, left);
      return;
    case PacketType.IPV6:
      printIp6(p, at, left);
      return;
    case PacketType.UNDECIDED: {
      const version = p.u8(at) >> 4;
      if (version === 4) printIp(p, at, left);
      else if (version === 6) printIp6(p, at, left);
      else p.text('unknown payload');
      return;
    }
    default:
      p.invalid();
  }
}

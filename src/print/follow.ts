// What a packet leaves behind for the text of later ones, without its own text: a thread that prints every other stretch
// of a file follows the stretches between. Only what most packets are is known here; the others are printed to the waste.

import { LinkType, RADIOTAP_HARDWARE } from '../packet/index.js';
import type { Printer } from './printer.js';
import { followTcp } from './protocol/tcp/tcp.js';
import { leavesNothing } from './protocol/udp.js';

const ETHERNET = { HEADER: 14, TYPE: 12, TAG: 4 } as const;
const SLL = { HEADER: 16, TYPE: 14, HARDWARE: 2 } as const;
const SLL2 = { HEADER: 20, TYPE: 0, HARDWARE: 8 } as const;
const EtherType = { IPV4: 0x0800, ARP: 0x0806, IPV6: 0x86dd, VLAN: 0x8100, QINQ: 0x88a8 } as const;
const IPV4 = { LENGTH: 2, FRAGMENT: 6, PROTOCOL: 9, HEADER: 20 } as const;
const IPV6 = { LENGTH: 4, NEXT: 6, HEADER: 40 } as const;
const Protocol = { ICMP: 1, TCP: 6, UDP: 17, ICMP6: 58 } as const;
/** Echo requests and replies quote no packet. */
const ECHO: readonly number[] = [0, 8];
const ECHO6: readonly number[] = [128, 129];

/**
 * @param p stands on the packet
 * @param length bytes on the wire from `offset`
 * @returns whether all that the packet leaves behind is remembered now; false: it has to be printed for that
 */
export function follow(p: Printer, linkType: number, offset: number, length: number): boolean {
  // Every payload has the printer of -T then.
  if (p.options.packetType !== null) return false;
  const end = offset + length;
  switch (linkType) {
    case LinkType.ETHERNET: {
      let at = offset + ETHERNET.TYPE;
      if (!p.has(offset, ETHERNET.HEADER)) return false;
      let type = p.u16(at);
      while ((type === EtherType.VLAN || type === EtherType.QINQ) && p.has(at, ETHERNET.TAG + 2)) {
        at += ETHERNET.TAG;
        type = p.u16(at);
      }
      return followType(p, type, at + 2, end);
    }
    case LinkType.LINUX_SLL:
      return followCooked(p, offset, SLL, end);
    case LinkType.LINUX_SLL2:
      return followCooked(p, offset, SLL2, end);
    default:
      return false;
  }
}

function followCooked(p: Printer, offset: number, cooked: typeof SLL | typeof SLL2, end: number): boolean {
  if (!p.has(offset, cooked.HEADER) || p.u16(offset + cooked.HARDWARE) === RADIOTAP_HARDWARE) return false;
  return followType(p, p.u16(offset + cooked.TYPE), offset + cooked.HEADER, end);
}

function followType(p: Printer, type: number, at: number, end: number): boolean {
  if (type === EtherType.IPV4) return followIpv4(p, at, end);
  if (type === EtherType.IPV6) return followIpv6(p, at, end);
  return type === EtherType.ARP;
}

function followIpv4(p: Printer, at: number, end: number): boolean {
  if (!p.has(at, IPV4.HEADER)) return false;
  const b = p.buffer;
  const headerLength = (b[at]! & 15) * 4;
  const total = (b[at + IPV4.LENGTH]! << 8) | b[at + IPV4.LENGTH + 1]!;
  if (b[at]! >> 4 !== 4 || headerLength < IPV4.HEADER || total < headerLength || at + total > end)
    return false;
  const fragment = (b[at + IPV4.FRAGMENT]! << 8) | b[at + IPV4.FRAGMENT + 1]!;
  if ((fragment & 0x3fff) !== 0) return false;
  return followTransport(p, 4, at, b[at + IPV4.PROTOCOL]!, at + headerLength, at + total);
}

function followIpv6(p: Printer, at: number, end: number): boolean {
  if (!p.has(at, IPV6.HEADER)) return false;
  const b = p.buffer;
  const total = IPV6.HEADER + ((b[at + IPV6.LENGTH]! << 8) | b[at + IPV6.LENGTH + 1]!);
  if (b[at]! >> 4 !== 6 || total === IPV6.HEADER || at + total > end) return false;
  return followTransport(p, 6, at, b[at + IPV6.NEXT]!, at + IPV6.HEADER, at + total);
}

/** @param end of the IP packet */
function followTransport(
  p: Printer,
  version: number,
  header: number,
  protocol: number,
  at: number,
  end: number,
): boolean {
  switch (protocol) {
    case Protocol.TCP:
      p.ipHeader = header;
      p.ipVersion = version;
      return followTcp(p, at, end - at);
    case Protocol.UDP:
      return p.options.quiet || (p.has(at, 4) && leavesNothing(p.u16(at), p.u16(at + 2), p.options.smb));
    case Protocol.ICMP:
      return version === 4 && p.has(at, 1) && ECHO.includes(p.u8(at));
    case Protocol.ICMP6:
      return version === 6 && p.has(at, 1) && ECHO6.includes(p.u8(at));
    default:
      return false;
  }
}

// What a packet leaves behind for the text of later ones, without its own text: a thread that prints every other stretch
// of a file follows the stretches between. Only what most packets are is known here; the others are printed to the waste.

import { EtherType, type Headers, IpProtocol } from '../decode/index.js';
import { LinkType, type Packet, RADIOTAP_HARDWARE } from '../packet/index.js';
import type { Printer } from './printer.js';
import { followTcp } from './protocol/tcp/tcp.js';
import { leavesNothing } from './protocol/udp.js';

/** Where cooked headers have the type of hardware. */
const SLL_HARDWARE = 2;
const SLL2_HARDWARE = 8;
/** Of IPv4 and IPv6: the field of the length, that of the protocol, IPv6's header. */
const IPV4 = { LENGTH: 2, PROTOCOL: 9 } as const;
const IPV6 = { LENGTH: 4, NEXT: 6, HEADER: 40 } as const;
/** Echo requests and replies quote no packet. */
const ECHO: readonly number[] = [0, 8];
const ECHO6: readonly number[] = [128, 129];

/**
 * @param p stands on the packet
 * @param headers what it is read with
 * @returns whether all that the packet leaves behind is remembered now; false: it has to be printed for that
 */
export function follow(p: Printer, headers: Headers, packet: Packet): boolean {
  // Every payload has the printer of -T then.
  if (p.options.packetType !== null || !knownLink(p, packet)) return false;
  const isIp = headers.read(packet);
  if (!headers.link.plain) return false;
  if (!isIp) return headers.link.etherType === EtherType.ARP;
  return plainIp(headers, packet.offset + packet.length) && followTransport(p, headers);
}

/** Whether the link layer remembers nothing, and has a type that leads on. */
function knownLink(p: Printer, { linkType, offset }: Packet): boolean {
  switch (linkType) {
    case LinkType.ETHERNET:
      return true;
    case LinkType.LINUX_SLL:
      return isNoRadio(p, offset + SLL_HARDWARE);
    case LinkType.LINUX_SLL2:
      return isNoRadio(p, offset + SLL2_HARDWARE);
    default:
      return false;
  }
}

function isNoRadio(p: Printer, at: number): boolean {
  return p.has(at, 2) && p.u16(at) !== RADIOTAP_HARDWARE;
}

/** Whether IP's header is right, the packet whole, and its protocol the one that the header itself names: no extension headers. */
function plainIp(headers: Headers, end: number): boolean {
  const { buffer, ip, ipEnd, transport, protocol } = headers;
  if (headers.fragmented || transport < 0 || ipEnd > end) return false;
  // Without a length they go on to the end of the frame, or are jumbograms.
  const length = ip + (headers.version === 4 ? IPV4.LENGTH : IPV6.LENGTH);
  if ((buffer[length]! | buffer[length + 1]!) === 0) return false;
  if (headers.version === 4) return buffer[ip + IPV4.PROTOCOL] === protocol;
  return transport === ip + IPV6.HEADER && buffer[ip + IPV6.NEXT] === protocol;
}

function followTransport(p: Printer, headers: Headers): boolean {
  const { version, transport } = headers;
  switch (headers.protocol) {
    case IpProtocol.TCP:
      p.ipHeader = headers.ip;
      p.ipVersion = version;
      return followTcp(p, transport, headers.ipEnd - transport);
    case IpProtocol.UDP: {
      const { sourcePort, destinationPort } = headers;
      return (
        p.options.quiet || (sourcePort >= 0 && leavesNothing(sourcePort, destinationPort, p.options.smb))
      );
    }
    case IpProtocol.ICMP:
      return ECHO.includes(headers.icmpType);
    case IpProtocol.ICMP6:
      return ECHO6.includes(headers.icmpType);
    default:
      return false;
  }
}

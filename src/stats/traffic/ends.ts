// The ends of a flow: its key in a table, and which of the two is the local one.

import { type Headers, IpProtocol, sourceFirst, TcpFlag } from '../../decode/index.js';
import { Direction } from '../../packet/index.js';

/** Reads an address as words: of IPv4 the first one alone. */
function addressWords(b: Uint8Array, at: number, version: number, key: Uint32Array, to: number): void {
  const words = version === 4 ? 1 : 4;
  for (let i = 0; i < 4; i++) {
    const p = at + 4 * i;
    key[to + i] = i < words ? (b[p]! << 24) | (b[p + 1]! << 16) | (b[p + 2]! << 8) | b[p + 3]! : 0;
  }
}

/**
 * Writes a flow's key. What is no IP is a flow by its EtherType.
 * @param process number of the process
 * @param face number of the interface
 * @returns whether the packet's source is the key's first end
 */
export function writeKey(h: Headers, process: number, face: number, key: Uint32Array): boolean {
  key[10] = process;
  key[11] = face;
  if (h.version === 0) {
    key.fill(0, 0, 10);
    key[1] = h.link.etherType + 1;
    return true;
  }
  const first = sourceFirst(h);
  key[0] = (h.version << 8) | (h.protocol & 0xff);
  addressWords(h.buffer, first ? h.source : h.destination, h.version, key, 1);
  addressWords(h.buffer, first ? h.destination : h.source, h.version, key, 5);
  const source = h.sourcePort < 0 ? 0 : h.sourcePort;
  const destination = h.destinationPort < 0 ? 0 : h.destinationPort;
  key[9] = first ? (source << 16) | destination : (destination << 16) | source;
  return first;
}

/**
 * Whether a packet's source is the end of the host that captured it. Where the capture does not say: who begins a TCP connection
 * is local, else the end with the higher port, else the source.
 */
export function sourceIsLocal(h: Headers, direction: number): boolean {
  if (direction !== Direction.UNKNOWN) return direction === Direction.OUT;
  if (h.protocol === IpProtocol.TCP && (h.tcpFlags & TcpFlag.SYN) !== 0)
    return (h.tcpFlags & TcpFlag.ACK) === 0;
  return h.sourcePort >= h.destinationPort;
}

/** Bytes of an end's address, from a key. */
export function addressBytes(key: Uint32Array, from: number, version: number): Uint8Array {
  const bytes = new Uint8Array(version === 4 ? 4 : 16);
  for (let i = 0; i < bytes.length; i++) bytes[i] = key[from + (i >> 2)]! >>> (24 - 8 * (i & 3));
  return bytes;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMP6',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
  136: 'UDPLite',
};

const ETHER_TYPES: Readonly<Record<number, string>> = {
  0x0800: 'IP',
  0x0806: 'ARP',
  0x86dd: 'IP6',
  0x8847: 'MPLS',
  0x8863: 'PPPoE-D',
  0x8864: 'PPPoE',
  0x888e: 'EAPOL',
  0x88cc: 'LLDP',
  0x88f7: 'PTP',
};

/** What a key's protocol is called. */
export function protocolName(version: number, protocol: number, etherType: number): string {
  if (version !== 0) return PROTOCOLS[protocol] ?? `proto-${protocol}`;
  if (etherType < 0) return 'other';
  return ETHER_TYPES[etherType] ?? `0x${etherType.toString(16).padStart(4, '0')}`;
}

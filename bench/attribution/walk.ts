// What a packet of the judged captures says of itself: Ethernet or bare IP, addresses, ports, TCP's flags. The judge's own
// walk: what it judges by shares no code with what it judges.

/** A packet's bytes, and what they are. */
export interface Frame {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly capturedLength: number;
  readonly linkType: number;
}

export interface Walked {
  /** 4, 6, or 0: not IP. */
  readonly version: number;
  readonly protocol: number;
  /** The addresses' bytes, a character each; '' when it is not IP. */
  readonly source: string;
  readonly destination: string;
  /** Of TCP, UDP and UDP-Lite; -1: none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tcpFlags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
}

const ETHERNET = 1;
const TYPE_AT = 12;
const TAGS: readonly number[] = [0x8100, 0x88a8];
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;
const WITH_PORTS: readonly number[] = [TCP, 17, 136];
/** IPv6's extension headers: hop-by-hop, routing, destination options, in units of 8 bytes behind the first 8. */
const EXTENSIONS: readonly number[] = [0, 43, 60];
const FRAGMENT = 44;
const AUTHENTICATION = 51;

const NOT_IP: Walked = {
  version: 0,
  protocol: -1,
  source: '',
  destination: '',
  sourcePort: -1,
  destinationPort: -1,
  tcpFlags: 0,
  sequence: 0,
  acknowledgement: 0,
};

/** Reads a packet's headers. */
export function walk({ buffer, offset, capturedLength, linkType }: Frame): Walked {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset + offset, capturedLength);
  try {
    return ip(linkType === ETHERNET ? behindEthernet(bytes) : bytes);
  } catch (error) {
    // A packet that is cut off in its headers.
    if (error instanceof RangeError) return NOT_IP;
    throw error;
  }
}

/** What an Ethernet frame carries; nothing when that is not IP. */
function behindEthernet(frame: Buffer): Buffer {
  let at = TYPE_AT;
  while (TAGS.includes(frame.readUInt16BE(at))) at += 4;
  const type = frame.readUInt16BE(at);
  return type === IPV4 || type === IPV6 ? frame.subarray(at + 2) : Buffer.alloc(0);
}

function ip(packet: Buffer): Walked {
  const version = packet.length === 0 ? 0 : packet[0]! >> 4;
  if (version !== 4 && version !== 6) return NOT_IP;
  return version === 4 ? ipv4(packet) : ipv6(packet);
}

function ipv4(packet: Buffer): Walked {
  const protocol = packet.readUInt8(9);
  packet.readUInt8(19);
  const source = packet.toString('latin1', 12, 16);
  const destination = packet.toString('latin1', 16, 20);
  const isFirst = (packet.readUInt16BE(6) & 0x1fff) === 0;
  const above = isFirst ? packet.subarray((packet[0]! & 15) * 4) : null;
  return { ...NOT_IP, version: 4, protocol, source, destination, ...transport(protocol, above) };
}

function ipv6(packet: Buffer): Walked {
  packet.readUInt8(39);
  const source = packet.toString('latin1', 8, 24);
  const destination = packet.toString('latin1', 24, 40);
  let protocol = packet[6]!;
  let above: Buffer | null = packet.subarray(40);
  while (above !== null && above.length >= 8) {
    const next: number = above[0]!;
    if (EXTENSIONS.includes(protocol)) above = above.subarray(8 + above[1]! * 8);
    else if (protocol === AUTHENTICATION) above = above.subarray(8 + above[1]! * 4);
    else if (protocol === FRAGMENT) above = above.readUInt16BE(2) >> 3 === 0 ? above.subarray(8) : null;
    else break;
    protocol = next;
  }
  return { ...NOT_IP, version: 6, protocol, source, destination, ...transport(protocol, above) };
}

/** @param header null: a later fragment, which has none */
function transport(protocol: number, header: Buffer | null): Partial<Walked> {
  if (header === null || !WITH_PORTS.includes(protocol) || header.length < 4) return {};
  const ports = { sourcePort: header.readUInt16BE(0), destinationPort: header.readUInt16BE(2) };
  if (protocol !== TCP || header.length < 14) return ports;
  return {
    ...ports,
    tcpFlags: header[13]!,
    sequence: header.readUInt32BE(4),
    acknowledgement: header.readUInt32BE(8),
  };
}

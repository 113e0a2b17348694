// Random but well-formed packets for the differential and the fuzz tests, the same for the same seed.

import { writeFileSync } from 'node:fs';

/** A small generator of pseudo-random numbers (mulberry32): a failure can be repeated by its seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ number < 2^32. */
  u32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 ≤ number < limit. */
  int(limit: number): number {
    return Math.floor((this.u32() / 0x100000000) * limit);
  }

  /** low ≤ number ≤ high. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.int(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(items.length)]!;
  }

  bytes(count: number): number[] {
    return Array.from({ length: count }, () => this.int(256));
  }

  /** Printable ASCII. */
  text(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(this.between(0x20, 0x7e))).join('');
  }
}

/** Parts of a packet: numbers are bytes, strings Latin-1 text, arrays more parts. */
export type Part = number | string | Uint8Array | readonly Part[];

/** Puts parts together. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const out: number[] = [];
  const add = (part: Part): void => {
    if (typeof part === 'number') out.push(part & 0xff);
    else if (typeof part === 'string')
      for (let i = 0; i < part.length; i++) out.push(part.charCodeAt(i) & 0xff);
    else for (const one of part) add(one);
  };
  add(parts);
  return Uint8Array.from(out);
}

/** Big-endian numbers as bytes. */
export const be16 = (n: number): number[] => [(n >>> 8) & 0xff, n & 0xff];
export const be24 = (n: number): number[] => [(n >>> 16) & 0xff, ...be16(n)];
export const be32 = (n: number): number[] => [...be16(n >>> 16), ...be16(n)];
export const be64 = (n: bigint): number[] => [
  ...be32(Number((n >> 32n) & 0xffffffffn)),
  ...be32(Number(n & 0xffffffffn)),
];
export const le16 = (n: number): number[] => be16(n).reverse();
export const le32 = (n: number): number[] => be32(n).reverse();

/** A packet for the tests. */
export interface Generated {
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Length on the wire when it is not that of the bytes. */
  readonly length?: number;
}

/** Makes one packet. Bytes alone are Ethernet's. */
export type Generator = (random: Random) => Generated | Uint8Array;

/** What a file in generators/ exports as `generators`: by name of what is made. */
export type Generators = Readonly<Record<string, Generator>>;

/** The Internet checksum of bytes. */
export function internetChecksum(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += (data[i]! << 8) | (data[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const ETHERNET_TYPE_LIMIT = 0x600;

/** An Ethernet frame. A type below 0x600 is written as it is: the length of an 802.3 frame. */
export function ethernet(random: Random, type: number, payload: Part): Uint8Array {
  const body = bytes(payload);
  const field = type < ETHERNET_TYPE_LIMIT ? body.length : type;
  return bytes([0x02, ...random.bytes(5)], [0x02, ...random.bytes(5)], be16(field), body);
}

export interface Ip4Options {
  readonly source?: readonly number[];
  readonly destination?: readonly number[];
  readonly tos?: number;
  readonly ttl?: number;
  readonly id?: number;
  /** Flags and fragment offset as the header has them. */
  readonly fragment?: number;
  /** Header options; padded to four bytes. */
  readonly options?: Part;
  /** Total length when it is not the right one. */
  readonly length?: number;
  /** Checksum when it is not the right one. */
  readonly checksum?: number;
}

/** An IPv4 packet. */
export function ip4(random: Random, protocol: number, payload: Part, o: Ip4Options = {}): Uint8Array {
  const body = bytes(payload);
  const extra = [...bytes(o.options ?? [])];
  while (extra.length % 4 !== 0) extra.push(0);
  const headerLength = 20 + extra.length;
  const header = bytes(
    0x40 | (headerLength / 4),
    o.tos ?? 0,
    be16(o.length ?? headerLength + body.length),
    be16(o.id ?? random.int(65536)),
    be16(o.fragment ?? random.pick([0, 0x4000])),
    o.ttl ?? random.between(1, 255),
    protocol,
    be16(0),
    o.source ?? [10, ...random.bytes(3)],
    o.destination ?? [192, 168, ...random.bytes(2)],
    extra,
  );
  header.set(be16(o.checksum ?? internetChecksum(header)), 10);
  return bytes(header, body);
}

/** Addresses with runs of zeros, mapped ones and multicast. */
export function ip6Address(random: Random): number[] {
  switch (random.int(6)) {
    case 0:
      return [0xfe, 0x80, ...Array<number>(6).fill(0), ...random.bytes(8)];
    case 1:
      return [0xff, 0x02, ...Array<number>(13).fill(0), random.int(256)];
    case 2:
      return [...Array<number>(10).fill(0), 0xff, 0xff, ...random.bytes(4)];
    case 3:
      return Array.from({ length: 16 }, () => (random.once(3) ? random.int(256) : 0));
    case 4:
      return [...Array<number>(15).fill(0), random.int(2)];
    default:
      return [0x20, 0x01, 0x0d, 0xb8, ...random.bytes(12)];
  }
}

export interface Ip6Options {
  readonly source?: readonly number[];
  readonly destination?: readonly number[];
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly hopLimit?: number;
  /** Payload length when it is not the right one. */
  readonly length?: number;
}

/** An IPv6 packet. */
export function ip6(random: Random, next: number, payload: Part, o: Ip6Options = {}): Uint8Array {
  const body = bytes(payload);
  const first = 0x60000000 + ((o.trafficClass ?? 0) << 20) + (o.flowLabel ?? 0);
  return bytes(
    be32(first >>> 0),
    be16(o.length ?? body.length),
    next,
    o.hopLimit ?? random.between(1, 255),
    o.source ?? ip6Address(random),
    o.destination ?? ip6Address(random),
    body,
  );
}

/** Sum of the pseudo-header of an IP packet whose payload begins at `at`. */
function pseudoHeader(ip: Uint8Array, protocol: number, length: number): Uint8Array {
  return ip[0]! >> 4 === 4
    ? bytes(ip.subarray(12, 20), 0, protocol, be16(length))
    : bytes(ip.subarray(8, 40), be32(length), [0, 0, 0], protocol);
}

/**
 * Sets the checksum of the upper layer of an IP packet.
 * @param at where the upper layer begins
 * @param field where its checksum is, from `at`
 */
export function withChecksum(ip: Uint8Array, at: number, field: number, protocol: number): Uint8Array {
  const upper = ip.subarray(at);
  upper.set([0, 0], field);
  const sum = internetChecksum(bytes(pseudoHeader(ip, protocol, upper.length), upper));
  upper.set(be16(sum === 0 && protocol === 17 ? 0xffff : sum), field);
  return ip;
}

/** A UDP datagram in IPv4 or IPv6 in Ethernet, its checksum right but for one in eight. */
export function udp(random: Random, source: number, destination: number, payload: Part): Uint8Array {
  const body = bytes(payload);
  const datagram = bytes(be16(source), be16(destination), be16(body.length + 8), be16(0), body);
  return upper(random, 17, datagram, 6);
}

/** A TCP segment in IPv4 or IPv6 in Ethernet with plain flags: payload for the protocols above. */
export function tcp(random: Random, source: number, destination: number, payload: Part): Uint8Array {
  const header = bytes(
    be16(source),
    be16(destination),
    be32(random.u32()),
    be32(random.u32()),
    0x50,
    0x18,
    be16(random.int(65536)),
    be16(0),
    be16(0),
  );
  return upper(random, 6, bytes(header, bytes(payload)), 16);
}

/** The upper layer with its checksum in IPv4 or IPv6 in Ethernet. `field`: where its checksum is, -1 for none. */
export function upper(random: Random, protocol: number, payload: Uint8Array, field: number): Uint8Array {
  const version4 = random.once(2);
  const packet = version4 ? ip4(random, protocol, payload) : ip6(random, protocol, payload);
  if (field >= 0 && !random.once(8)) withChecksum(packet, version4 ? 20 : 40, field, protocol);
  return ethernet(random, version4 ? 0x0800 : 0x86dd, packet);
}

/** A source and a destination port, one of them `port`, the other one nobody's. */
export function ports(random: Random, port: number): [number, number] {
  const other = random.between(40000, 40999);
  return random.once(2) ? [port, other] : [other, port];
}

/** A record of a savefile. */
export interface PcapRecord {
  readonly bytes: Uint8Array;
  /** Bytes of it that are in the file. */
  readonly captured: number;
  /** Bytes it had on the wire. */
  readonly length: number;
}

/** Writes a pcap file of one link type, a packet a millisecond. */
export function writePcap(file: string, linkType: number, records: readonly PcapRecord[]): void {
  const size = records.reduce((sum, record) => sum + 16 + record.captured, 24);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 262144);
  view.setUint32(20, linkType);
  let at = 24;
  records.forEach((record, i) => {
    view.setUint32(at, 1_700_000_000 + Math.floor(i / 1000));
    view.setUint32(at + 4, (i % 1000) * 1000);
    view.setUint32(at + 8, record.captured);
    view.setUint32(at + 12, record.length);
    out.set(record.bytes.subarray(0, record.captured), at + 16);
    at += 16 + record.captured;
  });
  writeFileSync(file, out);
}

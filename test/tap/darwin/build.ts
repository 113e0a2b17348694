// Buffers of /dev/bpf and PKTAP headers, byte by byte as XNU writes them.

import { build } from '../../savefile/build.js';

const LE = 'little';

export interface Wire {
  seconds?: number;
  microseconds?: number;
  /** Bytes on the wire, where they were more. */
  length?: number;
  /** The header's; XNU pads it so that what follows the link header is aligned. */
  header?: number;
}

/** A record: struct bpf_hdr, its padding, the packet. */
export function record(
  bytes: Uint8Array,
  { seconds = 1_700_000_000, microseconds = 250_000, length = bytes.length, header = 18 }: Wire = {},
): Buffer {
  const head = Buffer.alloc(header);
  head.writeUInt32LE(seconds, 0);
  head.writeUInt32LE(microseconds, 4);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(length, 12);
  head.writeUInt16LE(header, 16);
  return Buffer.concat([head, bytes]);
}

/** Records one behind the other, each at a multiple of 4. */
export function buffer(...records: Uint8Array[]): Buffer {
  const parts = records.flatMap((bytes, i) =>
    i < records.length - 1 ? [bytes, Buffer.alloc(-bytes.length & 3)] : [bytes],
  );
  return Buffer.concat(parts);
}

export interface Tapped {
  face?: string;
  dlt?: number;
  /** PKTAP flags: 1 in, 2 out. */
  flags?: number;
  pid?: number;
  name?: string;
  effectivePid?: number;
  effectiveName?: string;
  uuid?: Uint8Array;
  effectiveUuid?: Uint8Array;
  serviceClass?: number;
  type?: number;
  family?: number;
}

const NOTHING = new Uint8Array(16);

/** A PKTAP header of version 1, and the packet. */
export function version1(bytes: Uint8Array, facts: Tapped = {}): Buffer {
  const head = build(LE)
    .u32(156, 1, facts.dlt ?? 1)
    .bytes(facts.face ?? 'en0', 24)
    .u32(facts.flags ?? 2, facts.family ?? 2, 14, 0, facts.pid ?? 4711)
    .bytes(facts.name ?? 'curl', 17)
    .u8(6)
    .u16(0)
    .u32(facts.serviceClass ?? 0)
    .u16(facts.type ?? 6, 0)
    .u32(facts.effectivePid ?? -1)
    .bytes(facts.effectiveName ?? '', 17)
    .bytes('', 3)
    .u32(0, 0, 0, 0)
    .bytes(facts.uuid ?? NOTHING)
    .bytes(facts.effectiveUuid ?? NOTHING)
    .done();
  return Buffer.concat([head, bytes]);
}

/** A header of version 2 with names and a UUID. */
export function version2(bytes: Uint8Array, facts: Tapped = {}): Buffer {
  const place = 40;
  const face = facts.face ?? 'en0';
  const name = facts.name ?? 'curl';
  const named = place + 16 + face.length + 1;
  const length = named + name.length + 1;
  const head = build(LE)
    .u8(length, place, 0, place + 16, named, 0)
    .u16(facts.dlt ?? 1, 14, 0, facts.type ?? 6, 6)
    .u32(facts.family ?? 2, facts.serviceClass ?? 0, 0, facts.pid ?? 4711, -1, (facts.flags ?? 2) | 0x80000)
    .bytes(facts.uuid ?? NOTHING)
    .bytes(face)
    .u8(0)
    .bytes(name)
    .u8(0)
    .done();
  return Buffer.concat([head, bytes]);
}

/** A dropped packet's header (droptap): why and where it was dropped stand behind version 1's fields. */
export function dropped(
  bytes: Uint8Array,
  facts: Tapped,
  reason: number,
  line: number,
  place: string,
): Buffer {
  const head = Buffer.from(version1(new Uint8Array(0), facts));
  const length = 164 + place.length + 1;
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(2, 4);
  const tail = build(LE).u32(reason).u8(place.length).u8(0).u16(line).bytes(place).u8(0).done();
  return Buffer.concat([head, tail, bytes]);
}

/** A UDP datagram over IPv4, without a link header. */
export function ipv4(sourcePort: number, destinationPort: number, payload = 'hello'): Buffer {
  const bytes = Buffer.alloc(28 + payload.length);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[8] = 64;
  bytes[9] = 17;
  bytes.set([192, 168, 5, 82], 12);
  bytes.set([173, 255, 247, 120], 16);
  bytes.writeUInt16BE(sourcePort, 20);
  bytes.writeUInt16BE(destinationPort, 22);
  bytes.writeUInt16BE(8 + payload.length, 24);
  bytes.write(payload, 28, 'latin1');
  return bytes;
}

/** The same over IPv6, from ::1 to ::1. */
export function ipv6(sourcePort: number, destinationPort: number, payload = 'hello'): Buffer {
  const bytes = Buffer.alloc(48 + payload.length);
  bytes[0] = 0x60;
  bytes.writeUInt16BE(8 + payload.length, 4);
  bytes[6] = 17;
  bytes[7] = 64;
  bytes[23] = 1;
  bytes[39] = 1;
  bytes.writeUInt16BE(sourcePort, 40);
  bytes.writeUInt16BE(destinationPort, 42);
  bytes.writeUInt16BE(8 + payload.length, 44);
  bytes.write(payload, 48, 'latin1');
  return bytes;
}

/** An Ethernet frame around an IP packet. */
export function ethernet(ip: Uint8Array): Buffer {
  const type = ip[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00];
  return Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...type]), ip]);
}

/** What BSD's loopback and tunnels have in front: the address family, as the machine has numbers. */
export function loopback(ip: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([ip[0]! >> 4 === 6 ? 30 : 2, 0, 0, 0]), ip]);
}

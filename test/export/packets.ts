// Packets for the tests of rows, summaries and Parquet.

import {
  Direction,
  makeInterface,
  makeProcess,
  Packet,
  PacketMetadata,
  type Process,
} from '../../src/packet/index.js';

const ETHERNET = 1;
export const ETH0 = makeInterface({ name: 'eth0', linkType: ETHERNET });

/** Bytes of an Ethernet frame with an IPv4 packet of TCP. */
export function tcpFrame(of: {
  source?: string;
  destination?: string;
  ports?: [number, number];
  flags?: number;
  sequence?: number;
  payload?: string;
}): Uint8Array {
  const {
    source = '10.0.0.1',
    destination = '10.0.0.2',
    ports = [40000, 80],
    flags = 0x18,
    sequence = 5,
  } = of;
  const payload = Buffer.from(of.payload ?? '', 'latin1');
  const b = Buffer.alloc(54 + payload.length);
  b.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0xb8]);
  b.writeUInt16BE(40 + payload.length, 16);
  b.set([64, 6, 0, 0, ...source.split('.').map(Number), ...destination.split('.').map(Number)], 22);
  b.writeUInt16BE(ports[0], 34);
  b.writeUInt16BE(ports[1], 36);
  b.writeUInt32BE(sequence, 38);
  b.writeUInt32BE(6, 42);
  b.set([0x50, flags, 1, 0], 46);
  b.set(payload, 54);
  return b;
}

/** The same of UDP, over IPv6. */
export function udp6Frame(destination: number, payload: Uint8Array): Uint8Array {
  const b = Buffer.alloc(62 + payload.length);
  b.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd, 0x60, 0, 0, 0]);
  b.writeUInt16BE(8 + payload.length, 18);
  b.set([17, 63], 20);
  b.set([0x20, 1, 0xd, 0xb8], 22);
  b[37] = 1;
  b.set([0x20, 1, 0xd, 0xb8], 38);
  b[53] = 2;
  b.writeUInt16BE(5000, 54);
  b.writeUInt16BE(destination, 56);
  b.writeUInt16BE(8 + payload.length, 58);
  b.set(payload, 62);
  return b;
}

/** A DNS query for a name's addresses. */
export function dnsQuery(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]);
  return Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
}

export function packetOf(
  bytes: Uint8Array,
  process: Process | null = null,
  direction: Direction = Direction.OUT,
  seconds = 1_700_000_000,
  nanoseconds = 5,
): Packet {
  const packet = new Packet();
  packet.buffer = bytes;
  packet.capturedLength = packet.length = bytes.length;
  packet.linkType = ETHERNET;
  packet.seconds = seconds;
  packet.nanoseconds = nanoseconds;
  packet.interface = ETH0;
  packet.metadata = new PacketMetadata();
  packet.metadata.process = process;
  packet.metadata.direction = direction;
  return packet;
}

export const CURL = makeProcess({
  pid: 7,
  name: 'curl',
  path: '/usr/bin/curl',
  args: ['curl', '-s', 'a "b"'],
  parentPid: 1,
  uid: 0,
  user: 'root',
  uuid: Uint8Array.from({ length: 16 }, (_, i) => i * 16),
  startTime: 1_699_999_999_000_000_001n,
});

// Captures for the benchmarks: plain, of a tap, and with PKTAP headers; all of the same mixed traffic.

import { closeSync, openSync, writeSync } from 'node:fs';
import {
  Direction,
  LinkType,
  makeInterface,
  makeProcess,
  Packet,
  PacketFlag,
  PacketMetadata,
} from '../src/packet/index.js';
import { createSavefile } from '../src/savefile/index.js';
import { packet as bytesOf, random } from './traffic.js';

const DISTINCT = 5000;
const PROCESSES = 40;
const START = 1_700_000_000;

/** Writes a plain pcap file. @param packets a multiple of 5000 */
export function makePcap(path: string, packets: number): void {
  const pick = random();
  const records = Array.from({ length: DISTINCT }, (_, i) => {
    const bytes = bytesOf(i, pick);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i * 200, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x00040002, 4);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(LinkType.ETHERNET, 20);
  const fd = openSync(path, 'w', 0o600);
  writeSync(fd, header);
  for (let second = 0; second * DISTINCT < packets; second++) {
    for (const record of records) record.writeUInt32LE(START + second, 0);
    writeSync(fd, Buffer.concat(records));
  }
  closeSync(fd);
}

/**
 * Writes packets of some processes, `program-0` to `program-39`, until `enough` of what is written.
 * @param linkType of a pcap file: PKTAP for headers in front of the packets
 */
export async function makeCapture(
  path: string,
  format: 'pcap' | 'pcapng',
  linkType: number,
  enough: (packets: number, bytes: number) => boolean,
): Promise<void> {
  const pick = random();
  const distinct = Array.from({ length: DISTINCT }, (_, i) => bytesOf(i, pick));
  const processes = Array.from({ length: PROCESSES }, (_, i) =>
    makeProcess({
      pid: 1000 + i,
      name: `program-${i}`,
      path: `/usr/bin/program-${i}`,
      uid: 1000,
      user: 'user',
    }),
  );
  const file = await createSavefile(path, { format, linkType });
  const packet = new Packet();
  const metadata = new PacketMetadata();
  packet.linkType = LinkType.ETHERNET;
  packet.interface = makeInterface({ name: 'eth0', linkType: LinkType.ETHERNET, snapshotLength: 262_144 });
  packet.metadata = metadata;
  for (let i = 0; !enough(i, file.size); i++) {
    packet.buffer = distinct[i % DISTINCT]!;
    packet.capturedLength = packet.length = packet.buffer.length;
    packet.seconds = START + Math.floor(i / DISTINCT);
    packet.nanoseconds = (i % DISTINCT) * 200_000;
    metadata.process = processes[pick(PROCESSES)]!;
    metadata.threadId = metadata.process.pid;
    metadata.serviceClass = 0;
    metadata.direction = pick(2) === 0 ? Direction.IN : Direction.OUT;
    metadata.flags = PacketFlag.SOCKET;
    file.packet(packet);
  }
  file.close();
}

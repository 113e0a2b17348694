// What tests of a fleet are made of: packets, batches, requests.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureRequest } from '../../src/fleet/request.js';
import {
  Direction,
  type Interface,
  makeInterface,
  makeProcess,
  Packet,
  PacketMetadata,
} from '../../src/packet/index.js';
import { OutputFile } from '../../src/savefile/node/outputfile.js';
import { PcapngEncoder } from '../../src/savefile/pcapng/writer.js';

export const REQUEST: CaptureRequest = {
  hosts: [],
  interfaces: [],
  direction: null,
  metadata: null,
  expression: null,
  optimize: true,
  snapshotLength: 262_144,
  headersOnly: false,
  promiscuous: false,
  processes: true,
  bufferSize: null,
  seconds: 60,
  bytes: 1 << 30,
  rate: null,
  flows: false,
};

/** An Ethernet frame with UDP from port 4000. */
export function udpTo(port: number, payload = 8): Buffer {
  const frame = Buffer.alloc(42 + payload);
  frame.write('020000000001020000000002' + '0800' + '4500', 'hex');
  frame.writeUInt16BE(28 + payload, 16);
  frame.write('40110000' + '0a000001' + '0a000002', 22, 'hex');
  frame.writeUInt16BE(4000, 34);
  frame.writeUInt16BE(port, 36);
  frame.writeUInt16BE(8 + payload, 38);
  return port === 4789 ? frame.subarray(0, 42) : frame;
}

const CURL = makeProcess({ pid: 4711, name: 'curl', path: '/usr/bin/curl' });

export function packetAt(seconds: number, nanoseconds: number, bytes: Uint8Array = udpTo(53)): Packet {
  const packet = new Packet();
  packet.buffer = bytes;
  packet.capturedLength = packet.length = bytes.length;
  packet.seconds = seconds;
  packet.nanoseconds = nanoseconds;
  packet.linkType = 1;
  packet.metadata = new PacketMetadata();
  packet.metadata.process = CURL;
  packet.metadata.direction = Direction.OUT;
  return packet;
}

/** A section of packets, as an agent's capture writes it. */
export function batchOf(packets: readonly Packet[], face: Partial<Interface> = {}): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-batch-'));
  const path = join(folder, 'batch');
  try {
    const file = OutputFile.openSync(path);
    const encoder = new PcapngEncoder({
      linkType: 1,
      snapshotLength: 262_144,
      precision: 'nano',
      littleEndian: true,
      fcsLength: null,
      copy: false,
      section: { application: 'pktap test' },
      interfaces: [],
      statistics: null,
      only: null,
      restricted: false,
      comments: 'none',
      entries: false,
      memory: null,
    });
    encoder.begin(file);
    const own = makeInterface({ name: 'eth0', linkType: 1, snapshotLength: 262_144, ...face });
    for (const packet of packets) {
      packet.interface = own;
      encoder.packet(packet);
    }
    file.close();
    const bytes = readFileSync(path);
    const header = bytes.readUInt32LE(4);
    bytes.writeBigUInt64LE(BigInt(bytes.length - header), 16);
    return bytes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Packets written from where they lie, as a live capture's ring lends them: the same file as when they are copied.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LinkType, makeInterface, makeProcess, Packet, PacketMetadata } from '../../src/packet/index.js';
import { type CreateOptions, createSavefile } from '../../src/savefile/index.js';
import { newPath, readAll, smallDisk } from './helpers.js';

const RING = 1 << 20;
const PROCESSES = Array.from({ length: 5 }, (_, i) => makeProcess({ pid: 100 + i, name: `p${i}` }));
/** Lengths on both sides of where lending begins, and of every padding. */
const LENGTHS = [60, 8191, 8192, 8193, 65_549, 20_002, 1, 30_003, 95, 250_000, 9001];

/** Writes packets that lie one after the other in a ring, of which they are wiped whenever it moves. */
async function write(
  path: string,
  lent: boolean,
  rounds: number,
  more: Partial<CreateOptions>,
): Promise<number> {
  const ring = { bytes: new Uint8Array(RING), onMove: new Set<() => void>() };
  const moves = (): void => {
    for (const move of ring.onMove) move();
  };
  const options: CreateOptions = { format: 'pcap', linkType: LinkType.ETHERNET, ...more };
  const file = await createSavefile(path, lent ? { ...options, memory: ring } : options);
  assert.equal(ring.onMove.size, lent ? 1 : 0);
  const packet = new Packet();
  packet.linkType = LinkType.ETHERNET;
  packet.interface = makeInterface({ name: 'eth0', linkType: LinkType.ETHERNET, snapshotLength: 262_144 });
  packet.metadata = new PacketMetadata();
  packet.metadata.direction = 2;
  let at = 0;
  let size = 0;
  try {
    for (let i = 0; i < rounds * LENGTHS.length; i++) {
      const length = LENGTHS[i % LENGTHS.length]!;
      if (at + length > RING) {
        moves();
        ring.bytes.fill(0xee);
        at = 0;
      }
      packet.buffer = i % 7 === 6 ? new Uint8Array(length) : ring.bytes;
      packet.offset = packet.buffer === ring.bytes ? at : 0;
      for (let byte = 0; byte < length; byte++)
        packet.buffer[packet.offset + byte] = (i * 31 + byte * 7) & 0xff;
      at += length;
      packet.capturedLength = packet.length = length;
      packet.seconds = i;
      packet.metadata.process = PROCESSES[i % 5]!;
      file.packet(packet);
      size = file.size;
    }
    moves();
    ring.bytes.fill(0xdd);
  } finally {
    file.close();
  }
  assert.equal(ring.onMove.size, 0);
  return size;
}

/** A file's bytes, without the time it ended in a last block of pcapng. */
function packetsOf(path: string, format: 'pcap' | 'pcapng'): Buffer {
  const bytes = readFileSync(path);
  const end = bytes.length;
  return format === 'pcap' ? bytes : bytes.subarray(0, end - bytes.readUInt32LE(end - 4));
}

for (const more of [
  { format: 'pcap' },
  { format: 'pcap', linkType: LinkType.PKTAP },
  { format: 'pcapng' },
  { format: 'pcapng', unbuffered: true },
] as const) {
  test(`${JSON.stringify(more)}: lent packets make the file that copied ones make`, async () => {
    const [copied, lent] = [newPath('.copied'), newPath('.lent')];
    await write(copied, false, 12, more);
    const size = await write(lent, true, 12, more);
    assert.ok(packetsOf(copied, more.format).equals(packetsOf(lent, more.format)));
    if (more.format === 'pcap') assert.equal(size, statSync(lent).size);
    const { packets, error } = await readAll(lent);
    assert.equal(error, null);
    assert.equal(packets.length, 12 * LENGTHS.length);
  });
}

test('a full disk ends with the last whole lent packet', async (t) => {
  const disk = smallDisk();
  if (disk === null) return t.skip('no right to mount');
  t.after(() => execFileSync('umount', [disk]));
  for (const format of ['pcap', 'pcapng'] as const) {
    const path = join(disk, format);
    await assert.rejects(write(path, true, 12, { format }), /No space left on device/);
    const { packets, error } = await readAll(path);
    assert.equal(error, null);
    assert.ok(packets.length > 15, `${format}: ${packets.length} packets, ${statSync(path).size}`);
    packets.forEach((packet, i) => {
      assert.equal(packet.data.length / 2, LENGTHS[i % LENGTHS.length]);
    });
    execFileSync('rm', [path]);
  }
});

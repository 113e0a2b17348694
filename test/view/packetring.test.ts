// The packets that are kept: the last or the first, as many as there is room for, each with its own bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Packet, PacketMetadata } from '../../src/packet/index.js';
import { PacketRing } from '../../src/view/packetring.js';

const MOST = 8;
const BYTES = 100;

/** A packet whose bytes all are its number. */
function packetOf(number: number, length: number): Packet {
  const packet = new Packet();
  packet.buffer = new Uint8Array(length + 3).fill(number & 0xff);
  packet.offset = 3;
  packet.capturedLength = length;
  packet.length = length + 5;
  packet.seconds = number;
  packet.metadata = number % 3 === 0 ? null : new PacketMetadata();
  if (packet.metadata !== null) packet.metadata.threadId = number;
  packet.comments = ['not kept'];
  return packet;
}

function kept(ring: PacketRing): [number: number, length: number][] {
  return Array.from({ length: ring.count }, (_, i) => {
    const { number, packet } = ring.kept(i);
    assert.deepEqual(packet.data, new Uint8Array(packet.capturedLength).fill(number & 0xff));
    assert.equal(packet.length, packet.capturedLength + 5);
    assert.equal(packet.seconds, number);
    assert.equal(packet.metadata?.threadId, number % 3 === 0 ? undefined : number);
    assert.equal(packet.comments, null);
    assert.equal(ring.find(number), packet);
    return [number, packet.capturedLength];
  });
}

const LENGTHS = fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 80 });

test('the last ones: an unbroken end of what came, never more than there is room for', () => {
  fc.assert(
    fc.property(LENGTHS, (lengths) => {
      const ring = new PacketRing(false, MOST, BYTES);
      const came: [number, number][] = [];
      for (const [i, length] of lengths.entries()) {
        ring.add(i + 1, packetOf(i + 1, length));
        if (length <= BYTES) came.push([i + 1, length]);
        const now = kept(ring);
        assert.deepEqual(now, came.slice(came.length - now.length));
        assert.ok(now.length <= MOST);
        // The one that came is there; of small ones as many as there may be.
        if (length <= BYTES) assert.ok(now.length >= 1);
        if (came.slice(-MOST).every(([, size]) => size <= 4))
          assert.equal(now.length, Math.min(MOST, came.length));
      }
    }),
    { numRuns: 500 },
  );
});

test('the first ones stay', () => {
  const ring = new PacketRing(true, MOST, BYTES);
  for (let i = 1; i <= 50; i++) ring.add(i, packetOf(i, 30));
  assert.deepEqual(kept(ring), [
    [1, 30],
    [2, 30],
    [3, 30],
  ]);
  assert.equal(ring.find(4), null);
});

test('numbers with gaps are found', () => {
  const ring = new PacketRing(false, MOST, BYTES);
  for (const number of [2, 5, 9, 200]) ring.add(number, packetOf(number, 4));
  assert.deepEqual(
    [1, 2, 3, 9, 10, 201].map((number) => ring.before(number)),
    [0, 0, 1, 2, 3, 4],
  );
  assert.equal(ring.find(3), null);
  assert.equal(ring.find(200)!.seconds, 200);
});

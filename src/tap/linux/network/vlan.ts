// VLAN tags that the card took off, put back where they were on the wire.

import type { Packet } from '../../../packet/index.js';

/** Longest packet the tap hands on, with room for a tag. */
const LARGEST = 262144 + 8;

export class TagRestorer {
  private readonly bytes = new Uint8Array(new ArrayBuffer(LARGEST));

  /**
   * Moves the packet into a buffer of its own, its tag in place.
   * @param protocol the tag's, 0x8100 or 0x88a8
   * @param tci priority and VLAN
   */
  restore(packet: Packet, protocol: number, tci: number, snapshotLength: number): void {
    const captured = packet.capturedLength;
    if (captured < 12) return;
    const { buffer, offset } = packet;
    const tagged = this.bytes;
    tagged.set(buffer.subarray(offset, offset + 12));
    tagged[12] = protocol >> 8;
    tagged[13] = protocol & 0xff;
    tagged[14] = tci >> 8;
    tagged[15] = tci & 0xff;
    tagged.set(buffer.subarray(offset + 12, offset + captured), 16);
    packet.buffer = tagged;
    packet.offset = 0;
    packet.capturedLength = Math.min(captured + 4, snapshotLength);
    packet.length += 4;
  }
}

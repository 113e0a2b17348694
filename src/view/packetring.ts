// The last packets, or the first: so many, and so many bytes of them. What a packet takes is used again.

import { Packet, PacketMetadata } from '../packet/index.js';

const PACKETS = 8192;
const BYTES = 1 << 24;

/** A packet that is kept, and its place in the capture. */
export interface Kept {
  readonly number: number;
  readonly packet: Packet;
}

class Slot implements Kept {
  number = 0;
  /** Bytes that it takes, at least one. */
  size = 0;
  readonly packet = new Packet();
  readonly metadata = new PacketMetadata();
}

/** The packets that either of two rings keeps, in their order, each once. */
export function* merged(a: PacketRing, b: PacketRing): Generator<Kept> {
  for (let i = 0, j = 0; i < a.count || j < b.count; ) {
    const one = i < a.count ? a.kept(i) : null;
    const other = j < b.count ? b.kept(j) : null;
    const next = other === null || (one !== null && one.number <= other.number) ? one! : other;
    if (one?.number === next.number) i++;
    if (other?.number === next.number) j++;
    yield next;
  }
}

export class PacketRing {
  private readonly bytes: Uint8Array;
  private readonly slots: Slot[] = [];
  /** Packets that came, and those of them that are no more: the first kept is in the slot `gone % most`. */
  private came = 0;
  private gone = 0;
  /** Where the next one's bytes go. */
  private at = 0;

  /** @param keepsFirst whether those that came first stay, not those that came last */
  constructor(
    private readonly keepsFirst: boolean,
    private readonly most = PACKETS,
    bytes = BYTES,
  ) {
    this.bytes = new Uint8Array(bytes);
  }

  get count(): number {
    return this.came - this.gone;
  }

  /** @param i 0: the first that is kept */
  kept(i: number): Kept {
    return this.slots[(this.gone + i) % this.most]!;
  }

  private oldest(): Slot {
    return this.slots[this.gone % this.most]!;
  }

  private forget(): void {
    this.gone++;
  }

  /** Copies a packet. Its comments are not kept: nobody bounds them. */
  add(number: number, packet: Packet): void {
    const bytes = this.bytes;
    const size = Math.max(1, packet.capturedLength);
    if (size > bytes.length) return;
    if (this.keepsFirst && (this.count === this.most || this.at + size > bytes.length)) return;
    if (this.at + size > bytes.length) {
      // Those that lie behind are the oldest.
      while (this.count > 0 && this.oldest().packet.offset >= this.at) this.forget();
      this.at = 0;
    }
    const end = this.at + size;
    while (this.count > 0 && this.isInTheWay(this.oldest(), end)) this.forget();
    if (this.count === this.most) this.forget();
    const place = this.came++ % this.most;
    if (this.slots[place] === undefined) this.slots[place] = new Slot();
    const slot = this.slots[place];
    slot.number = number;
    slot.size = size;
    const to = slot.packet;
    const { buffer, offset, capturedLength } = packet;
    if (capturedLength < 64)
      for (let i = 0; i < capturedLength; i++) bytes[this.at + i] = buffer[offset + i]!;
    else bytes.set(buffer.subarray(offset, offset + capturedLength), this.at);
    to.buffer = bytes;
    to.offset = this.at;
    to.capturedLength = capturedLength;
    to.length = packet.length;
    to.seconds = packet.seconds;
    to.nanoseconds = packet.nanoseconds;
    to.linkType = packet.linkType;
    to.bigEndian = packet.bigEndian;
    to.interface = packet.interface;
    to.metadata = packet.metadata === null ? null : Object.assign(slot.metadata, packet.metadata);
    this.at = end;
  }

  private isInTheWay({ packet, size }: Slot, end: number): boolean {
    return packet.offset < end && packet.offset + size > this.at;
  }

  /** How many of those kept have a number below this one. */
  before(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.kept(middle).number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The packet of a number; null: it is not kept. */
  find(number: number): Packet | null {
    const i = this.before(number);
    const kept = i < this.count ? this.kept(i) : null;
    return kept?.number === number ? kept.packet : null;
  }
}

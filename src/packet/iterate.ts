// Packets one after the other, for `for await`: each is a copy that can be kept.

import { Packet, PacketMetadata } from './packet.js';
import type { PacketHandler } from './source.js';

/** Packets that are copied at a time. */
const BATCH = 256;
/** Bytes of the memory that copies of packets share. */
const SLAB = 64 * 1024;

/** Copies packets into memory that several share. */
export class PacketCopier {
  private slab = new Uint8Array(0);
  private used = 0;

  copy(packet: Packet): Packet {
    const { buffer, offset, capturedLength } = packet;
    if (this.used + capturedLength > this.slab.length) {
      this.slab = new Uint8Array(Math.max(SLAB, capturedLength));
      this.used = 0;
    }
    const at = this.used;
    this.slab.set(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, capturedLength), at);
    this.used += capturedLength;
    return packet.copyWith(this.slab, at);
  }
}

/** Packets of a batch at most. */
const LARGEST = 1024;

/** Packets where they lie, some at a time: each batch is valid until the next one is asked for. */
export class BatchIterator implements AsyncIterableIterator<readonly Packet[], undefined> {
  private readonly packets: Packet[] = [];
  private readonly metadata: PacketMetadata[] = [];
  private count = 0;
  private ended = false;
  /** Why the source broke, when the packets before are taken. */
  private failure: { readonly error: unknown } | null = null;

  /** @param run hands on packets until the handler has had enough, or there are no more; or `pause`, asked before they move, says so */
  constructor(private readonly run: (handler: PacketHandler, pause: () => boolean) => Promise<void>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes note of a packet, in objects that are used again. */
  private readonly take = (packet: Packet): boolean => {
    const i = this.count++;
    if (i === this.packets.length) {
      this.packets.push(new Packet());
      this.metadata.push(new PacketMetadata());
    }
    const { buffer, offset, metadata } = packet;
    const facts = metadata === null ? null : metadata.copyTo(this.metadata[i]!);
    packet.copyTo(this.packets[i]!, buffer, offset, facts);
    return this.count < LARGEST;
  };

  private readonly pause = (): boolean => this.count > 0;

  async next(): Promise<IteratorResult<readonly Packet[], undefined>> {
    const failure = this.failure;
    if (failure !== null) {
      this.failure = null;
      throw failure.error;
    }
    if (this.ended) return { done: true, value: undefined };
    this.count = 0;
    try {
      await this.run(this.take, this.pause);
    } catch (error) {
      this.ended = true;
      if (this.count === 0) throw error;
      this.failure = { error };
    }
    if (this.count > 0) return { done: false, value: this.packets.slice(0, this.count) };
    this.ended = true;
    return { done: true, value: undefined };
  }

  /** The loop was left: nothing more is read. */
  return(): Promise<IteratorResult<readonly Packet[], undefined>> {
    this.ended = true;
    this.failure = null;
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** The packets of a source that goes on where its handler had enough: it is asked for more when all before were taken. */
export class PacketIterator implements AsyncIterator<Packet, undefined> {
  private batch: Packet[] = [];
  private taken = 0;
  private ended = false;
  /** Why the source broke, when the packets before are taken. */
  private failure: { readonly error: unknown } | null = null;
  private readonly copier = new PacketCopier();

  /** @param run hands on packets until the handler has had enough, or there are no more */
  constructor(private readonly run: (handler: PacketHandler) => Promise<void>) {}

  next(): Promise<IteratorResult<Packet, undefined>> {
    if (this.taken < this.batch.length)
      return Promise.resolve({ done: false, value: this.batch[this.taken++]! });
    return this.more();
  }

  private async more(): Promise<IteratorResult<Packet, undefined>> {
    const failure = this.failure;
    const copier = this.copier;
    const batch: Packet[] = [];
    this.batch = batch;
    this.taken = 0;
    if (failure !== null) {
      this.failure = null;
      throw failure.error;
    }
    if (!this.ended) {
      try {
        await this.run((packet) => batch.push(copier.copy(packet)) < BATCH);
      } catch (error) {
        this.ended = true;
        if (batch.length === 0) throw error;
        this.failure = { error };
      }
      if (batch.length < BATCH) this.ended = true;
    }
    return batch.length === 0 ? { done: true, value: undefined } : this.next();
  }

  /** The loop was left: nothing more is read. */
  return(): Promise<IteratorResult<Packet, undefined>> {
    this.ended = true;
    this.failure = null;
    this.batch = [];
    this.taken = 0;
    return Promise.resolve({ done: true, value: undefined });
  }
}

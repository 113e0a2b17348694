// AF_PACKET's receive ring, version 3: packets in blocks the kernel fills, read in place. Source: packet(7);
// linux/if_packet.h; Documentation/networking/packet_mmap.rst.

import { attachFilter, errno, libc, MappedMemory, SystemError } from '../../system/index.js';
import { Resources } from './resources.js';

const AF_PACKET = 17;
const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
const ETH_P_ALL = 3;
const STATUS_USER = 1;

/** struct tpacket_block_desc: status, number of packets, offset of the first. */
const Block = { STATUS: 8, PACKETS: 12, FIRST: 16 } as const;

/** struct tpacket3_hdr and the sockaddr_ll behind it: offsets from a packet's header. */
export const Frame = {
  NEXT: 0,
  SECONDS: 4,
  NANOSECONDS: 8,
  CAPTURED: 12,
  LENGTH: 16,
  STATUS: 20,
  MAC: 24,
  VLAN_TCI: 32,
  VLAN_PROTOCOL: 36,
  IFINDEX: 52,
  PACKET_TYPE: 58,
} as const;

/** Bits of Frame.STATUS: a VLAN tag was taken off, and its protocol is known. */
export const FrameStatus = { VLAN: 0x10, VLAN_PROTOCOL: 0x40 } as const;
/** Frame.PACKET_TYPE of packets that leave. */
export const PACKET_OUTGOING = 4;

const BLOCK_SIZE = 512 * 1024;

export class PacketRing {
  readonly fd: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Called before what was handed over is given back to the kernel. */
  readonly onMove = new Set<() => void>();
  private readonly resources = new Resources();
  private readonly status: Int32Array;
  private readonly blocks: number;
  private next = 0;
  private received = 0;
  private dropped = 0;
  private closed = false;

  /**
   * @param ifindex interface, 0: all
   * @param size bytes of the ring, made a multiple of 512 KiB
   * @param patience milliseconds after which a block that is not full is handed over
   * @throws SystemError
   */
  constructor(ifindex: number, size: number, snapshotLength: number, patience: number) {
    // Protocol 0: nothing comes before the filter and the ring are there.
    this.fd = libc().socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
    if (this.fd < 0) throw new SystemError('cannot open a packet socket', errno());
    this.blocks = Math.max(4, Math.floor(size / BLOCK_SIZE));
    const { fd, resources } = this;
    resources.add(() => libc().close(fd));
    try {
      this.limit(snapshotLength);
      this.option(PACKET_VERSION, [TPACKET_V3], 'cannot choose the packet ring');
      const frames = (this.blocks * BLOCK_SIZE) / 2048;
      this.option(
        PACKET_RX_RING,
        [BLOCK_SIZE, this.blocks, 2048, frames, patience, 0, 0],
        'cannot make the packet ring',
      );
      const length = this.blocks * BLOCK_SIZE;
      const memory = new MappedMemory(length, 3, fd, 0, 'cannot map the packet ring');
      resources.add(() => memory.detach(this.kept()));
      const { buffer } = memory;
      this.bytes = new Uint8Array(buffer);
      this.view = new DataView(buffer);
      this.status = new Int32Array(buffer);
      this.bindTo(ifindex);
    } catch (error) {
      resources.close();
      throw error;
    }
  }

  private option(name: number, words: readonly number[], what: string): void {
    const value = new Uint8Array(new Uint32Array(words).buffer);
    if (libc().setsockopt(this.fd, SOL_PACKET, name, value, value.length) < 0)
      throw new SystemError(what, errno());
  }

  /** A socket filter of one instruction, `ret #snapshotLength`: what comes is cut there. */
  private limit(snapshotLength: number): void {
    const instruction = new Uint8Array(new ArrayBuffer(8));
    new DataView(instruction.buffer).setUint16(0, 6, true);
    new DataView(instruction.buffer).setUint32(4, snapshotLength, true);
    attachFilter(this.fd, instruction, 'cannot set the snapshot length');
  }

  private bindTo(ifindex: number): void {
    const address = new Uint8Array(new ArrayBuffer(20));
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_ALL, false);
    view.setInt32(4, ifindex, true);
    if (libc().bind(this.fd, address, address.length) < 0)
      throw new SystemError('cannot bind the packet socket', errno());
  }

  /**
   * Hands every packet that is there to `take`: the offset of its header in `bytes`, which may be read during the call
   * only. `take` returns false to stop; what is left of that block is lost.
   * @returns whether there was any
   */
  drain(take: (header: number) => boolean): boolean {
    let any = false;
    for (;;) {
      const block = this.next * BLOCK_SIZE;
      const status = (block + Block.STATUS) >> 2;
      if ((Atomics.load(this.status, status) & STATUS_USER) === 0) return any;
      any = true;
      let header = block + this.view.getUint32(block + Block.FIRST, true);
      let more = true;
      for (let left = this.view.getUint32(block + Block.PACKETS, true); left > 0 && more; left--) {
        // Who is handed a packet may close the ring.
        more = take(header) && !this.closed;
        header += this.view.getUint32(header + Frame.NEXT, true);
      }
      for (const move of this.onMove) move();
      if (this.closed) return true;
      Atomics.store(this.status, status, 0);
      this.next = (this.next + 1) % this.blocks;
      if (!more) return true;
    }
  }

  /** Packets that came to the socket, and those of them that found no room. */
  counts(): { received: number; dropped: number } {
    if (this.closed) return { received: this.received, dropped: this.dropped };
    const value = new Uint8Array(new ArrayBuffer(12));
    const length = new Uint8Array(new Uint32Array([value.length]).buffer);
    // Reading sets the kernel's own counts back to 0.
    if (libc().getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, value, length) === 0) {
      const view = new DataView(value.buffer);
      this.received += view.getUint32(0, true);
      this.dropped += view.getUint32(4, true);
    }
    return { received: this.received, dropped: this.dropped };
  }

  /** Leaves the kernel's ring, and the socket. What was handed over last can still be read. */
  close(): void {
    if (this.closed) return;
    this.counts();
    this.closed = true;
    this.resources.close();
  }

  /** What views that are kept show of: the block at hand, and the one before it. */
  private kept(): (readonly [from: number, to: number])[] {
    const before = (this.next + this.blocks - 1) % this.blocks;
    return [before, this.next].map((i) => [i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE]);
  }
}

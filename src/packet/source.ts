// The three parts a run is made of: source → filter → output.

import type { Packet } from './packet.js';

/** What a source counted, as libpcap's pcap_stats. */
export interface SourceCounts {
  /** Packets that reached the filter. */
  received: number;
  /** Packets lost for want of room in the kernel's buffer. */
  droppedByKernel: number;
  /** Packets the interface itself dropped. */
  droppedByInterface: number;
  /** Packets the metadata filter refused. */
  droppedByMetadataFilter: number;
}

/** Takes a packet. False: enough, the source stops. */
export type PacketHandler = (packet: Packet) => boolean;

/** Where packets come from: a live tap or a savefile. */
export interface Source {
  /** LINKTYPE_ number of the first packets; PKTAP (258) for a tap. */
  readonly linkType: number;
  readonly snapshotLength: number;
  /**
   * Hands every packet to `handler` until the source ends, `stop` is called, or the handler returns false.
   * @throws Error with a message fit for one line after `pktap: ` when the source breaks
   */
  run(handler: PacketHandler): Promise<void>;
  /** Ends a run soon, from a signal or a timer; packets already captured are still handed on. */
  stop(): void;
  counts(): SourceCounts;
  /** Gives everything back; nothing of ours stays in the kernel. */
  close(): void;
}

/** Memory that live packets lie in, which is used again soon after. */
export interface PacketMemory {
  readonly bytes: Uint8Array;
  /** Called before the place of packets handed on so far is used for others. */
  readonly onMove: Set<() => void>;
}

/** Says yes or no to a packet. */
export type PacketFilter = (packet: Packet) => boolean;

/** The same by the packet's bytes alone: [offset, offset + captured) of the buffer, `length` bytes on the wire. */
export type BytesFilter = (buffer: Uint8Array, offset: number, captured: number, length: number) => boolean;

/** Where packets go. */
export interface Output {
  packet(packet: Packet): void;
  /** Writes out what is buffered. */
  flush(): void;
  close(): void;
}

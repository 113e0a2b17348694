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

/** Where packets go. All that there is to an output: whoever has an object like this can be handed a run's packets. */
export interface Output {
  /** Takes a packet, which is valid during the call only. */
  packet(packet: Packet): void;
  /** Counts a packet that passed the filters and is not put out. */
  skip?(): void;
  /** Writes out what is buffered: on request, and every 200 ms of a live capture. */
  flush(): void;
  /** Goes on in a new file by the same name, as another program moved the old one away. */
  reopen?(): void;
  /** Writes out the rest and gives everything back. Called once, however the run ends. */
  close(): void;
}

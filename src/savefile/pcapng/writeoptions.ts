// What a pcapng file is written with.

import type { Interface, PacketMemory } from '../../packet/index.js';
import type { OwnerComments } from './ownercomments.js';

/** What is said of the machine and program that captured. */
export interface SectionInfo {
  readonly hardware?: string | null;
  readonly os?: string | null;
  readonly application?: string | null;
  readonly comments?: readonly string[];
}

/** What a capture counted on an interface; left out: not known. */
export interface InterfaceStatistics {
  readonly received?: number;
  readonly droppedByInterface?: number;
  readonly acceptedByFilter?: number;
  readonly droppedByKernel?: number;
}

export interface PcapngOptions {
  /** Null: a copy keeps each interface's own, all else is in nanoseconds. */
  readonly precision: 'micro' | 'nano' | null;
  readonly littleEndian: boolean;
  readonly section: SectionInfo;
  /** Interfaces described at the beginning of each file, whether packets come from them or not. */
  readonly interfaces: readonly Interface[];
  /** Link type of packets that have no interface, and of the interface of a file without packets. */
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of packets without an interface; null: not said. */
  readonly fcsLength: number | null;
  /** Whether this is a copy: it has the statistics it is given and no others. */
  readonly copy: boolean;
  /** Asked at the end of each file, once for each interface. */
  readonly statistics: ((of: Interface) => InterfaceStatistics | null) | null;
  /** -y: the link type of all packets; those that cannot have it are left out. Null: each has its own. */
  readonly only: number | null;
  /** Of processes less is written than there is: what files say of them in comments is not copied. */
  readonly restricted: boolean;
  /** Which packets get comments that say whose they are. */
  readonly comments: OwnerComments;
  /** Whether Wireshark's process entries (dialect 3) are written: its releases before 5.1 show each as a row. */
  readonly entries: boolean;
  /** What lends its packets' bytes until it moves. */
  readonly memory: PacketMemory | null;
}

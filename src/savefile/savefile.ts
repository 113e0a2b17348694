// Savefiles that are read, as the rest of the house sees them.

import type {
  BytesFilter,
  Interface,
  Packet,
  PacketFilter,
  PacketHandler,
  Process,
  Source,
} from '../packet/index.js';
import type { CopyOrigin } from './write/copy.js';

/** What createSavefile can make a copy of. */
export interface Copied {
  /** pcapng when one of several is. */
  readonly format: 'pcap' | 'pcapng';
  /** How fine the time stamps are; of pcapng, those of the first interface. */
  readonly precision: 'micro' | 'nano';
  /** Bytes of frame check sequence at the end of each packet, as the file says; null: it does not. */
  readonly fcsLength: number | null;
  /** For the writer of a copy alone. */
  readonly origin: CopyOrigin;
}

/** A savefile. */
export interface Savefile extends Source, Copied, AsyncIterable<Packet> {
  readonly path: string;
  /** Interfaces seen so far, in a pcapng file those of the section at hand. */
  readonly interfaces: readonly Interface[];
  /** Byte order of the headers that were read last. */
  readonly bigEndian: boolean;
  /** Asked of each packet before `run` hands it on; null: all are wanted. */
  filter: PacketFilter | null;
  /**
   * Says of a process whether its packets are wanted, asked once for each: those of others need not be handed on, where
   * that saves time. Whoever needs to be sure asks again.
   */
  wants: ((process: Process) => boolean) | null;
  /**
   * Says for a link type which of its packets may be wanted, by their bytes: others need not be handed on, where that saves
   * time. Whoever needs to be sure asks again.
   */
  passes: ((linkType: number) => BytesFilter) | null;
  /** Ends a run when it is aborted, which then throws its reason. Null: nothing does. */
  signal: AbortSignal | null;
  /**
   * The packets, each a copy that can be kept. A loop that is left can be followed by another, or by `run`, behind the packets that
   * were read ahead.
   */
  [Symbol.asyncIterator](): AsyncIterator<Packet, undefined>;
  /**
   * The packets some hundred at a time, where they lie: a batch and its packets are valid until the next batch is asked for
   * (`packet.copy()` keeps one). Nearly as fast as `run`.
   */
  batches(): AsyncIterable<readonly Packet[]>;
}

/** Several savefiles, one after the other. */
export interface SavefileList extends Source {
  readonly first: Savefile;
}

/** Several savefiles at once, their packets in the order of time. */
export interface MergedSavefiles extends Source, Copied {
  readonly sources: readonly Savefile[];
}

/** A savefile that can be read from its middle. */
export interface SavefileParts {
  readonly stopped: boolean;
  /** Offset in the file of what comes behind the last packet. */
  readonly position: number;
  /** Grows with everything that says how packets are read: sections, interfaces and processes. */
  readonly layout: number;
  /**
   * Passes over packets: reads what comes before the first, then goes on behind one at `position` or a little later.
   * @returns where that is; -1: it can't, or nothing there looks like packets
   */
  skipTo(position: number): Promise<number>;
  /** @param end offset in the file: the run ends behind the packet that reaches it */
  run(handler: PacketHandler, end?: number): Promise<void>;
}

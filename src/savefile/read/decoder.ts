// What the savefile formats have in common: a decoder takes one packet after the other out of the input's window.

import type { PktapUnwrapper } from '../../decode/index.js';
import type { BytesFilter, Interface } from '../../packet/index.js';

/** What `next` found. Numbers, since it is asked once per packet. */
export const Found = {
  /** The packet is filled in. */
  PACKET: 0,
  /** The window holds too little: `needed` bytes are wanted. */
  MORE: 1,
} as const;

/** The packet at hand as it lies in its file, for copies: all of its record or block. */
export interface RawRecord {
  /** Where it is in the packet's buffer. */
  start: number;
  /** Its length; 0: it can't be taken as it is. */
  length: number;
}

export interface Decoder {
  /** Bytes wanted in the window after MORE; 0: none. */
  needed: number;
  /** LINKTYPE_ number, snapshot length in bytes (0: none) and time precision of the first packets. */
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly precision: 'micro' | 'nano';
  /** Bytes of frame check sequence at the end of each packet; null: not said. */
  readonly fcsLength: number | null;
  /** Takes PKTAP headers off; null: there are none. */
  readonly unwrapper: PktapUnwrapper | null;
  readonly raw: RawRecord;
  /** Interfaces known so far. */
  readonly interfaces: readonly Interface[];
  /** Grows with everything that says how packets are read: sections, interfaces and processes. */
  readonly layout: number;
  /**
   * Looks in the window, which may begin anywhere in the file, for what looks like packets one behind the other, and
   * goes on behind the first of them.
   * @returns whether there are any
   */
  resync(): boolean;
  /**
   * Says for a link type which of its packets may be wanted, by their bytes: others are passed over, and counted in
   * `unwanted`. Packets that end at or behind offset `passUntil` of the file never are.
   */
  passes: ((linkType: number) => BytesFilter) | null;
  passUntil: number;
  readonly unwanted: number;
  /** Fills in the next packet. */
  next(): number;
  /** Called when the file ends while `needed` bytes were wanted. Throws when that is in the middle of something. */
  end(): void;
}

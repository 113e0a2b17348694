// What a copy of a savefile needs to know besides the packets.

import type { Interface } from '../../packet/index.js';
import type { PcapHeader } from '../pcap/reader.js';
import type { PacketRecord, RawBlock, SectionInterface } from '../pcapng/records.js';
import type { RawRecord } from '../read/decoder.js';

/** Where the packets handed to a writer come from. */
export interface CopyOrigin {
  readonly format: 'pcap' | 'pcapng';
  /** Gets every pcapng block that is no packet, as it lies in the file, in order and before the packets behind it. */
  onBlock: ((block: RawBlock) => void) | null;
  /** Called before the buffer of the packets handed on so far is used for others. */
  onMove: (() => void) | null;
  /** The packet at hand as it lies in its file. */
  readonly raw: RawRecord;
  /** What a pcap file's headers are like; null in a pcapng file. */
  readonly header: PcapHeader | null;
  /** What the file says of the packet at hand; null in a pcap file. */
  readonly record: PacketRecord | null;
  /** What a pcapng file says of one of its interfaces; null: it is none of its. */
  detailsOf(of: Interface): SectionInterface | null;
  /** Bytes of PKTAP header right before the packet's bytes that were taken off it; 0: none. */
  readonly pktapHeaderLength: number;
  /** Several files at once: their sections become one. */
  readonly merged: boolean;
}

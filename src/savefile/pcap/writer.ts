// Writes pcap: packets of one link type, as they are, with PKTAP headers in front, or stripped to IP.

import { isPktap, Link, pktapHeaderLength, writePktapHeader } from '../../decode/index.js';
import { LinkType, linkTypeName, type Packet, type PacketMemory } from '../../packet/index.js';
import { copyBytes } from '../bytes.js';
import type { OutputFile } from '../node/outputfile.js';
import type { CopyOrigin } from '../write/copy.js';
import { type Encoder, lends } from '../write/encoder.js';
import * as Format from './format.js';
import { FileHeader, RecordHeader } from './format.js';

export interface PcapOptions {
  /** PKTAP (258): packets get a header, unless they have one. RAW (101): packets lose theirs. */
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly precision: 'micro' | 'nano';
  readonly littleEndian: boolean;
  /** Bytes of frame check sequence at the end of each packet, for the file header; null: not said. */
  readonly fcsLength: number | null;
  /** Packets of other link types are left out; otherwise they are an error. */
  readonly only: boolean;
  /** Of processes less is written than there is: no record is taken as it lies in a file. */
  readonly restricted: boolean;
  /** What lends its packets' bytes until it moves. */
  readonly memory: PacketMemory | null;
}

export class PcapEncoder implements Encoder {
  leftOut = 0;
  #file!: OutputFile;
  #origin: CopyOrigin | null = null;
  /** Whether the origin's records are ours to the byte. */
  #same = false;
  readonly #link = new Link();

  constructor(readonly options: PcapOptions) {}

  begin(file: OutputFile): void {
    const { linkType, snapshotLength, precision, littleEndian, fcsLength } = this.options;
    this.#file = file;
    file.blockLength = (view, at, first) =>
      first
        ? Format.FILE_HEADER_LENGTH
        : Format.RECORD_HEADER_LENGTH + view.getUint32(at + RecordHeader.CAPTURED_LENGTH, littleEndian);
    file.room(Format.FILE_HEADER_LENGTH);
    const { view, at } = file;
    view.setUint32(at, precision === 'nano' ? Format.MAGIC_NANO : Format.MAGIC_MICRO, littleEndian);
    view.setUint16(at + FileHeader.VERSION_MAJOR, Format.VERSION_MAJOR, littleEndian);
    view.setUint16(at + FileHeader.VERSION_MINOR, Format.VERSION_MINOR, littleEndian);
    view.setUint32(at + FileHeader.ZONE, 0, littleEndian);
    view.setUint32(at + FileHeader.ACCURACY, 0, littleEndian);
    view.setUint32(at + FileHeader.SNAPSHOT_LENGTH, snapshotLength, littleEndian);
    const fcs =
      fcsLength === null ? 0 : Format.FCS_PRESENT | (((fcsLength / 2) & 0xf) << Format.FCS_LENGTH_SHIFT);
    view.setUint32(at + FileHeader.LINK_TYPE, (linkType | fcs) >>> 0, littleEndian);
    file.at += Format.FILE_HEADER_LENGTH;
  }

  copyFrom(origin: CopyOrigin): void {
    this.#origin = origin;
    const { linkType, precision, littleEndian } = this.options;
    const { header } = origin;
    this.#same =
      header !== null &&
      !(this.options.restricted && isPktap(linkType)) &&
      header.linkType === linkType &&
      header.nanoseconds === (precision === 'nano') &&
      header.littleEndian === littleEndian;
    origin.onMove = () => this.#file.settle();
  }

  packet(packet: Packet): void {
    const { linkType } = this.options;
    if (this.#same && this.#isRecord(packet, this.#origin!)) {
      const { raw } = this.#origin!;
      this.#file.lend(packet.buffer, raw.start, raw.length);
    } else if (packet.linkType === linkType) this.#record(packet, 0, 0);
    else if (isPktap(linkType)) {
      // The header it came with lies right before it, and says more than one of ours would.
      const own = this.options.restricted ? 0 : (this.#origin?.pktapHeaderLength ?? 0);
      if (own > 0) this.#record(packet, 0, -own);
      else this.#record(packet, pktapHeaderLength(packet), 0);
    } else if (linkType === LinkType.RAW) {
      const skip = this.#link.ipOffset(packet);
      if (skip < 0) this.leftOut++;
      else this.#record(packet, 0, skip);
    } else if (this.options.only) this.leftOut++;
    else {
      const name = (type: number): string => `${linkTypeName(type) ?? 'link type'} (${type})`;
      throw new Error(
        `a packet of ${name(packet.linkType)} does not fit into a pcap file of ${name(linkType)}; -P writes pcapng`,
      );
    }
  }

  /** Whether the record at hand is this packet, no more and no less. */
  #isRecord(packet: Packet, origin: CopyOrigin): boolean {
    const body = origin.raw.start + Format.RECORD_HEADER_LENGTH + origin.pktapHeaderLength;
    return (
      origin.raw.length > 0 &&
      packet.offset === body &&
      body + packet.capturedLength === origin.raw.start + origin.raw.length
    );
  }

  /** `added` bytes of PKTAP header go in front, `skip` bytes of the packet are left out (below 0: taken from before it). */
  #record(packet: Packet, added: number, skip: number): void {
    const file = this.#file;
    const { littleEndian, precision, memory } = this.options;
    const kept = packet.capturedLength - skip;
    const isLent = lends(memory, packet.buffer, kept);
    file.room(Format.RECORD_HEADER_LENGTH + added + (isLent ? 0 : kept));
    const { view, at } = file;
    const fraction = precision === 'nano' ? packet.nanoseconds : Math.floor(packet.nanoseconds / 1000);
    view.setUint32(at + RecordHeader.SECONDS, packet.seconds, littleEndian);
    view.setUint32(at + RecordHeader.FRACTION, fraction, littleEndian);
    view.setUint32(at + RecordHeader.CAPTURED_LENGTH, added + kept, littleEndian);
    view.setUint32(at + RecordHeader.LENGTH, added + packet.length - skip, littleEndian);
    const body = at + Format.RECORD_HEADER_LENGTH;
    if (added > 0) writePktapHeader(packet, file.buffer, body, added);
    file.at = body + added;
    if (isLent) {
      file.insert(packet.buffer, packet.offset + skip, kept);
      return;
    }
    copyBytes(packet.buffer, packet.offset + skip, file.buffer, file.at, kept);
    file.at += kept;
  }

  end(): void {}
}

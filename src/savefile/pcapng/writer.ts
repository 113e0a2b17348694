// Writes pcapng: Apple's process blocks and packet options (dialect 1) and the standard's process option (2), Wireshark's process
// entries (3) where they are asked for, and comments that say whose packets are: sections, interfaces and processes (sectionwriter.ts), packets (packetwriter.ts).

import { isPktap, Link, pktapHeaderLength } from '../../decode/index.js';
import { LinkType, type Packet } from '../../packet/index.js';
import { copyBytes } from '../bytes.js';
import type { OutputFile } from '../node/outputfile.js';
import type { CopyOrigin } from '../write/copy.js';
import type { Encoder } from '../write/encoder.js';
import { BlockType, BODY } from './format.js';
import { PacketWriter } from './packetwriter.js';
import type { RawBlock } from './records.js';
import { SectionWriter, type Written } from './sectionwriter.js';
import type { PcapngOptions } from './writeoptions.js';

export class PcapngEncoder implements Encoder {
  leftOut = 0;
  readonly #section: SectionWriter;
  readonly #packets: PacketWriter;
  readonly #link = new Link();
  readonly #copies: boolean;
  #origin: CopyOrigin | null = null;
  /** Bytes of a PKTAP header in front of a converted packet's, and of its own that are left out (below 0: taken from before it). */
  #added = 0;
  #skip = 0;

  constructor(readonly options: PcapngOptions) {
    this.#section = new SectionWriter(options);
    this.#packets = new PacketWriter(options, this.#section);
    this.#copies = options.copy;
  }

  begin(file: OutputFile): void {
    if (!this.#section.use(file)) return;
    for (const one of this.options.interfaces) {
      const linkType = this.#becomes(one.linkType);
      if (linkType !== null) this.#section.describe(one, linkType);
    }
  }

  copyFrom(origin: CopyOrigin): void {
    this.#origin = origin;
    this.#section.origin = origin;
    origin.onMove = () => this.#section.file.settle();
    if (origin.format === 'pcapng') origin.onBlock = (block) => this.#copyBlock(block);
  }

  /** A block of the file copied that is no packet. */
  #copyBlock(raw: RawBlock): void {
    const section = this.#section;
    if (raw.type === BlockType.SECTION) section.copyHeader(raw);
    else if (raw.type === BlockType.INTERFACE) {
      // One whose packets lose their PKTAP header would only stand in the way of programs that want one link type.
      const described = raw.interface!;
      const linkType = this.#becomes(described.linkType);
      if (!isPktap(described.linkType) && linkType !== null) section.find(described, linkType);
    } else if (!raw.ofProcess && raw.type !== BlockType.CUSTOM_NO_COPY) {
      const linkType = raw.interface === null ? null : this.#becomes(raw.interface.linkType);
      if (raw.interface !== null && linkType === null) return;
      section.order(raw.littleEndian);
      const about = raw.interface === null ? null : section.find(raw.interface, linkType!);
      const file = section.file;
      file.room(raw.length);
      copyBytes(raw.buffer, raw.start, file.buffer, file.at, raw.length);
      if (about !== null) file.view.setUint32(file.at + BODY, about.number, raw.littleEndian);
      file.at += raw.length;
    }
  }

  secrets(keys: Uint8Array): void {
    this.#section.secrets(keys);
  }

  packet(packet: Packet): void {
    const section = this.#section;
    const record = this.#origin?.record ?? null;
    if (
      record !== null &&
      record.littleEndian !== section.block.littleEndian &&
      this.#packets.isForeign(packet, record)
    ) {
      section.order(record.littleEndian);
    }
    let added = 0;
    let skip = 0;
    let { linkType } = packet;
    const { only } = this.options;
    if (only !== null && linkType !== only) {
      if (!this.#convert(packet, only)) return;
      added = this.#added;
      skip = this.#skip;
      linkType = only;
    }
    if (!section.begun) section.begin();
    const written = section.interfaceOf(packet, linkType);
    const { metadata } = packet;
    // Their blocks come before the packet's.
    let process = -1;
    let effective = -1;
    let comment: Uint8Array | null = null;
    if (metadata !== null) {
      if (metadata.process !== null) process = section.processNumber(metadata.process);
      if (metadata.effectiveProcess !== null) effective = section.processNumber(metadata.effectiveProcess);
    }
    if (!this.#copies) this.#date(written, packet);
    if (process >= 0) comment = this.#packets.ownerComment(packet, metadata!, process, record);
    if (
      record !== null &&
      added === 0 &&
      skip === 0 &&
      this.#packets.isBlock(packet, written, record, comment !== null)
    ) {
      this.#packets.lend(packet, written.number, record, process, effective);
      return;
    }
    if (
      record?.simple === true &&
      added === 0 &&
      skip === 0 &&
      this.#packets.isSimple(packet, written, record)
    )
      this.#packets.simple(packet);
    else this.#packets.enhanced(packet, written, process, effective, record, comment, added, skip);
  }

  /** Finds out how a packet becomes one of the file's link type. @returns false when it cannot: it is left out */
  #convert(packet: Packet, only: number): boolean {
    this.#added = 0;
    if (isPktap(only)) {
      const own = this.options.restricted ? 0 : (this.#origin?.pktapHeaderLength ?? 0);
      this.#skip = own > 0 ? -own : 0;
      if (own <= 0) this.#added = pktapHeaderLength(packet);
      return true;
    }
    this.#skip = only === LinkType.RAW ? this.#link.ipOffset(packet) : -1;
    if (this.#skip < 0) this.leftOut++;
    return this.#skip >= 0;
  }

  /** The link type that packets of one have in this file; null: none of them is in it. */
  #becomes(linkType: number): number | null {
    const { only } = this.options;
    if (only === null || only === linkType) return linkType;
    return only === LinkType.RAW || isPktap(only) ? only : null;
  }

  /** For the statistics at the end. */
  #date(written: Written, packet: Packet): void {
    if (written.packets++ === 0) {
      written.firstSeconds = packet.seconds;
      written.firstNanoseconds = packet.nanoseconds;
    }
    written.lastSeconds = packet.seconds;
    written.lastNanoseconds = packet.nanoseconds;
  }

  end(): void {
    this.#section.end();
  }
}

// Packets of pcapng's three kinds of block, and what their options say.

import { isPktap, type PktapUnwrapper } from '../../decode/index.js';
import { type Packet, PacketMetadata, type Process } from '../../packet/index.js';
import { turnHeader } from '../byteorder.js';
import type { RawRecord } from '../read/decoder.js';
import type { Input } from '../read/input.js';
import { CommentProcesses } from './comments.js';
import * as Format from './format.js';
import { BlockType, PacketOption } from './format.js';
import { makePacketRecord, type PacketRecord, type SectionInterface } from './records.js';
import type { Section } from './section.js';

// What every packet asks for, as constants of this module: those of others are loaded anew each time.
const { BLOCK_OVERHEAD, FixedLength } = Format;
const ENHANCED_PACKET = BlockType.ENHANCED_PACKET;
const ENHANCED_PACKET_LENGTH = FixedLength.ENHANCED_PACKET;
const BODY = Format.BODY;
const { END, COMMENT } = Format.Option;
const { FLAGS, PROCESS_THREAD, PROCESS, EFFECTIVE_PROCESS, SERVICE_CLASS, METADATA_FLAGS, FLOW_ID } =
  PacketOption;
const MAXIMUM_PID = 0x7fff_ffff;

/** Fills the packet in from its block, which is whole in the window. */
export class PacketReader {
  readonly record: PacketRecord = makePacketRecord();
  readonly raw: RawRecord = { start: 0, length: 0 };
  /** That of the interface of the packet at hand. */
  #interfaceProcess: Process | null = null;
  readonly #metadata = new PacketMetadata();
  readonly #commentProcesses = new CommentProcesses();
  /** Where the comments of the packet at hand lie. */
  readonly #commentPlaces: number[] = [];

  constructor(
    readonly input: Input,
    readonly packet: Packet,
    readonly section: Section,
    readonly unwrapper: PktapUnwrapper,
    readonly bytesOnly: boolean,
  ) {}

  /** An Enhanced Packet Block. */
  enhanced(start: number, length: number): void {
    const { input, packet, section } = this;
    const { view } = input;
    const little = section.little;
    const bodyLength = length - BLOCK_OVERHEAD;
    if (bodyLength < ENHANCED_PACKET_LENGTH) throw section.tooShort(ENHANCED_PACKET);
    const body = start + BODY;
    const number = view.getUint32(body, little);
    const source = section.interfaceOf(number);
    const capturedLength = view.getUint32(body + 12, little);
    const offset = body + ENHANCED_PACKET_LENGTH;
    if (capturedLength > bodyLength - ENHANCED_PACKET_LENGTH) {
      throw section.tooShort(ENHANCED_PACKET);
    }
    this.#time(source, view.getUint32(body + 4, little), view.getUint32(body + 8, little));
    packet.buffer = input.buffer;
    packet.offset = offset;
    packet.capturedLength = capturedLength;
    packet.length = view.getUint32(body + 16, little);
    this.record.interfaceNumber = number;
    this.raw.start = start;
    this.raw.length = length;
    this.#finish(packet, offset + ((capturedLength + 3) & ~3), start + length - 4);
  }

  #time(source: SectionInterface, high: number, low: number): void {
    const { packet, record } = this;
    const { clock } = source;
    clock.set(high, low);
    packet.seconds = clock.seconds;
    packet.nanoseconds = clock.nanoseconds;
    packet.interface = source.interface;
    packet.linkType = source.interface.linkType;
    this.#interfaceProcess = source.process;
    record.interface = source.interface;
    record.timeHigh = high;
    record.timeLow = low;
  }

  /** No time, no interface number: those of the first interface. Source: draft-ietf-opsawg-pcapng 4.4. */
  simple(start: number, length: number): void {
    const { input, packet, section } = this;
    const source = section.interfaceOf(0);
    const room = length - BLOCK_OVERHEAD - Format.FixedLength.SIMPLE_PACKET;
    packet.length = input.view.getUint32(start + BODY, section.little);
    const most = source.snapshotLength === 0 ? packet.length : Math.min(packet.length, source.snapshotLength);
    if (most > room) throw section.tooShort(BlockType.SIMPLE_PACKET);
    this.#time(source, 0, 0);
    packet.buffer = input.buffer;
    packet.offset = start + BODY + Format.FixedLength.SIMPLE_PACKET;
    packet.capturedLength = most;
    this.#finish(packet, start + length - 4, start + length - 4);
    this.record.simple = true;
  }

  /** The obsolete Packet Block. */
  old(start: number, length: number): void {
    const { input, packet, section } = this;
    const { view } = input;
    const little = section.little;
    const body = start + BODY;
    const source = section.interfaceOf(view.getUint16(body, little));
    const drops = view.getUint16(body + 2, little);
    const capturedLength = view.getUint32(body + 12, little);
    const offset = body + Format.FixedLength.PACKET;
    if (capturedLength > length - BLOCK_OVERHEAD - Format.FixedLength.PACKET) {
      throw section.tooShort(BlockType.PACKET);
    }
    this.#time(source, view.getUint32(body + 4, little), view.getUint32(body + 8, little));
    packet.buffer = input.buffer;
    packet.offset = offset;
    packet.capturedLength = capturedLength;
    packet.length = view.getUint32(body + 16, little);
    this.#finish(packet, offset + ((capturedLength + 3) & ~3), start + length - 4);
    // 0xffff: not known.
    if (drops !== 0xffff) packet.dropCount = drops;
  }

  /** The packet's options, then its PKTAP header when it has one. */
  #finish(packet: Packet, optionsStart: number, optionsEnd: number): void {
    const { record, section } = this;
    record.capturedLength = packet.capturedLength;
    record.optionsStart = optionsStart;
    record.optionsEnd = optionsEnd;
    record.littleEndian = section.little;
    record.process = -1;
    record.effectiveProcess = -1;
    record.pid = -1;
    record.naming = 'none';
    record.ownCommentAt = -1;
    record.simple = false;
    packet.comments = null;
    packet.dropCount = 0;
    if (this.bytesOnly) packet.metadata = null;
    else {
      const metadata = this.#metadata;
      metadata.clear();
      packet.metadata = metadata;
      if (optionsStart < optionsEnd) this.#packetOptions(packet, metadata, optionsStart, optionsEnd);
      if (this.#interfaceProcess !== null) metadata.process ??= this.#interfaceProcess;
    }
    if (!section.little) turnHeader(packet);
    if (isPktap(packet.linkType)) this.#unwrap(packet);
  }

  #unwrap(packet: Packet): void {
    const { metadata, interface: named } = packet;
    this.raw.length = 0;
    this.unwrapper.unwrap(packet);
    if (metadata !== null && packet.metadata !== null && packet.metadata !== metadata)
      moreThanHeader(packet.metadata, metadata);
    packet.metadata ??= metadata;
    packet.interface ??= named;
  }

  /** Read in place rather than by Options: every packet has some. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one switch of short cases, on the way of every packet
  #packetOptions(packet: Packet, metadata: PacketMetadata, start: number, end: number): void {
    const { record, section } = this;
    const { view } = this.input;
    const little = section.little;
    const processes = section.processes;
    let comments: string[] | null = null;
    let ended = false;
    let whole = false;
    let at = start;
    while (at + 4 <= end) {
      const code = view.getUint16(at, little);
      const length = view.getUint16(at + 2, little);
      const value = at + 4;
      if (code === END) {
        ended = true;
        break;
      }
      if (value + length > end) break;
      at = value + ((length + 3) & ~3);
      switch (code) {
        case FLAGS: {
          const direction = length < 4 ? 0 : view.getUint32(value, little) & 3;
          if (direction !== 3) metadata.direction = direction as 0 | 1 | 2;
          break;
        }
        case PROCESS_THREAD:
          if (length !== 8) break;
          record.pid = view.getUint32(value, little);
          // As everywhere, IDs below 0 are those of no process.
          if (record.pid <= MAXIMUM_PID) metadata.threadId = view.getUint32(value + 4, little);
          break;
        case PROCESS:
          if (length !== 4) break;
          // Of two, the first counts, and a copy has one.
          if (record.process >= 0) {
            this.raw.length = 0;
            break;
          }
          record.process = view.getUint32(value, little);
          record.processAt = value;
          metadata.process = processes.byNumber(record.process);
          whole = processes.whole;
          break;
        case EFFECTIVE_PROCESS:
          if (length !== 4) break;
          if (record.effectiveProcess >= 0) {
            this.raw.length = 0;
            break;
          }
          record.effectiveProcess = view.getUint32(value, little);
          record.effectiveProcessAt = value;
          metadata.effectiveProcess = processes.byNumber(record.effectiveProcess);
          break;
        case SERVICE_CLASS:
          metadata.serviceClass = length < 4 ? 0 : view.getInt32(value, little);
          break;
        case METADATA_FLAGS:
          metadata.flags = length < 4 ? 0 : view.getUint32(value, little);
          break;
        case FLOW_ID:
          metadata.flowId = length < 4 ? 0 : view.getUint32(value, little);
          break;
        case COMMENT:
          comments ??= [];
          this.#commentPlaces[comments.length] = value;
          comments.push(this.#text(value, length));
          break;
        default:
          this.#rareOption(packet, metadata, code, value, length);
      }
    }
    // What ends in the middle of an option is no example to follow.
    if (!ended && at < end) this.raw.length = 0;
    if (record.pid >= 0) {
      if (record.pid <= MAXIMUM_PID && !whole) this.#processOfId(packet, metadata, record.pid);
      // A block that says there is no ID: then there is no thread of it.
      if (metadata.process !== null && metadata.process.pid < 0) metadata.threadId = 0;
    }
    if (comments !== null) {
      packet.comments = comments;
      const said = this.#commentProcesses.take(packet, metadata, section.ours);
      record.naming = said === 'foreign' ? said : said === null ? 'none' : 'own';
      if (typeof said === 'number') record.ownCommentAt = this.#commentPlaces[said]!;
    }
  }

  #text(at: number, length: number): string {
    const { buffer } = this.input;
    while (length > 0 && buffer[at + length - 1] === 0) length--;
    return Buffer.from(buffer.buffer, buffer.byteOffset + at, length).toString();
  }

  #rareOption(packet: Packet, metadata: PacketMetadata, code: number, value: number, length: number): void {
    const { view } = this.input;
    const { little } = this.section;
    switch (code) {
      case PacketOption.DROP_COUNT:
        packet.dropCount = length < 8 ? 0 : Number(view.getBigUint64(value, little));
        break;
      case PacketOption.TRACE_TAG:
        metadata.traceTag = length < 2 ? 0 : view.getUint16(value, little);
        break;
      case PacketOption.DROP_REASON:
        metadata.dropReason = length < 4 ? 0 : view.getUint32(value, little);
        break;
      case PacketOption.DROP_LINE:
        metadata.dropLine = length < 2 ? 0 : view.getUint16(value, little);
        break;
      case PacketOption.DROP_FUNCTION:
        metadata.dropFunction = this.#text(value, length);
        break;
      case PacketOption.COMPRESSION_GENERATION:
        metadata.compressionGeneration = length < 4 ? 0 : view.getUint32(value, little);
        break;
      case Format.CustomOption.TEXT_NO_COPY:
      case Format.CustomOption.BYTES_NO_COPY:
        this.raw.length = 0;
        break;
    }
  }

  /** What the standard's process ID says of a packet's process, alone or besides a process block. */
  #processOfId(packet: Packet, metadata: PacketMetadata, pid: number): void {
    const { processes } = this.section;
    const { process } = metadata;
    if (process === null) metadata.process = processes.byPid(pid, packet.seconds, packet.nanoseconds);
    else if (process.pid === pid && processes.hasEntries) {
      metadata.process = processes.complete(process, packet.seconds, packet.nanoseconds);
    }
  }
}

/** A PKTAP header has room for little; the block may know more of the same processes. */
function moreThanHeader(header: PacketMetadata, block: PacketMetadata): void {
  header.process = knownBetter(header.process, block.process);
  header.effectiveProcess = knownBetter(header.effectiveProcess, block.effectiveProcess);
  if (header.process !== null && header.process === block.process) header.threadId = block.threadId;
}

function knownBetter(header: Process | null, block: Process | null): Process | null {
  const same =
    header !== null && block !== null && header.pid === block.pid && block.name.startsWith(header.name);
  return same ? block : header;
}

// Packets as blocks: anew, with what a copy's record says besides, or as they lie in the file that is copied.

import { flowId, Headers, writePktapHeader } from '../../decode/index.js';
import type { Packet, PacketMetadata } from '../../packet/index.js';
import { copyBytes } from '../bytes.js';
import { lends } from '../write/encoder.js';
import { optionSize, optionText } from './blocks.js';
import { dropReasonComment } from './comments.js';
import * as Format from './format.js';
import { BlockType, BODY, PacketOption } from './format.js';
import { leftoversOf } from './leftovers.js';
import { Options } from './options.js';
import { OwnerCommentBytes } from './ownercomments.js';
import type { PacketRecord } from './records.js';
import { NOT_COPIED, type SectionWriter, type Written } from './sectionwriter.js';
import { unitsOf } from './time.js';
import type { PcapngOptions } from './writeoptions.js';

/** Packet options written from what is known of the packet; a copy takes all others as they are. */
const OWN_OPTIONS: ReadonlySet<number> = new Set([
  ...Object.values(PacketOption).filter((code) => code > 0x8000),
  PacketOption.FLAGS,
  PacketOption.DROP_COUNT,
  PacketOption.PROCESS_THREAD,
]);
const DIRECTION_MASK = 3;
/** Where an Enhanced Packet Block's bytes begin. */
const PACKET_START = BODY + Format.FixedLength.ENHANCED_PACKET;
/** Everything a packet block may have besides data, comments and function name. */
const FIXED_ROOM = 32 + 14 * 12 + 4;
const TWO_32 = 2 ** 32;

export class PacketWriter {
  readonly #units = { high: 0, low: 0 };
  readonly #options = new Options();
  readonly #headers = new Headers();
  readonly #owners = new OwnerCommentBytes();

  constructor(
    readonly options: PcapngOptions,
    readonly section: SectionWriter,
  ) {}

  /**
   * The comment that says whose a packet is.
   * @param number of its process's block
   * @returns null: it gets none
   */
  ownerComment(
    packet: Packet,
    { process, flowId: flow, direction }: PacketMetadata,
    number: number,
    record: PacketRecord | null,
  ): Uint8Array | null {
    const { comments, restricted } = this.options;
    // Another's comment that says it already is copied.
    if (comments === 'none' || (record?.naming === 'foreign' && !restricted)) return null;
    if (comments === 'first' && !this.section.flows.isFirst(flow || this.#flowOf(packet), number))
      return null;
    return this.#owners.of(process!, direction);
  }

  /** Files of others may say nothing of flows. */
  #flowOf(packet: Packet): number {
    const headers = this.#headers;
    return headers.read(packet) && headers.version !== 0 ? flowId(headers) : 0;
  }

  /** Whether a Simple Packet Block says all there is to say of the packet here too. */
  isSimple(packet: Packet, written: Written, record: PacketRecord): boolean {
    const { snapshotLength } = written.source;
    const captured = snapshotLength === 0 ? packet.length : Math.min(packet.length, snapshotLength);
    return (
      written.number === 0 &&
      written.source === record.interface &&
      packet.capturedLength === captured &&
      packet.comments === null &&
      packet.dropCount === 0 &&
      (packet.metadata === null || packet.metadata.process === null)
    );
  }

  simple(packet: Packet): void {
    const { block } = this.section;
    const { capturedLength } = packet;
    block.begin(BlockType.SIMPLE_PACKET, Format.FixedLength.SIMPLE_PACKET + capturedLength + 4);
    block.u32(packet.length);
    copyBytes(packet.buffer, packet.offset, block.buffer, block.at, capturedLength);
    block.at += capturedLength;
    block.pad();
    block.end();
  }

  /**
   * Whether the block at hand says of the packet what ours would, but for the numbers in it.
   * @param commented whether it is to have a comment of ours
   */
  isBlock(packet: Packet, written: Written, record: PacketRecord, commented: boolean): boolean {
    const { raw } = this.section.origin!;
    if (
      raw.length === 0 ||
      this.options.restricted ||
      record.littleEndian !== this.section.block.littleEndian ||
      written.clock === null ||
      written.source !== record.interface ||
      (record.naming === 'own') !== commented ||
      packet.offset !== raw.start + PACKET_START ||
      packet.capturedLength !== record.capturedLength ||
      packet.offset + ((packet.capturedLength + 3) & ~3) !== record.optionsStart
    )
      return false;
    if (packet.metadata === null) return false;
    const { process, effectiveProcess } = packet.metadata;
    if (process === null ? record.process >= 0 || record.pid >= 0 : record.process < 0) return false;
    if (process !== null && (process.pid < 0 ? -1 : process.pid) !== record.pid) return false;
    return effectiveProcess === null ? record.effectiveProcess < 0 : record.effectiveProcess >= 0;
  }

  /** The block as it lies in its file, with our numbers of interface and processes put into it there. */
  lend({ buffer }: Packet, number: number, record: PacketRecord, process: number, effective: number): void {
    const { raw } = this.section.origin!;
    if (
      number !== record.interfaceNumber ||
      (process >= 0 && process !== record.process) ||
      (effective >= 0 && effective !== record.effectiveProcess)
    ) {
      const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
      view.setUint32(raw.start + BODY, number, record.littleEndian);
      if (process >= 0) view.setUint32(record.processAt, process, record.littleEndian);
      if (effective >= 0) view.setUint32(record.effectiveProcessAt, effective, record.littleEndian);
    }
    this.section.file.lend(buffer, raw.start, raw.length);
  }

  /** Whether a packet has anything that makes sense only in its own file's byte order. */
  isForeign(packet: Packet, record: PacketRecord): boolean {
    const { process = null, effectiveProcess = null } = packet.metadata ?? {};
    if (process !== null && leftoversOf(process) !== null) return true;
    if (effectiveProcess !== null && leftoversOf(effectiveProcess) !== null) return true;
    for (const options = this.#recordOptions(packet, record); options.next(); ) {
      if (!OWN_OPTIONS.has(options.code) && options.code !== Format.Option.COMMENT) return true;
    }
    return false;
  }

  #recordOptions(packet: Packet, record: PacketRecord): Options {
    const { buffer } = packet;
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    return this.#options.begin(buffer, view, record.optionsStart, record.optionsEnd, record.littleEndian);
  }

  /**
   * An Enhanced Packet Block.
   * @param comment that says whose it is, null: none
   * @param added bytes of PKTAP header in front
   * @param skip bytes of the packet that are left out; below 0: taken from before it
   */
  enhanced(
    packet: Packet,
    written: Written,
    process: number,
    effective: number,
    record: PacketRecord | null,
    comment: Uint8Array | null,
    added: number,
    skip: number,
  ): void {
    const { metadata } = packet;
    const { block } = this.section;
    const texts = this.#texts(packet, record === null || this.options.restricted);
    const kept = packet.capturedLength - skip;
    const isLent = lends(this.options.memory, packet.buffer, kept);
    let room =
      FIXED_ROOM + (comment === null ? 0 : optionSize(comment.length)) + added + (isLent ? 0 : kept) + 4;
    if (texts !== null) for (const [, text] of texts) room += optionSize(text.length);
    if (record !== null) room += record.optionsEnd - record.optionsStart;
    block.begin(BlockType.ENHANCED_PACKET, room);
    const units = this.#units;
    if (written.clock === null) unitsOf(packet.seconds, packet.nanoseconds, written.perSecond, units);
    else if (record !== null && record.interface === written.source) {
      units.high = record.timeHigh;
      units.low = record.timeLow;
    } else written.clock.units(packet.seconds, packet.nanoseconds, units);
    block.u32(written.number);
    block.u32(units.high);
    block.u32(units.low);
    block.u32(added + kept);
    block.u32(added + packet.length - skip);
    if (added > 0) {
      writePktapHeader(packet, block.buffer, block.at, added);
      block.at += added;
    }
    if (isLent) block.insert(packet.buffer, packet.offset + skip, kept);
    else {
      copyBytes(packet.buffer, packet.offset + skip, block.buffer, block.at, kept);
      block.at += kept;
    }
    block.pad();
    const start = block.at;
    if (comment !== null) block.optionBytes(Format.Option.COMMENT, comment);
    if (texts !== null) for (const [code, text] of texts) block.optionBytes(code, text);
    let flags = 0;
    if (record !== null && record.optionsStart < record.optionsEnd) flags = this.#copyOptions(packet, record);
    if (metadata !== null) flags |= metadata.direction;
    if (flags !== 0) block.option32(PacketOption.FLAGS, flags >>> 0);
    if (packet.dropCount > 0) {
      const high = Math.floor(packet.dropCount / TWO_32);
      block.option64(PacketOption.DROP_COUNT, high, packet.dropCount - high * TWO_32);
    }
    if (metadata !== null) this.#metadata(metadata, process, effective);
    if (block.at > start) block.endOfOptions();
    block.end();
  }

  /** Copies what is not written anew. Returns what epb_flags says besides the direction. */
  #copyOptions(packet: Packet, record: PacketRecord): number {
    const { block } = this.section;
    const translatable = record.littleEndian === block.littleEndian;
    let flags = 0;
    for (const options = this.#recordOptions(packet, record); options.next(); ) {
      const { code } = options;
      if (options.at === record.ownCommentAt) continue;
      if (code === PacketOption.FLAGS) flags = options.u32() & ~DIRECTION_MASK;
      else if (
        (code === Format.Option.COMMENT && !this.options.restricted) ||
        (code !== Format.Option.COMMENT && translatable && !OWN_OPTIONS.has(code) && !NOT_COPIED.has(code))
      ) {
        block.optionBytes(code, packet.buffer.subarray(options.at, options.at + options.length));
      }
    }
    return flags;
  }

  #metadata(metadata: PacketMetadata, process: number, effective: number): void {
    const { block } = this.section;
    if (process >= 0) {
      const { pid } = metadata.process!;
      if (pid >= 0) block.optionPair(PacketOption.PROCESS_THREAD, pid, metadata.threadId);
      block.option32(PacketOption.PROCESS, process);
    }
    if (metadata.serviceClass !== -1) block.option32(PacketOption.SERVICE_CLASS, metadata.serviceClass >>> 0);
    if (effective >= 0) block.option32(PacketOption.EFFECTIVE_PROCESS, effective);
    if (metadata.flags !== 0) block.option32(PacketOption.METADATA_FLAGS, metadata.flags);
    if (metadata.flowId !== 0) block.option32(PacketOption.FLOW_ID, metadata.flowId);
    if (metadata.traceTag !== 0) block.option16(PacketOption.TRACE_TAG, metadata.traceTag);
    if (metadata.dropReason !== 0) block.option32(PacketOption.DROP_REASON, metadata.dropReason);
    if (metadata.dropLine !== 0) block.option16(PacketOption.DROP_LINE, metadata.dropLine);
    if (metadata.compressionGeneration !== 0) {
      block.option32(PacketOption.COMPRESSION_GENERATION, metadata.compressionGeneration);
    }
  }

  /** Options that are text. Null for most packets. `withComments`: they are not copied from a record. */
  #texts(packet: Packet, withComments: boolean): [code: number, text: Uint8Array][] | null {
    const { metadata } = packet;
    const comments = withComments ? packet.comments : null;
    const reason = withComments && metadata !== null ? metadata.dropReasonName : '';
    if (comments === null && reason === '' && (metadata === null || metadata.dropFunction === ''))
      return null;
    const texts: [number, Uint8Array][] = [];
    if (comments !== null) for (const text of comments) texts.push([Format.Option.COMMENT, optionText(text)]);
    if (reason !== '') texts.push([Format.Option.COMMENT, optionText(dropReasonComment(reason))]);
    if (metadata !== null && metadata.dropFunction !== '') {
      texts.push([PacketOption.DROP_FUNCTION, optionText(metadata.dropFunction)]);
    }
    return texts;
  }
}

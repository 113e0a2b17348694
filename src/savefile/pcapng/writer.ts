// Writes pcapng: Apple's process blocks and packet options (dialect 1), the standard's process option (2) and Wireshark's
// process entries (3) together. Interfaces and processes get their blocks right before the first packet that needs them.

import { isPktap, Link, pktapHeaderLength, writePktapHeader } from '../../decode/index.js';
import {
  type Interface,
  LinkType,
  makeInterface,
  type Packet,
  type PacketMemory,
  type PacketMetadata,
  type Process,
} from '../../packet/index.js';
import { copyBytes } from '../bytes.js';
import type { OutputFile } from '../node/outputfile.js';
import type { CopyOrigin } from '../write/copy.js';
import { type Encoder, lends } from '../write/encoder.js';
import { BlockBuilder, optionSize, optionText } from './blocks.js';
import { dropReasonComment } from './comments.js';
import * as Format from './format.js';
import { BlockType, BODY, InterfaceOption, PacketOption, SectionOption, StatisticsOption } from './format.js';
import { Options } from './options.js';
import { writeProcess } from './processblocks.js';
import { processLeftovers } from './processes.js';
import { interfaceDetails, type PacketRecord, type RawBlock } from './reader.js';
import { type Clock, unitsOf } from './time.js';

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
  /** What lends its packets' bytes until it moves. */
  readonly memory: PacketMemory | null;
}

/** Interfaces a section may have before the writer begins a new one. */
const MAXIMUM_INTERFACES = 65_000;
/** Packet options written from what is known of the packet; a copy takes all others as they are. */
const OWN_OPTIONS: ReadonlySet<number> = new Set([
  ...Object.values(PacketOption).filter((code) => code > 0x8000),
  PacketOption.FLAGS,
  PacketOption.DROP_COUNT,
  PacketOption.PROCESS_THREAD,
]);
/** Options whose writer wants them not to be copied. */
const NOT_COPIED: ReadonlySet<number> = new Set([
  Format.CustomOption.TEXT_NO_COPY,
  Format.CustomOption.BYTES_NO_COPY,
]);
const DIRECTION_MASK = 3;
const MAXIMUM_LINK_TYPE = 0xffff;
/** Where an Enhanced Packet Block's bytes begin. */
const PACKET_START = Format.BODY + Format.FixedLength.ENHANCED_PACKET;
/** A power of 2. */
const RECENT = 256;

const NO_OPTIONS = new Uint8Array(0);

/** Options that are text, in another byte order. */
function turned(options: Uint8Array, littleEndian: boolean, wanted: boolean): Uint8Array {
  if (littleEndian === wanted) return options;
  const bytes = options.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at + 2, littleEndian);
    view.setUint16(at, view.getUint16(at, littleEndian), wanted);
    view.setUint16(at + 2, length, wanted);
    at += 4 + ((length + 3) & ~3);
  }
  return bytes;
}

/** Everything a packet block may have besides data, comments and function name. */
const FIXED_ROOM = 32 + 14 * 12 + 4;
const TWO_32 = 2 ** 32;

interface Written {
  readonly source: Interface;
  readonly linkType: number;
  readonly number: number;
  readonly perSecond: 1_000_000 | 1_000_000_000;
  /** A copy's: the units are those of this clock. */
  readonly clock: Clock | null;
  packets: number;
  firstSeconds: number;
  firstNanoseconds: number;
  lastSeconds: number;
  lastNanoseconds: number;
}

/** A section header's options, in the byte order of the file they come from. */
interface SectionHeader {
  readonly littleEndian: boolean;
  /** As they lie in the file, without their end: a header may have millions. */
  options: Uint8Array;
}

export class PcapngEncoder implements Encoder {
  leftOut = 0;
  readonly #block = new BlockBuilder();
  readonly #perSecond: 1_000_000 | 1_000_000_000;
  readonly #units = { high: 0, low: 0 };
  readonly #options = new Options();
  readonly #link = new Link();
  readonly #copies: boolean;
  #file!: OutputFile;
  /** Whether the file has its section header. */
  #begun = false;
  #interfaces: Written[] = [];
  #byInterface = new Map<Interface, Written[]>();
  #last: Written | null = null;
  #processes = new WeakMap<Process, number>();
  #processCount = 0;
  /** Processes written lately, by the lowest bits of their ID: looking them up is dearer. */
  readonly #recent: (Process | null)[] = new Array<Process | null>(RECENT).fill(null);
  readonly #recentNumbers = new Int32Array(RECENT);
  readonly #unnamed = new Map<number, Interface>();
  #origin: CopyOrigin | null = null;
  #header: SectionHeader | null = null;

  constructor(readonly options: PcapngOptions) {
    this.#perSecond = options.precision === 'micro' ? 1_000_000 : 1_000_000_000;
    this.#block.littleEndian = options.littleEndian;
    this.#copies = options.copy;
  }

  begin(file: OutputFile): void {
    this.#file = file;
    this.#block.use(file);
    file.blockLength = (view, at) => view.getUint32(at + 4, this.#block.littleEndian);
    this.#begun = false;
    // A copy's first section header is that of the file copied.
    if (this.options.copy && this.#header === null) return;
    this.#section();
    for (const one of this.options.interfaces) {
      const linkType = this.#becomes(one.linkType);
      if (linkType !== null) this.#describe(one, linkType);
    }
  }

  copyFrom(origin: CopyOrigin): void {
    this.#origin = origin;
    origin.onMove = () => this.#file.settle();
    if (origin.format === 'pcapng') origin.onBlock = (block) => this.#copyBlock(block);
  }

  #section(): void {
    const { hardware, os, application, comments = [] } = this.options.section;
    const header = this.#header;
    const block = this.#block;
    const options: (readonly [number, Uint8Array])[] = [];
    const copied = header === null ? NO_OPTIONS : this.#inOrder(header, block.littleEndian);
    for (const text of comments) options.push([Format.Option.COMMENT, optionText(text)]);
    if (header === null) {
      if (hardware) options.push([SectionOption.HARDWARE, optionText(hardware)]);
      if (os) options.push([SectionOption.OS, optionText(os)]);
      if (application) options.push([SectionOption.APPLICATION, optionText(application)]);
    }
    const room = options.reduce((sum, [, text]) => sum + optionSize(text.length), copied.length + 4);
    block.begin(BlockType.SECTION, Format.FixedLength.SECTION + room);
    block.u32(Format.BYTE_ORDER_MAGIC);
    block.u16(1);
    block.u16(0);
    // The section's length is not known before it ends: -1.
    block.u32(0xffff_ffff);
    block.u32(0xffff_ffff);
    block.raw(copied);
    for (const [code, text] of options) block.optionBytes(code, text);
    if (options.length + copied.length > 0) block.endOfOptions();
    block.end();
    this.#begun = true;
    this.#interfaces = [];
    this.#byInterface = new Map();
    this.#last = null;
    this.#processes = new WeakMap();
    this.#processCount = 0;
    this.#recent.fill(null);
  }

  /** A header's options in a byte order: texts are the same in either, which can't be said of the rest. */
  #inOrder({ littleEndian, options }: SectionHeader, wanted: boolean): Uint8Array {
    if (littleEndian === wanted) return options;
    const view = new DataView(options.buffer, options.byteOffset, options.length);
    const list = this.#options.begin(options, view, 0, options.length, littleEndian);
    return turned(
      list.chosen((code) => code <= SectionOption.APPLICATION),
      littleEndian,
      wanted,
    );
  }

  /** Goes on in a section of this byte order: what nobody here understands can't be turned round. */
  #order(littleEndian: boolean): void {
    if (this.#block.littleEndian !== littleEndian) this.#turn(littleEndian);
    if (!this.#begun) this.#section();
  }

  #turn(littleEndian: boolean): void {
    // The buffer holds blocks of one byte order, so that their lengths can be told.
    this.#file.flush();
    this.#block.littleEndian = littleEndian;
    this.#begun = false;
  }

  /** A block of the file copied that is no packet. */
  #copyBlock(raw: RawBlock): void {
    if (raw.type === BlockType.SECTION) this.#copySection(raw);
    else if (raw.type === BlockType.INTERFACE) {
      // One whose packets lose their PKTAP header would only stand in the way of programs that want one link type.
      const described = raw.interface!;
      const linkType = this.#becomes(described.linkType);
      if (!isPktap(described.linkType) && linkType !== null) this.#find(described, linkType);
    } else if (!raw.ofProcess && raw.type !== BlockType.CUSTOM_NO_COPY) {
      const linkType = raw.interface === null ? null : this.#becomes(raw.interface.linkType);
      if (raw.interface !== null && linkType === null) return;
      this.#order(raw.littleEndian);
      const about = raw.interface === null ? null : this.#find(raw.interface, linkType!);
      const file = this.#file;
      file.room(raw.length);
      copyBytes(raw.buffer, raw.start, file.buffer, file.at, raw.length);
      if (about !== null) file.view.setUint32(file.at + BODY, about.number, raw.littleEndian);
      file.at += raw.length;
    }
  }

  #copySection(raw: RawBlock): void {
    const { buffer, start, length, littleEndian } = raw;
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const from = start + Format.BODY + Format.FixedLength.SECTION;
    const list = this.#options.begin(buffer, view, from, start + length - 4, littleEndian);
    const further = this.#origin?.merged === true && this.#header !== null;
    const options = list.chosen((code) => (further ? code === Format.Option.COMMENT : !NOT_COPIED.has(code)));
    if (further) {
      // Of several files at once, the first gives the section its facts, all give it their comments.
      const first = this.#header!;
      if (!this.#begun)
        first.options = Buffer.concat([first.options, turned(options, littleEndian, first.littleEndian)]);
      return;
    }
    this.#header = { littleEndian, options };
    this.#turn(littleEndian);
    if (!this.#origin?.merged) this.#section();
  }

  packet(packet: Packet): void {
    const record = this.#origin?.record ?? null;
    if (
      record !== null &&
      record.littleEndian !== this.#block.littleEndian &&
      this.#isForeign(packet, record)
    ) {
      this.#order(record.littleEndian);
    }
    // Bytes of a PKTAP header in front of the packet's, and of its own that are left out (below 0: taken from before it).
    let added = 0;
    let skip = 0;
    let { linkType } = packet;
    const { only } = this.options;
    if (only !== null && linkType !== only) {
      if (isPktap(only)) {
        const own = this.options.restricted ? 0 : (this.#origin?.pktapHeaderLength ?? 0);
        if (own > 0) skip = -own;
        else added = pktapHeaderLength(packet);
      } else skip = only === LinkType.RAW ? this.#link.ipOffset(packet) : -1;
      if (skip < 0 && !isPktap(only)) {
        this.leftOut++;
        return;
      }
      linkType = only;
    }
    if (!this.#begun) this.#section();
    const written = this.#interfaceOf(packet, linkType);
    const { metadata } = packet;
    // Their blocks come before the packet's.
    let process = -1;
    let effective = -1;
    if (metadata !== null) {
      if (metadata.process !== null) process = this.#processNumber(metadata.process);
      if (metadata.effectiveProcess !== null) effective = this.#processNumber(metadata.effectiveProcess);
    }
    if (!this.#copies) this.#date(written, packet);
    if (record !== null && added === 0 && skip === 0 && this.#isBlock(packet, written, record)) {
      this.#lendBlock(packet, written.number, record, process, effective);
      return;
    }
    if (record?.simple === true && added === 0 && skip === 0 && this.#isSimple(packet, written, record))
      this.#simplePacket(packet);
    else this.#enhancedPacket(packet, written, process, effective, record, added, skip);
  }

  /** Whether a Simple Packet Block says all there is to say of the packet here too. */
  #isSimple(packet: Packet, written: Written, record: PacketRecord): boolean {
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

  #simplePacket(packet: Packet): void {
    const block = this.#block;
    const { capturedLength } = packet;
    block.begin(BlockType.SIMPLE_PACKET, Format.FixedLength.SIMPLE_PACKET + capturedLength + 4);
    block.u32(packet.length);
    copyBytes(packet.buffer, packet.offset, block.buffer, block.at, capturedLength);
    block.at += capturedLength;
    block.pad();
    block.end();
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

  /** Whether the block at hand says of the packet what ours would, but for the numbers in it. */
  #isBlock(packet: Packet, written: Written, record: PacketRecord): boolean {
    const { raw } = this.#origin!;
    if (
      raw.length === 0 ||
      this.options.restricted ||
      record.littleEndian !== this.#block.littleEndian ||
      written.clock === null ||
      written.source !== record.interface ||
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
  #lendBlock(
    { buffer }: Packet,
    number: number,
    record: PacketRecord,
    process: number,
    effective: number,
  ): void {
    const { raw } = this.#origin!;
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
    this.#file.lend(buffer, raw.start, raw.length);
  }

  /** Whether a packet has anything that makes sense only in its own file's byte order. */
  #isForeign(packet: Packet, record: PacketRecord): boolean {
    const { process = null, effectiveProcess = null } = packet.metadata ?? {};
    if (process !== null && processLeftovers.has(process)) return true;
    if (effectiveProcess !== null && processLeftovers.has(effectiveProcess)) return true;
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

  #enhancedPacket(
    packet: Packet,
    written: Written,
    process: number,
    effective: number,
    record: PacketRecord | null,
    added: number,
    skip: number,
  ): void {
    const { metadata } = packet;
    const block = this.#block;
    const texts = this.#texts(packet, record === null || this.options.restricted);
    const kept = packet.capturedLength - skip;
    const isLent = lends(this.options.memory, packet.buffer, kept);
    let room = FIXED_ROOM + added + (isLent ? 0 : kept) + 4;
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
    const block = this.#block;
    const translatable = record.littleEndian === block.littleEndian;
    let flags = 0;
    for (const options = this.#recordOptions(packet, record); options.next(); ) {
      const { code } = options;
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
    const block = this.#block;
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

  #processNumber(process: Process): number {
    const place = process.pid & (RECENT - 1);
    if (this.#recent[place] === process) return this.#recentNumbers[place]!;
    let number = this.#processes.get(process);
    if (number === undefined) {
      number = this.#processCount++;
      this.#processes.set(process, number);
      writeProcess(this.#block, process);
    }
    this.#recent[place] = process;
    this.#recentNumbers[place] = number;
    return number;
  }

  #interfaceOf(packet: Packet, linkType: number): Written {
    const named = packet.interface ?? this.#unnamedOf(linkType);
    const last = this.#last;
    // A tap may hand on a device's packets with another link type than the device's own.
    if (last !== null && last.source === named && last.linkType === linkType) return last;
    const found = this.#find(named, linkType);
    this.#last = found;
    return found;
  }

  /** The interface as this file knows it; described now when it is not yet. */
  #find(named: Interface, linkType: number): Written {
    const found = this.#byInterface.get(named)?.find((one) => one.linkType === linkType);
    if (found !== undefined) return found;
    if (!this.#begun) this.#section();
    if (this.#interfaces.length >= MAXIMUM_INTERFACES) {
      this.#statistics();
      this.#section();
    }
    return this.#describe(named, linkType);
  }

  #unnamedOf(linkType: number): Interface {
    let found = this.#unnamed.get(linkType);
    if (found === undefined) {
      found = makeInterface({ name: '', linkType, snapshotLength: this.options.snapshotLength });
      this.#unnamed.set(linkType, found);
    }
    return found;
  }

  #describe(one: Interface, linkType: number): Written {
    if (linkType > MAXIMUM_LINK_TYPE)
      throw new Error(`link type ${linkType} does not fit into a pcapng file`);
    const block = this.#block;
    const details = this.options.copy ? (interfaceDetails.get(one) ?? null) : null;
    const other = details?.otherOptions ?? null;
    if (other !== null) this.#order(details!.littleEndian);
    const texts: [number, Uint8Array][] = [];
    const text = (code: number, value: string | null): void => {
      if (value !== null && (value !== '' || details !== null)) texts.push([code, optionText(value)]);
    };
    // In a file a name may be there and empty.
    text(InterfaceOption.NAME, one.name === '' && details?.hasName !== true ? null : one.name);
    text(InterfaceOption.DESCRIPTION, one.description);
    text(InterfaceOption.OS, one.os);
    text(InterfaceOption.HARDWARE, one.hardware);
    // A leading 0 says that the filter is text.
    if (one.filter !== null) text(InterfaceOption.FILTER, `\0${one.filter}`);
    const room = texts.reduce((sum, [, value]) => sum + optionSize(value.length), 64 + (other?.length ?? 0));
    block.begin(BlockType.INTERFACE, Format.FixedLength.INTERFACE + room);
    block.u16(linkType);
    block.u16(0);
    block.u32(one.snapshotLength);
    for (const [code, value] of texts) block.optionBytes(code, value);
    if (one.mac !== null && one.mac.length === 6) block.optionBytes(InterfaceOption.MAC, one.mac);
    if (one.speed !== null) block.optionBig(InterfaceOption.SPEED, one.speed);
    const clock = this.options.precision === null ? (details?.clock ?? null) : null;
    const resolution = clock?.resolution ?? (this.#perSecond === 1_000_000 ? MICROSECONDS : NANOSECONDS);
    if (resolution !== MICROSECONDS)
      block.optionBytes(InterfaceOption.TIME_RESOLUTION, Uint8Array.of(resolution));
    if (clock !== null && clock.offset !== 0n) block.optionBig(InterfaceOption.TIME_OFFSET, clock.offset);
    if (details === null && one.name === '' && this.options.fcsLength !== null) {
      block.optionBytes(InterfaceOption.FCS_LENGTH, Uint8Array.of(this.options.fcsLength));
    }
    if (other !== null) block.raw(other);
    block.endOfOptions();
    block.end();
    const written: Written = {
      source: one,
      linkType,
      number: this.#interfaces.length,
      perSecond: this.#perSecond,
      clock,
      packets: 0,
      firstSeconds: 0,
      firstNanoseconds: 0,
      lastSeconds: 0,
      lastNanoseconds: 0,
    };
    this.#interfaces.push(written);
    const list = this.#byInterface.get(one);
    if (list === undefined) this.#byInterface.set(one, [written]);
    else list.push(written);
    return written;
  }

  end(): void {
    if (!this.#begun) this.#section();
    // A file without any interface is one libpcap does not read.
    const { linkType } = this.options;
    if (this.#interfaces.length === 0) this.#describe(this.#unnamedOf(linkType), linkType);
    if (!this.options.copy) this.#statistics();
  }

  #statistics(): void {
    for (const one of this.#interfaces) {
      const counts = this.options.statistics?.(one.source) ?? {};
      const block = this.#block;
      block.begin(BlockType.STATISTICS, Format.FixedLength.STATISTICS + 8 * 12);
      const time = (code: number | null, seconds: number, nanoseconds: number): void => {
        unitsOf(seconds, nanoseconds, this.#perSecond, this.#units);
        if (code === null) {
          block.u32(this.#units.high);
          block.u32(this.#units.low);
        } else block.optionPair(code, this.#units.high, this.#units.low);
      };
      const count = (code: number, value: number | undefined): void => {
        if (value === undefined) return;
        const high = Math.floor(value / TWO_32);
        block.option64(code, high, value - high * TWO_32);
      };
      const now = Date.now();
      block.u32(one.number);
      time(null, Math.floor(now / 1000), (now % 1000) * 1_000_000);
      if (one.packets > 0) {
        time(StatisticsOption.START_TIME, one.firstSeconds, one.firstNanoseconds);
        time(StatisticsOption.END_TIME, one.lastSeconds, one.lastNanoseconds);
      }
      count(StatisticsOption.RECEIVED, counts.received);
      count(StatisticsOption.DROPPED_BY_INTERFACE, counts.droppedByInterface);
      count(StatisticsOption.ACCEPTED_BY_FILTER, counts.acceptedByFilter);
      count(StatisticsOption.DROPPED_BY_OS, counts.droppedByKernel);
      count(StatisticsOption.DELIVERED, one.packets);
      block.endOfOptions();
      block.end();
    }
  }
}

/** if_tsresol; 6 is what goes without saying. */
const NANOSECONDS = 9;
const MICROSECONDS = 6;

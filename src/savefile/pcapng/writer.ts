// Writes pcapng: Apple's process blocks and packet options (dialect 1), the standard's process option (2) and Wireshark's
// process entries (3) together. Interfaces and processes get their blocks right before the first packet that needs them.

import {
  type Interface,
  makeInterface,
  type Packet,
  type PacketMetadata,
  type Process,
} from '../../packet/index.js';
import { copyBytes } from '../bytes.js';
import type { Encoder } from '../encoder.js';
import type { OutputFile } from '../file.js';
import { BlockBuilder, optionSize, optionText } from './blocks.js';
import { dropReasonComment } from './comments.js';
import * as Format from './format.js';
import { BlockType, InterfaceOption, PacketOption, SectionOption, StatisticsOption } from './format.js';
import { writeProcess } from './processblocks.js';
import { unitsOf } from './time.js';

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
  readonly precision: 'micro' | 'nano';
  readonly littleEndian: boolean;
  readonly section: SectionInfo;
  /** Interfaces described at the beginning of each file, whether packets come from them or not. */
  readonly interfaces: readonly Interface[];
  /** Link type of packets that have no interface, and of the interface of a file without packets. */
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Asked at the end of each file, once for each interface. */
  readonly statistics: ((of: Interface) => InterfaceStatistics | null) | null;
}

/** Interfaces a section may have before the writer begins a new one. */
const MAXIMUM_INTERFACES = 65_000;
/** Everything a packet block may have besides data, comments and function name. */
const FIXED_ROOM = 32 + 14 * 12 + 4;
const SECONDS_32 = 2 ** 32;

interface Written {
  readonly source: Interface;
  readonly linkType: number;
  readonly number: number;
  packets: number;
  firstSeconds: number;
  firstNanoseconds: number;
  lastSeconds: number;
  lastNanoseconds: number;
}

export class PcapngEncoder implements Encoder {
  readonly #block = new BlockBuilder();
  readonly #perSecond: 1_000_000 | 1_000_000_000;
  readonly #units = { high: 0, low: 0 };
  #interfaces: Written[] = [];
  #byInterface = new Map<Interface, Written[]>();
  #last: Written | null = null;
  #processes = new WeakMap<Process, number>();
  #processCount = 0;
  #lastProcess: Process | null = null;
  #lastProcessNumber = 0;
  readonly #unnamed = new Map<number, Interface>();

  constructor(readonly options: PcapngOptions) {
    this.#perSecond = options.precision === 'nano' ? 1_000_000_000 : 1_000_000;
    this.#block.littleEndian = options.littleEndian;
  }

  begin(file: OutputFile): void {
    this.#block.use(file);
    file.blockLength = (view, at) => view.getUint32(at + 4, this.#block.littleEndian);
    this.#section();
    for (const one of this.options.interfaces) this.#describe(one, one.linkType);
  }

  #section(): void {
    const { hardware, os, application, comments = [] } = this.options.section;
    const texts: [number, Uint8Array][] = comments.map((text) => [Format.Option.COMMENT, optionText(text)]);
    if (hardware) texts.push([SectionOption.HARDWARE, optionText(hardware)]);
    if (os) texts.push([SectionOption.OS, optionText(os)]);
    if (application) texts.push([SectionOption.APPLICATION, optionText(application)]);
    const block = this.#block;
    const room = texts.reduce((sum, [, text]) => sum + optionSize(text.length), 4);
    block.begin(BlockType.SECTION, Format.FixedLength.SECTION + room);
    block.u32(Format.BYTE_ORDER_MAGIC);
    block.u16(1);
    block.u16(0);
    // The section's length is not known before it ends: -1.
    block.u32(0xffff_ffff);
    block.u32(0xffff_ffff);
    for (const [code, text] of texts) block.optionBytes(code, text);
    if (texts.length > 0) block.endOfOptions();
    block.end();
    this.#interfaces = [];
    this.#byInterface = new Map();
    this.#last = null;
    this.#processes = new WeakMap();
    this.#processCount = 0;
    this.#lastProcess = null;
  }

  packet(packet: Packet): void {
    const written = this.#interfaceOf(packet);
    const { metadata } = packet;
    // Their blocks come before the packet's.
    let process = -1;
    let effective = -1;
    if (metadata !== null) {
      if (metadata.process !== null) process = this.#processNumber(metadata.process);
      if (metadata.effectiveProcess !== null) effective = this.#processNumber(metadata.effectiveProcess);
    }
    if (written.packets++ === 0) {
      written.firstSeconds = packet.seconds;
      written.firstNanoseconds = packet.nanoseconds;
    }
    written.lastSeconds = packet.seconds;
    written.lastNanoseconds = packet.nanoseconds;
    this.#enhancedPacket(packet, written.number, process, effective);
  }

  #enhancedPacket(packet: Packet, number: number, process: number, effective: number): void {
    const { metadata, capturedLength } = packet;
    const block = this.#block;
    const texts = this.#texts(packet);
    let room = FIXED_ROOM + capturedLength + 4;
    if (texts !== null) for (const [, text] of texts) room += optionSize(text.length);
    block.begin(BlockType.ENHANCED_PACKET, room);
    const units = this.#units;
    unitsOf(packet.seconds, packet.nanoseconds, this.#perSecond, units);
    block.u32(number);
    block.u32(units.high);
    block.u32(units.low);
    block.u32(capturedLength);
    block.u32(packet.length);
    copyBytes(packet.buffer, packet.offset, block.buffer, block.at, capturedLength);
    block.at += capturedLength;
    block.pad();
    const start = block.at;
    if (texts !== null) for (const [code, text] of texts) block.optionBytes(code, text);
    if (packet.dropCount > 0) {
      const high = Math.floor(packet.dropCount / SECONDS_32);
      block.option64(PacketOption.DROP_COUNT, high, packet.dropCount - high * SECONDS_32);
    }
    if (metadata !== null) this.#metadata(metadata, process, effective);
    if (block.at > start) block.endOfOptions();
    block.end();
  }

  #metadata(metadata: PacketMetadata, process: number, effective: number): void {
    const block = this.#block;
    if (metadata.direction !== 0) block.option32(PacketOption.FLAGS, metadata.direction);
    if (process >= 0) {
      const { pid } = metadata.process!;
      if (pid >= 0) block.optionPair(PacketOption.PROCESS_THREAD, pid, metadata.threadId);
      block.option32(PacketOption.PROCESS, process);
    }
    if (metadata.serviceClass >= 0) block.option32(PacketOption.SERVICE_CLASS, metadata.serviceClass);
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

  /** Options that are text. Null for most packets. */
  #texts(packet: Packet): [code: number, text: Uint8Array][] | null {
    const { comments, metadata } = packet;
    const dropped = metadata !== null && (metadata.dropFunction !== '' || metadata.dropReasonName !== '');
    if (comments === null && !dropped) return null;
    const texts: [number, Uint8Array][] = [];
    if (comments !== null) for (const text of comments) texts.push([Format.Option.COMMENT, optionText(text)]);
    if (metadata !== null && metadata.dropReasonName !== '') {
      texts.push([Format.Option.COMMENT, optionText(dropReasonComment(metadata.dropReasonName))]);
    }
    if (metadata !== null && metadata.dropFunction !== '') {
      texts.push([PacketOption.DROP_FUNCTION, optionText(metadata.dropFunction)]);
    }
    return texts;
  }

  #processNumber(process: Process): number {
    if (process === this.#lastProcess) return this.#lastProcessNumber;
    let number = this.#processes.get(process);
    if (number === undefined) {
      number = this.#processCount++;
      this.#processes.set(process, number);
      writeProcess(this.#block, process);
    }
    this.#lastProcess = process;
    this.#lastProcessNumber = number;
    return number;
  }

  #interfaceOf(packet: Packet): Written {
    const { linkType } = packet;
    const named = packet.interface ?? this.#unnamedOf(linkType);
    const last = this.#last;
    // A tap may hand on a device's packets with another link type than the device's own.
    if (last !== null && last.source === named && last.linkType === linkType) return last;
    let found = this.#byInterface.get(named)?.find((one) => one.linkType === linkType);
    if (found === undefined) {
      if (this.#interfaces.length >= MAXIMUM_INTERFACES) {
        this.#statistics();
        this.#section();
      }
      found = this.#describe(named, linkType);
    }
    this.#last = found;
    return found;
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
    const block = this.#block;
    const texts: [number, Uint8Array][] = [];
    const text = (code: number, value: string | null): void => {
      if (value !== null && value !== '') texts.push([code, optionText(value)]);
    };
    text(InterfaceOption.NAME, one.name);
    text(InterfaceOption.DESCRIPTION, one.description);
    text(InterfaceOption.OS, one.os);
    text(InterfaceOption.HARDWARE, one.hardware);
    // A leading 0 says that the filter is text.
    if (one.filter !== null) text(InterfaceOption.FILTER, `\0${one.filter}`);
    const room = texts.reduce((sum, [, value]) => sum + optionSize(value.length), 64);
    block.begin(BlockType.INTERFACE, Format.FixedLength.INTERFACE + room);
    block.u16(linkType);
    block.u16(0);
    block.u32(one.snapshotLength);
    for (const [code, value] of texts) block.optionBytes(code, value);
    if (one.mac !== null && one.mac.length === 6) block.optionBytes(InterfaceOption.MAC, one.mac);
    if (one.speed !== null) block.optionBig(InterfaceOption.SPEED, one.speed);
    if (this.options.precision === 'nano') block.optionBytes(InterfaceOption.TIME_RESOLUTION, NANOSECONDS);
    block.endOfOptions();
    block.end();
    const written: Written = {
      source: one,
      linkType,
      number: this.#interfaces.length,
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
    // A file without any interface is one libpcap does not read.
    if (this.#interfaces.length === 0)
      this.#describe(this.#unnamedOf(this.options.linkType), this.options.linkType);
    this.#statistics();
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
        const high = Math.floor(value / SECONDS_32);
        block.option64(code, high, value - high * SECONDS_32);
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

const NANOSECONDS = Uint8Array.of(9);

// The section that is written: its header, and interfaces and processes, which get their blocks right before the first packet
// that needs them.

import { type Interface, makeInterface, type Packet, type Process } from '../../packet/index.js';
import type { OutputFile } from '../node/outputfile.js';
import type { CopyOrigin } from '../write/copy.js';
import { BlockBuilder, optionSize, optionText } from './blocks.js';
import * as Format from './format.js';
import { BlockType, InterfaceOption, SectionOption, StatisticsOption } from './format.js';
import { Options } from './options.js';
import { SeenFlows } from './ownercomments.js';
import { writeProcess } from './processblocks.js';
import type { RawBlock } from './records.js';
import { type Clock, unitsOf } from './time.js';
import type { PcapngOptions } from './writeoptions.js';

/** Interfaces a section may have before the writer begins a new one. */
const MAXIMUM_INTERFACES = 65_000;
/** Options whose writer wants them not to be copied. */
export const NOT_COPIED: ReadonlySet<number> = new Set([
  Format.CustomOption.TEXT_NO_COPY,
  Format.CustomOption.BYTES_NO_COPY,
]);
/** Bytes of keys that each file of a rotation begins with, at most. */
const KEPT_KEYS = 256 * 1024;
const MAXIMUM_LINK_TYPE = 0xffff;
/** A power of 2. */
const RECENT = 256;
const TWO_32 = 2 ** 32;
/** if_tsresol; 6 is what goes without saying. */
const NANOSECONDS = 9;
const MICROSECONDS = 6;

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

/** An interface as the section has it. */
export interface Written {
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

export class SectionWriter {
  readonly block = new BlockBuilder();
  file!: OutputFile;
  /** Whether the file has its section header. */
  begun = false;
  readonly perSecond: 1_000_000 | 1_000_000_000;
  origin: CopyOrigin | null = null;
  /** Flows that have had a packet in this section. */
  readonly flows = new SeenFlows();
  readonly #units = { high: 0, low: 0 };
  readonly #options = new Options();
  #interfaces: Written[] = [];
  #byInterface = new Map<Interface, Written[]>();
  #last: Written | null = null;
  #processes = new WeakMap<Process, number>();
  #processCount = 0;
  /** Processes written lately, by the lowest bits of their ID: looking them up is dearer. */
  readonly #recent: (Process | null)[] = new Array<Process | null>(RECENT).fill(null);
  readonly #recentNumbers = new Int32Array(RECENT);
  readonly #unnamed = new Map<number, Interface>();
  #header: SectionHeader | null = null;
  /** Keys that came last. */
  readonly #keys: Uint8Array[] = [];
  #keysLength = 0;

  constructor(readonly options: PcapngOptions) {
    this.perSecond = options.precision === 'micro' ? 1_000_000 : 1_000_000_000;
    this.block.littleEndian = options.littleEndian;
  }

  /**
   * Goes on in another file.
   * @returns whether its section has begun: a copy's first section header is that of the file copied
   */
  use(file: OutputFile): boolean {
    this.file = file;
    this.block.use(file);
    file.blockLength = (view, at) => view.getUint32(at + 4, this.block.littleEndian);
    this.begun = false;
    if (this.options.copy && this.#header === null) return false;
    this.begin();
    return true;
  }

  /** Writes a section header: nothing is described yet. */
  begin(): void {
    const { hardware, os, application, comments = [] } = this.options.section;
    const header = this.#header;
    const block = this.block;
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
    this.begun = true;
    this.#interfaces = [];
    this.#byInterface = new Map();
    this.#last = null;
    this.#processes = new WeakMap();
    this.#processCount = 0;
    this.#recent.fill(null);
    this.flows.clear();
    for (const keys of this.#keys) this.#secretsBlock(keys);
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
  order(littleEndian: boolean): void {
    if (this.block.littleEndian !== littleEndian) this.#turn(littleEndian);
    if (!this.begun) this.begin();
  }

  #turn(littleEndian: boolean): void {
    // The buffer holds blocks of one byte order, so that their lengths can be told.
    this.file.flush();
    this.block.littleEndian = littleEndian;
    this.begun = false;
  }

  /** Keys that decrypt packets that come. The next files of a rotation have those that came last, too. */
  secrets(keys: Uint8Array): void {
    if (!this.begun) this.begin();
    this.#keys.push(keys.slice());
    this.#keysLength += keys.length;
    while (this.#keysLength > KEPT_KEYS && this.#keys.length > 1)
      this.#keysLength -= this.#keys.shift()!.length;
    this.#secretsBlock(keys);
  }

  #secretsBlock(keys: Uint8Array): void {
    const { block } = this;
    block.begin(BlockType.SECRETS, 8 + keys.length + 4);
    block.u32(Format.TLS_KEY_LOG);
    block.u32(keys.length);
    block.raw(keys);
    block.end();
  }

  /** A section header of the file copied. */
  copyHeader(raw: RawBlock): void {
    const { buffer, start, length, littleEndian } = raw;
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const from = start + Format.BODY + Format.FixedLength.SECTION;
    const list = this.#options.begin(buffer, view, from, start + length - 4, littleEndian);
    const further = this.origin?.merged === true && this.#header !== null;
    const options = list.chosen((code) => (further ? code === Format.Option.COMMENT : !NOT_COPIED.has(code)));
    if (further) {
      // Of several files at once, the first gives the section its facts, all give it their comments.
      const first = this.#header!;
      if (!this.begun)
        first.options = Buffer.concat([first.options, turned(options, littleEndian, first.littleEndian)]);
      return;
    }
    this.#header = { littleEndian, options };
    this.#turn(littleEndian);
    if (!this.origin?.merged) this.begin();
  }

  /** The number of a process's block, which is written now when it is not yet. */
  processNumber(process: Process): number {
    const place = process.pid & (RECENT - 1);
    if (this.#recent[place] === process) return this.#recentNumbers[place]!;
    let number = this.#processes.get(process);
    if (number === undefined) {
      number = this.#processCount++;
      this.#processes.set(process, number);
      writeProcess(this.block, process, this.options.entries);
    }
    this.#recent[place] = process;
    this.#recentNumbers[place] = number;
    return number;
  }

  /** The interface of a packet. */
  interfaceOf(packet: Packet, linkType: number): Written {
    const named = packet.interface ?? this.#unnamedOf(linkType);
    const last = this.#last;
    // A tap may hand on a device's packets with another link type than the device's own.
    if (last !== null && last.source === named && last.linkType === linkType) return last;
    const found = this.find(named, linkType);
    this.#last = found;
    return found;
  }

  /** The interface as this file knows it; described now when it is not yet. */
  find(named: Interface, linkType: number): Written {
    const found = this.#byInterface.get(named)?.find((one) => one.linkType === linkType);
    if (found !== undefined) return found;
    if (!this.begun) this.begin();
    if (this.#interfaces.length >= MAXIMUM_INTERFACES) {
      this.statistics();
      this.begin();
    }
    return this.describe(named, linkType);
  }

  #unnamedOf(linkType: number): Interface {
    let found = this.#unnamed.get(linkType);
    if (found === undefined) {
      found = makeInterface({ name: '', linkType, snapshotLength: this.options.snapshotLength });
      this.#unnamed.set(linkType, found);
    }
    return found;
  }

  /** Describes an interface. */
  describe(one: Interface, linkType: number): Written {
    if (linkType > MAXIMUM_LINK_TYPE)
      throw new Error(`link type ${linkType} does not fit into a pcapng file`);
    const block = this.block;
    const details = this.options.copy ? (this.origin?.detailsOf(one) ?? null) : null;
    const other = details?.otherOptions ?? null;
    if (other !== null) this.order(details!.littleEndian);
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
    const resolution = clock?.resolution ?? (this.perSecond === 1_000_000 ? MICROSECONDS : NANOSECONDS);
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
      perSecond: this.perSecond,
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

  /** The file ends. */
  end(): void {
    if (!this.begun) this.begin();
    // A file without any interface is one libpcap does not read.
    const { linkType } = this.options;
    if (this.#interfaces.length === 0) this.describe(this.#unnamedOf(linkType), linkType);
    if (!this.options.copy) this.statistics();
  }

  /** What was counted on each interface. */
  statistics(): void {
    for (const one of this.#interfaces) {
      const counts = this.options.statistics?.(one.source) ?? {};
      const block = this.block;
      block.begin(BlockType.STATISTICS, Format.FixedLength.STATISTICS + 8 * 12);
      const time = (code: number | null, seconds: number, nanoseconds: number): void => {
        unitsOf(seconds, nanoseconds, this.perSecond, this.#units);
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

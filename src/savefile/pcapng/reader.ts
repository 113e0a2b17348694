// Reads pcapng: sections in either byte order, interfaces, packets in all three kinds of block, and processes in all
// dialects. Every other block is only passed over, or handed to whoever copies the file.

import { isPktap, type PktapUnwrapper } from '../../decode/index.js';
import {
  type BytesFilter,
  type Interface,
  linkTypeOf,
  makeInterface,
  makeProcess,
  type Packet,
  PacketMetadata,
  type Process,
} from '../../packet/index.js';
import { turnHeader } from '../byteorder.js';
import { SavefileError } from '../errors.js';
import { type Decoder, Found, type RawRecord } from '../read/decoder.js';
import type { Input } from '../read/input.js';
import { CommentProcesses } from './comments.js';
import * as Format from './format.js';
import { BlockType, EntryOption, InterfaceOption, PacketOption, ProcessOption } from './format.js';
import { whatDescriptionSays } from './notations.js';
import { Options } from './options.js';
import { takeKeyedFacts } from './processblocks.js';
import { processLeftovers, SectionProcesses } from './processes.js';
import { Clock } from './time.js';

// What every packet asks for, as constants of this module: those of others are loaded anew each time.
const { BLOCK_OVERHEAD, FixedLength } = Format;
const ENHANCED_PACKET = BlockType.ENHANCED_PACKET;
const ENHANCED_PACKET_LENGTH = FixedLength.ENHANCED_PACKET;
const SECTION = BlockType.SECTION;
const BODY = Format.BODY;
const PACKET = Found.PACKET;
const MORE = Found.MORE;
const { END, COMMENT } = Format.Option;
const { FLAGS, PROCESS_THREAD, PROCESS, EFFECTIVE_PROCESS, SERVICE_CLASS, METADATA_FLAGS, FLOW_ID } =
  PacketOption;

/** Where an Enhanced Packet Block's bytes begin. */
const PACKET_START = BODY + ENHANCED_PACKET_LENGTH;
/** Blocks one behind the other that are no accident. */
const CHAIN = 16;
const MAXIMUM_PID = 0x7fff_ffff;
/** Interfaces a section may have, and bytes that their descriptions may take; a file with more is broken. */
const MAXIMUM_INTERFACES = 65_536;
const MAXIMUM_DESCRIPTIONS = 16 * 1024 * 1024;
/** if_tsresol when nothing is said. */
const MICROSECONDS = 6;

/** A block as it lies in the file, all of it. Reused: copy what is kept. */
export interface RawBlock {
  type: number;
  buffer: Uint8Array;
  /** The block is [start, start + length). */
  start: number;
  length: number;
  littleEndian: boolean;
  /** The interface a description or statistics block is about. */
  interface: Interface | null;
  /** A process's block or entry: whoever copies packets writes those for the packets. */
  ofProcess: boolean;
}

/** What the file says of an interface, and what it takes to read its packets. */
export interface SectionInterface {
  readonly interface: Interface;
  readonly clock: Clock;
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet; null: not said. */
  readonly fcsLength: number | null;
  /** Options of its block that Interface has no word for, as they lie in the file. For copies. */
  readonly otherOptions: Uint8Array | null;
  /** Whether the block has a name, which may be empty. */
  readonly hasName: boolean;
  /** Their byte order. */
  readonly littleEndian: boolean;
  /** The process that its description says all its packets are of; null: it says none. */
  readonly process: Process | null;
}

/** What lies behind an interface that came from a pcapng file, for copies. */
export const interfaceDetails = new WeakMap<Interface, SectionInterface>();

/** What the file says of the packet at hand, for copies: its options lie in the packet's buffer. */
export interface PacketRecord {
  /** Interface its block names; that of a PKTAP header is another. */
  interface: Interface | null;
  interfaceNumber: number;
  /** Time in the interface's units, upper and lower 32 bits. */
  timeHigh: number;
  timeLow: number;
  /** Bytes of the packet in its block. */
  capturedLength: number;
  optionsStart: number;
  optionsEnd: number;
  littleEndian: boolean;
  /** Number of the process block it names, and where in the packet's buffer; -1: none. */
  process: number;
  processAt: number;
  effectiveProcess: number;
  effectiveProcessAt: number;
  /** Process ID of the standard's option; -1: none. */
  pid: number;
  /** It is a Simple Packet Block: without a time, of the section's first interface. */
  simple: boolean;
}

export class PcapngDecoder implements Decoder {
  needed = 0;
  linkType = 0;
  snapshotLength = 0;
  precision: 'micro' | 'nano' = 'micro';
  fcsLength: number | null = null;
  /** Of the section at hand. */
  interfaces: Interface[] = [];
  /** Gets every block that is no packet, in order, before the packets behind it. */
  onBlock: ((block: RawBlock) => void) | null = null;
  /** Says of a process whether its packets are wanted: those of others are passed over, and counted here. */
  wants: ((process: Process) => boolean) | null = null;
  passes: ((linkType: number) => BytesFilter) | null = null;
  passUntil = Infinity;
  unwanted = 0;
  readonly record: PacketRecord = {
    interface: null,
    interfaceNumber: 0,
    timeHigh: 0,
    timeLow: 0,
    capturedLength: 0,
    optionsStart: 0,
    optionsEnd: 0,
    littleEndian: true,
    process: -1,
    processAt: 0,
    effectiveProcess: -1,
    effectiveProcessAt: 0,
    pid: -1,
    simple: false,
  };
  readonly raw: RawRecord = { start: 0, length: 0 };

  #little = true;
  /** Whether an interface's packets have PKTAP headers, which name processes of their own. */
  #pktap = false;
  /** The packet filter for each interface so far, null for those with PKTAP headers; and what made them. */
  #filters: (BytesFilter | null)[] = [];
  #filtersOf: ((linkType: number) => BytesFilter) | null = null;
  #sectionInterfaces: SectionInterface[] = [];
  /** Bytes of the interfaces' descriptions. */
  #descriptions = 0;
  #processes = new SectionProcesses();
  /** That of the interface of the packet at hand. */
  #interfaceProcess: Process | null = null;
  readonly #options = new Options();
  readonly #metadata = new PacketMetadata();
  readonly #commentProcesses = new CommentProcesses();
  readonly #block: RawBlock = {
    type: 0,
    buffer: new Uint8Array(0),
    start: 0,
    length: 0,
    littleEndian: true,
    interface: null,
    ofProcess: false,
  };

  constructor(
    readonly input: Input,
    readonly packet: Packet,
    readonly path: string,
    readonly maximumBlock: number,
    readonly unwrapper: PktapUnwrapper,
    /** Leaves out what packets' options say: their metadata and comments are null. */
    readonly bytesOnly = false,
  ) {}

  /**
   * Looks ahead for the first interface, which says the file's link type; nothing is consumed.
   * @throws SavefileError when there is none before the first packet
   */
  async open(): Promise<void> {
    const { input } = this;
    let ahead = 0;
    for (;;) {
      const have = await input.need(ahead + Format.BLOCK_OVERHEAD);
      if (!have) {
        if (input.available === ahead) {
          throw this.#error('the capture file has no Interface Description Blocks', ahead);
        }
        this.#truncated(Format.BLOCK_OVERHEAD, input.available - ahead, ahead);
      }
      const at = input.start + ahead;
      const length = this.#blockLength(at);
      const type = input.view.getUint32(at, this.#little);
      if (
        type === BlockType.PACKET ||
        type === BlockType.SIMPLE_PACKET ||
        type === BlockType.ENHANCED_PACKET
      ) {
        const reason = 'the capture file has a packet block before any Interface Description Blocks';
        throw this.#error(reason, ahead);
      }
      if (ahead + length > this.maximumBlock * 2) {
        const reason = `no Interface Description Block in the first ${ahead} bytes`;
        throw this.#error(reason, ahead);
      }
      if (!(await input.need(ahead + length))) this.#truncated(length, input.available - ahead, ahead);
      if (type === BlockType.INTERFACE) {
        const first = this.#readInterface(input.start + ahead, length);
        this.linkType = first.interface.linkType;
        this.snapshotLength = first.snapshotLength;
        this.fcsLength = first.fcsLength;
        this.precision = first.clock.resolution === MICROSECONDS ? 'micro' : 'nano';
        return;
      }
      ahead += length;
    }
  }

  /** Sections, interfaces and process blocks so far. */
  layout = 0;

  resync(): boolean {
    const { input } = this;
    for (let at = input.start; at + BLOCK_OVERHEAD <= input.end; at += 4) {
      if (input.view.getUint32(at, this.#little) !== ENHANCED_PACKET) continue;
      const end = this.#blockEnd(at);
      let last = end;
      let count = 1;
      for (; count < CHAIN && last >= 0 && last + BLOCK_OVERHEAD <= input.end; count++)
        last = this.#blockEnd(last);
      if (count < CHAIN || last < 0) continue;
      input.start = end;
      return true;
    }
    return false;
  }

  /** Where what looks like a block ends, -1 when it does not. */
  #blockEnd(at: number): number {
    const { view, end } = this.input;
    const length = view.getUint32(at + 4, this.#little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > this.maximumBlock) return -1;
    if (at + length > end) return at + length;
    return view.getUint32(at + length - 4, this.#little) === length ? at + length : -1;
  }

  /** Passes over what the filter refuses, as long as there is nothing unusual about it, and no header to turn. */
  #passOver(passes: (linkType: number) => BytesFilter): void {
    if (passes !== this.#filtersOf) {
      this.#filtersOf = passes;
      this.#filters = [];
    }
    const filters = this.#filters;
    const { interfaces } = this;
    while (filters.length < interfaces.length) {
      const { linkType } = interfaces[filters.length]!;
      filters.push(isPktap(linkType) ? null : passes(linkType));
    }
    const { input } = this;
    const { view, buffer } = input;
    const little = this.#little;
    const last = input.before(this.passUntil);
    let { start } = input;
    let count = 0;
    while (start + PACKET_START + 4 <= last && view.getUint32(start, little) === ENHANCED_PACKET) {
      const length = view.getUint32(start + 4, little);
      const end = start + length;
      if (length < PACKET_START + 4 || length % 4 !== 0 || length > this.maximumBlock || end > last) break;
      if (view.getUint32(end - 4, little) !== length) break;
      const body = start + BODY;
      const captured = view.getUint32(body + 12, little);
      const filter = filters[view.getUint32(body, little)];
      if (filter === undefined || filter === null || captured > length - PACKET_START - 4) break;
      if (filter(buffer, start + PACKET_START, captured, view.getUint32(body + 16, little))) break;
      start = end;
      count++;
    }
    input.start = start;
    this.unwanted += count;
  }

  next(): number {
    const { input } = this;
    for (;;) {
      if (this.passes !== null && this.#little) this.#passOver(this.passes);
      const start = input.start;
      const available = input.end - start;
      if (available < BLOCK_OVERHEAD) {
        this.needed = BLOCK_OVERHEAD;
        return MORE;
      }
      const length = this.#blockLength(start);
      if (available < length) {
        this.needed = length;
        return MORE;
      }
      this.#checkTrailer(start, length);
      const type = input.view.getUint32(start, this.#little);
      if (type === ENHANCED_PACKET) {
        if (this.wants !== null && this.#isUnwanted(start, length, this.wants)) {
          this.unwanted++;
          input.start = start + length;
          continue;
        }
        this.#enhancedPacket(start, length);
        input.start = start + length;
        return PACKET;
      }
      this.raw.length = 0;
      if (this.#otherBlock(type, start, length)) {
        input.start = start + length;
        return PACKET;
      }
      input.start = start + length;
    }
  }

  /** Takes the section header at the file's beginning alone; `open` has had it whole in the window. */
  beginSection(): void {
    const { input } = this;
    const length = this.#blockLength(input.start);
    this.#checkTrailer(input.start, length);
    this.#otherBlock(BlockType.SECTION, input.start, length);
    input.start += length;
  }

  #checkTrailer(start: number, length: number): void {
    if (this.input.view.getUint32(start + length - 4, this.#little) !== length) {
      throw this.#error("block total length in header and trailer don't match");
    }
  }

  end(): void {
    const got = this.input.available;
    if (got > 0) this.#truncated(this.needed, got, 0);
  }

  #truncated(wanted: number, got: number, ahead: number): never {
    throw this.#error(`truncated pcapng dump file; tried to read ${wanted} bytes, only got ${got}`, ahead);
  }

  #error(reason: string, ahead = 0): SavefileError {
    return new SavefileError(reason, this.path, this.input.position + ahead);
  }

  /** The length of the block at `start`, checked; a section header changes the byte order first. */
  #blockLength(start: number): number {
    const { view } = this.input;
    if (view.getUint32(start, true) === SECTION) {
      if (view.getUint32(start + BODY, true) === Format.BYTE_ORDER_MAGIC) this.#little = true;
      else if (view.getUint32(start + BODY, false) === Format.BYTE_ORDER_MAGIC) this.#little = false;
      else
        throw this.#error(
          'the file has a section with a bad byte order magic field',
          start - this.input.start,
        );
    }
    const length = view.getUint32(start + 4, this.#little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > this.maximumBlock) {
      const what = `block in pcapng dump file has a length of ${length}`;
      const reason =
        length < BLOCK_OVERHEAD
          ? `${what} < ${BLOCK_OVERHEAD}`
          : length % 4 !== 0
            ? `${what} that is not a multiple of 4`
            : `pcapng block size ${length} > maximum ${this.maximumBlock}`;
      throw this.#error(reason, start - this.input.start);
    }
    return length;
  }

  #tooShort(type: number): SavefileError {
    return this.#error(`block of type ${type} in pcapng dump file is too short`);
  }

  /** Whether the process block that a packet names is one of those nobody wants. */
  #isUnwanted(start: number, length: number, wants: (process: Process) => boolean): boolean {
    const { view } = this.input;
    const little = this.#little;
    const end = start + length - 4;
    if (end - start < PACKET_START) return false;
    const capturedLength = view.getUint32(start + BODY + 12, little);
    // What is wrong with it is said elsewhere.
    if (capturedLength > end - start - PACKET_START) return false;
    if (view.getUint32(start + BODY, little) >= this.#sectionInterfaces.length) return false;
    if (this.#pktap) return false;
    let at = start + PACKET_START + ((capturedLength + 3) & ~3);
    while (at + 8 <= end) {
      const code = view.getUint16(at, little);
      const size = view.getUint16(at + 2, little);
      if (code === PROCESS && size === 4) {
        return !this.#processes.isWanted(view.getUint32(at + 4, little), wants);
      }
      if (code === END) return false;
      at += 4 + ((size + 3) & ~3);
    }
    return false;
  }

  #enhancedPacket(start: number, length: number): void {
    const { input, packet } = this;
    const { view } = input;
    const little = this.#little;
    const bodyLength = length - BLOCK_OVERHEAD;
    if (bodyLength < ENHANCED_PACKET_LENGTH) throw this.#tooShort(ENHANCED_PACKET);
    const body = start + BODY;
    const number = view.getUint32(body, little);
    const source = this.#interfaceOf(number);
    const capturedLength = view.getUint32(body + 12, little);
    const offset = body + ENHANCED_PACKET_LENGTH;
    if (capturedLength > bodyLength - ENHANCED_PACKET_LENGTH) {
      throw this.#tooShort(ENHANCED_PACKET);
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

  /** Everything rarer than an enhanced packet. Returns whether it was a packet. */
  #otherBlock(type: number, start: number, length: number): boolean {
    const bodyLength = length - BLOCK_OVERHEAD;
    let about: Interface | null = null;
    let ofProcess = false;
    switch (type) {
      case BlockType.SIMPLE_PACKET:
        if (bodyLength < Format.FixedLength.SIMPLE_PACKET) throw this.#tooShort(type);
        this.#simplePacket(start, length);
        return true;
      case BlockType.PACKET:
        if (bodyLength < Format.FixedLength.PACKET) throw this.#tooShort(type);
        this.#oldPacket(start, length);
        return true;
      case BlockType.SECTION:
        if (bodyLength < Format.FixedLength.SECTION) throw this.#tooShort(type);
        this.#section(start);
        break;
      case BlockType.INTERFACE: {
        if (bodyLength < Format.FixedLength.INTERFACE) throw this.#tooShort(type);
        if (this.#sectionInterfaces.length === MAXIMUM_INTERFACES) {
          throw this.#error(`more than ${MAXIMUM_INTERFACES} interfaces in one section`);
        }
        this.#descriptions += length;
        if (this.#descriptions > MAXIMUM_DESCRIPTIONS) {
          throw this.#error(`more than ${MAXIMUM_DESCRIPTIONS} bytes of interfaces in one section`);
        }
        const added = this.#readInterface(start, length);
        interfaceDetails.set(added.interface, added);
        this.#sectionInterfaces.push(added);
        this.interfaces.push(added.interface);
        this.#pktap ||= isPktap(added.interface.linkType);
        about = added.interface;
        this.layout++;
        break;
      }
      case BlockType.STATISTICS:
        if (bodyLength < Format.FixedLength.STATISTICS) throw this.#tooShort(type);
        about =
          this.#sectionInterfaces[this.input.view.getUint32(start + BODY, this.#little)]?.interface ?? null;
        break;
      case BlockType.PROCESS:
        if (bodyLength < Format.FixedLength.PROCESS) throw this.#tooShort(type);
        this.#process(start, length);
        ofProcess = true;
        break;
      case BlockType.CUSTOM:
        ofProcess = this.#custom(start, length);
        break;
    }
    if (!ofProcess) this.#processes.other();
    else if (!this.bytesOnly) this.layout++;
    if (this.onBlock !== null) this.#handOn(type, start, length, about, ofProcess);
    return false;
  }

  #handOn(type: number, start: number, length: number, about: Interface | null, ofProcess: boolean): void {
    const block = this.#block;
    block.type = type;
    block.buffer = this.input.buffer;
    block.start = start;
    block.length = length;
    block.littleEndian = this.#little;
    block.interface = about;
    block.ofProcess = ofProcess;
    this.onBlock!(block);
  }

  #section(start: number): void {
    const { view } = this.input;
    const major = view.getUint16(start + BODY + 4, this.#little);
    const minor = view.getUint16(start + BODY + 6, this.#little);
    // 1.2 is what some writers of old said and meant 1.0.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      throw this.#error(`unsupported pcapng savefile version ${major}.${minor}`);
    }
    this.layout++;
    this.packet.bigEndian = !this.#little;
    this.#sectionInterfaces = [];
    this.interfaces = [];
    this.#filters = [];
    this.#pktap = false;
    this.#descriptions = 0;
    this.#processes = new SectionProcesses();
  }

  #interfaceOf(number: number): SectionInterface {
    const found = this.#sectionInterfaces[number];
    if (found === undefined) {
      throw this.#error(
        `a packet arrived on interface ${number}, but there's no Interface Description Block for that interface`,
      );
    }
    return found;
  }

  #readInterface(start: number, length: number): SectionInterface {
    const { view, buffer } = this.input;
    const little = this.#little;
    const snapshotLength = view.getUint32(start + BODY + 4, little);
    const facts: { -readonly [K in keyof Interface]?: Interface[K] } = {};
    let resolution = MICROSECONDS;
    let timeOffset = 0n;
    let fcsLength: number | null = null;
    let hasName = false;
    const other: Uint8Array[] = [];
    const options = this.#options.begin(buffer, view, start + BODY + 8, start + length - 4, little);
    while (options.next()) {
      switch (options.code) {
        case InterfaceOption.NAME:
          facts.name = options.text();
          hasName = true;
          break;
        case InterfaceOption.DESCRIPTION:
          facts.description = options.text();
          break;
        case InterfaceOption.MAC:
          if (options.length === 6) facts.mac = options.bytes();
          break;
        case InterfaceOption.SPEED:
          if (options.length === 8) facts.speed = options.u64();
          break;
        case InterfaceOption.TIME_RESOLUTION:
          resolution = this.#resolution(options, start);
          break;
        case InterfaceOption.TIME_OFFSET:
          if (options.length !== 8) {
            const reason = `Interface Description Block has if_tsoffset option with length ${options.length} != 8`;
            throw this.#error(reason, start - this.input.start);
          }
          timeOffset = options.i64();
          break;
        case InterfaceOption.FILTER:
          // Its first byte says the kind: 0 text, 1 a program, which has no words.
          if (options.length > 0 && buffer[options.at] === 0) {
            facts.filter = Buffer.from(options.bytes()).toString('utf8', 1);
          } else other.push(options.whole());
          break;
        case InterfaceOption.OS:
          facts.os = options.text();
          break;
        case InterfaceOption.HARDWARE:
          facts.hardware = options.text();
          break;
        case InterfaceOption.FCS_LENGTH:
          if (options.length === 1) fcsLength = options.bytes()[0]!;
          other.push(options.whole());
          break;
        default:
          other.push(options.whole());
      }
    }
    const described = whatDescriptionSays(facts.description);
    return {
      process: described === null ? null : makeProcess(described),
      interface: makeInterface({
        name: '',
        ...facts,
        linkType: linkTypeOf(view.getUint16(start + BODY, little)),
        snapshotLength,
      }),
      clock: new Clock(resolution, timeOffset),
      snapshotLength,
      fcsLength,
      otherOptions: other.length === 0 ? null : Buffer.concat(other),
      hasName,
      littleEndian: little,
    };
  }

  #resolution(options: Options, start: number): number {
    if (options.length !== 1) {
      const reason = `Interface Description Block has if_tsresol option with length ${options.length} != 1`;
      throw this.#error(reason, start - this.input.start);
    }
    const resolution = options.bytes()[0]!;
    const exponent = resolution & 0x7f;
    const binary = resolution >= 0x80;
    if (exponent > (binary ? 63 : 19)) {
      const what = 'Interface Description Block if_tsresol option resolution';
      throw this.#error(`${what} ${binary ? 2 : 10}^-${exponent} is too high`, start - this.input.start);
    }
    return resolution;
  }

  #process(start: number, length: number): void {
    const { view, buffer } = this.input;
    const little = this.#little;
    let name = '';
    let path: string | null = null;
    let uuid: Uint8Array | null = null;
    let comment: string | null = null;
    const other: Uint8Array[] = [];
    const options = this.#options.begin(buffer, view, start + BODY + 4, start + length - 4, little);
    while (options.next()) {
      switch (options.code) {
        case Format.Option.COMMENT:
          comment = options.text();
          other.push(options.whole());
          break;
        case ProcessOption.NAME:
          name = options.text();
          break;
        case ProcessOption.PATH:
          path = options.text();
          break;
        case ProcessOption.UUID:
          if (options.length === 16) uuid = options.bytes();
          break;
        default:
          other.push(options.whole());
      }
    }
    const pid = view.getUint32(start + BODY, little) | 0;
    const process = makeProcess({ pid, name, path, uuid, comment });
    if (other.length > 0) {
      processLeftovers.set(process, { block: Buffer.concat(other), entry: null, littleEndian: little });
    }
    this.#processes.addBlock(process, length);
  }

  /** Wireshark's process entries; every other custom block is somebody else's. Returns whether it was an entry. */
  #custom(start: number, length: number): boolean {
    const { view, buffer } = this.input;
    const body = start + BODY;
    const end = start + length - 4;
    if (end - body < 16 || view.getUint32(body, this.#little) !== Format.WIRESHARK_ENTERPRISE) return false;
    if (view.getUint32(body + 4, true) !== Format.WIRESHARK_PROCESS_ENTRY) return false;
    const entryLength = view.getUint32(body + 8, true);
    if (entryLength < 4 || entryLength > end - body - 12) return false;
    const entry = body + 12;
    const facts: { -readonly [K in keyof Process]?: Process[K] } = { pid: view.getInt32(entry, true) };
    const comments: string[] = [];
    const other: Uint8Array[] = [];
    const options = this.#options.begin(buffer, view, entry + 4, entry + entryLength, true);
    while (options.next()) {
      switch (options.code) {
        case EntryOption.COMMENT:
          comments.push(options.text());
          break;
        case EntryOption.NAME:
          facts.name = options.text();
          break;
        case EntryOption.PATH:
          facts.path = options.text();
          break;
        case EntryOption.ARGUMENTS:
          facts.args = options.texts();
          break;
        case EntryOption.PARENT_PID:
          facts.parentPid = options.u32();
          break;
        case EntryOption.USER_ID:
          facts.uid = options.u32();
          break;
        case EntryOption.USER_NAME:
          facts.user = options.text();
          break;
        case EntryOption.UUID:
          if (options.length === 16) facts.uuid = options.bytes();
          break;
        case EntryOption.START_TIME:
          facts.startTime = options.u64();
          break;
        default:
          other.push(options.whole());
      }
    }
    takeKeyedFacts(comments, facts);
    const process = makeProcess(facts);
    if (other.length > 0) {
      processLeftovers.set(process, { block: null, entry: Buffer.concat(other), littleEndian: this.#little });
    }
    this.#processes.addEntry(process, length);
    return true;
  }

  /** No time, no interface number: those of the first interface. Source: draft-ietf-opsawg-pcapng 4.4. */
  #simplePacket(start: number, length: number): void {
    const { input, packet } = this;
    const source = this.#interfaceOf(0);
    const room = length - BLOCK_OVERHEAD - Format.FixedLength.SIMPLE_PACKET;
    packet.length = input.view.getUint32(start + BODY, this.#little);
    const most = source.snapshotLength === 0 ? packet.length : Math.min(packet.length, source.snapshotLength);
    if (most > room) throw this.#tooShort(BlockType.SIMPLE_PACKET);
    this.#time(source, 0, 0);
    packet.buffer = input.buffer;
    packet.offset = start + BODY + Format.FixedLength.SIMPLE_PACKET;
    packet.capturedLength = most;
    this.#finish(packet, start + length - 4, start + length - 4);
    this.record.simple = true;
  }

  #oldPacket(start: number, length: number): void {
    const { input, packet } = this;
    const { view } = input;
    const little = this.#little;
    const body = start + BODY;
    const source = this.#interfaceOf(view.getUint16(body, little));
    const drops = view.getUint16(body + 2, little);
    const capturedLength = view.getUint32(body + 12, little);
    const offset = body + Format.FixedLength.PACKET;
    if (capturedLength > length - BLOCK_OVERHEAD - Format.FixedLength.PACKET) {
      throw this.#tooShort(BlockType.PACKET);
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
    const { record } = this;
    record.capturedLength = packet.capturedLength;
    record.optionsStart = optionsStart;
    record.optionsEnd = optionsEnd;
    record.littleEndian = this.#little;
    record.process = -1;
    record.effectiveProcess = -1;
    record.pid = -1;
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
    if (!this.#little) turnHeader(packet);
    if (isPktap(packet.linkType)) this.#unwrap(packet);
  }

  #unwrap(packet: Packet): void {
    const { metadata, interface: named } = packet;
    this.raw.length = 0;
    this.unwrapper.unwrap(packet);
    packet.metadata ??= metadata;
    packet.interface ??= named;
  }

  /** Read in place rather than by Options: every packet has some. */
  #packetOptions(packet: Packet, metadata: PacketMetadata, start: number, end: number): void {
    const { record } = this;
    const { view } = this.input;
    const little = this.#little;
    const processes = this.#processes;
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
      this.#commentProcesses.take(packet, metadata);
    }
  }

  #text(at: number, length: number): string {
    const { buffer } = this.input;
    while (length > 0 && buffer[at + length - 1] === 0) length--;
    return Buffer.from(buffer.buffer, buffer.byteOffset + at, length).toString();
  }

  #rareOption(packet: Packet, metadata: PacketMetadata, code: number, value: number, length: number): void {
    const { view } = this.input;
    const little = this.#little;
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
    const processes = this.#processes;
    const { process } = metadata;
    if (process === null) metadata.process = processes.byPid(pid, packet.seconds, packet.nanoseconds);
    else if (process.pid === pid && processes.hasEntries) {
      metadata.process = processes.complete(process, packet.seconds, packet.nanoseconds);
    }
  }
}

// A pcapng file's sections: byte order, interfaces and processes, and the blocks that say them. Whoever copies the file gets
// every block that is no packet.

import { isPktap } from '../../decode/index.js';
import { type Interface, linkTypeOf, makeInterface, makeProcess, type Packet } from '../../packet/index.js';
import { SavefileError } from '../errors.js';
import type { Input } from '../read/input.js';
import * as Format from './format.js';
import { BlockType, InterfaceOption, SectionOption } from './format.js';
import { whatDescriptionSays } from './notations.js';
import { Options } from './options.js';
import { SectionProcesses } from './processes.js';
import { ProcessReader } from './processreader.js';
import type { RawBlock, SectionInterface } from './records.js';
import { Clock } from './time.js';

const { BLOCK_OVERHEAD, BODY } = Format;
const SECTION = BlockType.SECTION;
/** Interfaces a section may have, and bytes that their descriptions may take; a file with more is broken. */
const MAXIMUM_INTERFACES = 65_536;
const MAXIMUM_DESCRIPTIONS = 16 * 1024 * 1024;
/** if_tsresol when nothing is said. */
export const MICROSECONDS = 6;

/** The host that an interface of a fleet says it belongs to, in its name and again in its description; null: it says none. */
function hostOf(name: string, description: string): string | null {
  const host = /(?:^|, )host ([\w.-]{1,253})$/.exec(description)?.[1];
  return host !== undefined && name.endsWith(`@${host}`) ? host : null;
}

/** The section at hand. */
export class Section {
  /** Byte order of its blocks. */
  little = true;
  /** Grows with sections, interfaces and process blocks. */
  layout = 0;
  /** Each section has an array of its own, which grows. */
  interfaces: Interface[] = [];
  /** The same, with what it takes to read their packets. */
  described: SectionInterface[] = [];
  /** Whether an interface's packets have PKTAP headers, which name processes of their own. */
  pktap = false;
  processes = new SectionProcesses();
  /** Its header says that we wrote it. */
  ours = false;
  /** Gets every block that is no packet, in order, before the packets behind it. */
  onBlock: ((block: RawBlock) => void) | null = null;
  /** Bytes of the interfaces' descriptions. */
  #descriptions = 0;
  /** What lies behind the interfaces of this file, of earlier sections too, as long as somebody has them. */
  readonly #details = new WeakMap<Interface, SectionInterface>();
  readonly #options = new Options();
  readonly #reader = new ProcessReader();
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
    readonly bytesOnly: boolean,
  ) {}

  /** What the file says of an interface; null: it is none of its. */
  detailsOf(of: Interface): SectionInterface | null {
    return this.#details.get(of) ?? null;
  }

  /** @param ahead bytes from the first unread one to what is at fault */
  error(reason: string, ahead = 0): SavefileError {
    return new SavefileError(reason, this.path, this.input.position + ahead);
  }

  tooShort(type: number): SavefileError {
    return this.error(`block of type ${type} in pcapng dump file is too short`);
  }

  /** The length of the block at `start`, checked; a section header changes the byte order first. */
  blockLength(start: number): number {
    const { view } = this.input;
    if (view.getUint32(start, true) === SECTION) {
      if (view.getUint32(start + BODY, true) === Format.BYTE_ORDER_MAGIC) this.little = true;
      else if (view.getUint32(start + BODY, false) === Format.BYTE_ORDER_MAGIC) this.little = false;
      else
        throw this.error(
          'the file has a section with a bad byte order magic field',
          start - this.input.start,
        );
    }
    const length = view.getUint32(start + 4, this.little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > this.maximumBlock) {
      const what = `block in pcapng dump file has a length of ${length}`;
      const reason =
        length < BLOCK_OVERHEAD
          ? `${what} < ${BLOCK_OVERHEAD}`
          : length % 4 !== 0
            ? `${what} that is not a multiple of 4`
            : `pcapng block size ${length} > maximum ${this.maximumBlock}`;
      throw this.error(reason, start - this.input.start);
    }
    return length;
  }

  /** The length stands at the block's end again. */
  checkTrailer(start: number, length: number): void {
    if (this.input.view.getUint32(start + length - 4, this.little) !== length) {
      throw this.error("block total length in header and trailer don't match");
    }
  }

  /** @throws SavefileError for an interface that the section has not */
  interfaceOf(number: number): SectionInterface {
    const found = this.described[number];
    if (found === undefined) {
      throw this.error(
        `a packet arrived on interface ${number}, but there's no Interface Description Block for that interface`,
      );
    }
    return found;
  }

  /** Takes in a block that is no packet. */
  take(type: number, start: number, length: number): void {
    const bodyLength = length - BLOCK_OVERHEAD;
    let about: Interface | null = null;
    let ofProcess = false;
    switch (type) {
      case BlockType.SECTION:
        if (bodyLength < Format.FixedLength.SECTION) throw this.tooShort(type);
        this.#begin(start, length);
        break;
      case BlockType.INTERFACE: {
        if (bodyLength < Format.FixedLength.INTERFACE) throw this.tooShort(type);
        if (this.described.length === MAXIMUM_INTERFACES) {
          throw this.error(`more than ${MAXIMUM_INTERFACES} interfaces in one section`);
        }
        this.#descriptions += length;
        if (this.#descriptions > MAXIMUM_DESCRIPTIONS) {
          throw this.error(`more than ${MAXIMUM_DESCRIPTIONS} bytes of interfaces in one section`);
        }
        const added = this.readInterface(start, length);
        this.#details.set(added.interface, added);
        this.described.push(added);
        this.interfaces.push(added.interface);
        this.pktap ||= isPktap(added.interface.linkType);
        about = added.interface;
        this.layout++;
        break;
      }
      case BlockType.STATISTICS:
        if (bodyLength < Format.FixedLength.STATISTICS) throw this.tooShort(type);
        about = this.described[this.input.view.getUint32(start + BODY, this.little)]?.interface ?? null;
        break;
      case BlockType.PROCESS:
        if (bodyLength < Format.FixedLength.PROCESS) throw this.tooShort(type);
        this.#process(start, length);
        ofProcess = true;
        break;
      case BlockType.CUSTOM:
        ofProcess = this.#custom(start, length);
        break;
    }
    if (!ofProcess) this.processes.other();
    else if (!this.bytesOnly) this.layout++;
    if (this.onBlock !== null) this.#handOn(type, start, length, about, ofProcess);
  }

  #handOn(type: number, start: number, length: number, about: Interface | null, ofProcess: boolean): void {
    const block = this.#block;
    block.type = type;
    block.buffer = this.input.buffer;
    block.start = start;
    block.length = length;
    block.littleEndian = this.little;
    block.interface = about;
    block.ofProcess = ofProcess;
    this.onBlock!(block);
  }

  /** A section header: nothing of the section before counts any more. */
  #begin(start: number, length: number): void {
    const { view, buffer } = this.input;
    const major = view.getUint16(start + BODY + 4, this.little);
    const minor = view.getUint16(start + BODY + 6, this.little);
    // 1.2 is what some writers of old said and meant 1.0.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      throw this.error(`unsupported pcapng savefile version ${major}.${minor}`);
    }
    this.layout++;
    this.packet.bigEndian = !this.little;
    this.described = [];
    this.interfaces = [];
    this.pktap = false;
    this.#descriptions = 0;
    this.processes = new SectionProcesses();
    this.ours = false;
    const options = start + BODY + Format.FixedLength.SECTION;
    if (!this.bytesOnly)
      for (
        const list = this.#options.begin(buffer, view, options, start + length - 4, this.little);
        list.next();
      )
        if (list.code === SectionOption.APPLICATION && list.length < 256)
          this.ours = /^pktap( |$)/.test(list.text());
  }

  /** What an Interface Description Block says. */
  readInterface(start: number, length: number): SectionInterface {
    const { view, buffer } = this.input;
    const little = this.little;
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
            throw this.error(reason, start - this.input.start);
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
    facts.host = hostOf(facts.name ?? '', facts.description ?? '');
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
      throw this.error(reason, start - this.input.start);
    }
    const resolution = options.bytes()[0]!;
    const exponent = resolution & 0x7f;
    const binary = resolution >= 0x80;
    if (exponent > (binary ? 63 : 19)) {
      const what = 'Interface Description Block if_tsresol option resolution';
      throw this.error(`${what} ${binary ? 2 : 10}^-${exponent} is too high`, start - this.input.start);
    }
    return resolution;
  }

  #process(start: number, length: number): void {
    const { view, buffer } = this.input;
    const { process, whole } = this.#reader.block(buffer, view, start, length, this.little);
    this.processes.addBlock(process, length, whole);
  }

  /** Wireshark's process entries; every other custom block is somebody else's. Returns whether it was an entry. */
  #custom(start: number, length: number): boolean {
    const { view, buffer } = this.input;
    const process = this.#reader.entry(buffer, view, start, length, this.little);
    if (process === null) return false;
    this.processes.addEntry(process, length);
    return true;
  }
}

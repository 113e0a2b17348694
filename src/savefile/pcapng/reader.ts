// Reads pcapng: sections in either byte order (section.ts), packets in all three kinds of block (packets.ts), and processes in all
// dialects. Every other block is only passed over, or handed to whoever copies the file.

import type { PktapUnwrapper } from '../../decode/index.js';
import type { BytesFilter, Interface, Packet, Process } from '../../packet/index.js';
import { type Decoder, Found, type RawRecord } from '../read/decoder.js';
import type { Input } from '../read/input.js';
import * as Format from './format.js';
import { BlockType } from './format.js';
import { PacketReader } from './packets.js';
import { Passing } from './passing.js';
import { MICROSECONDS, Section } from './section.js';

// What every packet asks for, as constants of this module: those of others are loaded anew each time.
const { BLOCK_OVERHEAD, FixedLength } = Format;
const ENHANCED_PACKET = BlockType.ENHANCED_PACKET;
const PACKET = Found.PACKET;
const MORE = Found.MORE;

export class PcapngDecoder implements Decoder {
  needed = 0;
  linkType = 0;
  snapshotLength = 0;
  precision: 'micro' | 'nano' = 'micro';
  fcsLength: number | null = null;
  /** Says of a process whether its packets are wanted: those of others are passed over, and counted here. */
  wants: ((process: Process) => boolean) | null = null;
  passes: ((linkType: number) => BytesFilter) | null = null;
  passUntil = Infinity;
  unwanted = 0;
  readonly section: Section;
  readonly packets: PacketReader;
  readonly raw: RawRecord;
  readonly #passing: Passing;

  /** @param bytesOnly leaves out what packets' options say: their metadata and comments are null */
  constructor(
    readonly input: Input,
    packet: Packet,
    path: string,
    maximumBlock: number,
    readonly unwrapper: PktapUnwrapper,
    bytesOnly = false,
  ) {
    this.section = new Section(input, packet, path, maximumBlock, bytesOnly);
    this.packets = new PacketReader(input, packet, this.section, unwrapper, bytesOnly);
    this.raw = this.packets.raw;
    this.#passing = new Passing(input, this.section);
  }

  /** Of the section at hand. */
  get interfaces(): readonly Interface[] {
    return this.section.interfaces;
  }

  get layout(): number {
    return this.section.layout;
  }

  /**
   * Looks ahead for the first interface, which says the file's link type; nothing is consumed.
   * @throws SavefileError when there is none before the first packet
   */
  async open(): Promise<void> {
    const { input, section } = this;
    let ahead = 0;
    for (;;) {
      const have = await input.need(ahead + BLOCK_OVERHEAD);
      if (!have) {
        if (input.available === ahead) {
          throw section.error('the capture file has no Interface Description Blocks', ahead);
        }
        this.#truncated(BLOCK_OVERHEAD, input.available - ahead, ahead);
      }
      const at = input.start + ahead;
      const length = section.blockLength(at);
      const type = input.view.getUint32(at, section.little);
      if (
        type === BlockType.PACKET ||
        type === BlockType.SIMPLE_PACKET ||
        type === BlockType.ENHANCED_PACKET
      ) {
        const reason = 'the capture file has a packet block before any Interface Description Blocks';
        throw section.error(reason, ahead);
      }
      if (ahead + length > section.maximumBlock * 2) {
        const reason = `no Interface Description Block in the first ${ahead} bytes`;
        throw section.error(reason, ahead);
      }
      if (!(await input.need(ahead + length))) this.#truncated(length, input.available - ahead, ahead);
      if (type === BlockType.INTERFACE) {
        const first = section.readInterface(input.start + ahead, length);
        this.linkType = first.interface.linkType;
        this.snapshotLength = first.snapshotLength;
        this.fcsLength = first.fcsLength;
        this.precision = first.clock.resolution === MICROSECONDS ? 'micro' : 'nano';
        return;
      }
      ahead += length;
    }
  }

  resync(): boolean {
    return this.#passing.resync();
  }

  next(): number {
    const { input, section } = this;
    for (;;) {
      if (this.passes !== null && section.little)
        this.unwanted += this.#passing.refused(this.passes, this.passUntil);
      const start = input.start;
      const available = input.end - start;
      if (available < BLOCK_OVERHEAD) {
        this.needed = BLOCK_OVERHEAD;
        return MORE;
      }
      const { view } = input;
      const { little, maximumBlock } = section;
      const type = view.getUint32(start, little);
      let length = view.getUint32(start + 4, little);
      // All others are looked at thoroughly.
      const usual = type === ENHANCED_PACKET && length >= BLOCK_OVERHEAD && length <= maximumBlock;
      if (!usual || length % 4 !== 0) length = section.blockLength(start);
      if (available < length) {
        this.needed = length;
        return MORE;
      }
      if (!usual || view.getUint32(start + length - 4, little) !== length)
        section.checkTrailer(start, length);
      if (usual) {
        if (this.wants !== null && this.#passing.isUnwanted(start, length, this.wants)) {
          this.unwanted++;
          input.start = start + length;
          continue;
        }
        this.packets.enhanced(start, length);
        input.start = start + length;
        return PACKET;
      }
      this.raw.length = 0;
      // A section's header changes the byte order.
      const rare = view.getUint32(start, section.little);
      const isPacket = this.#rarePacket(rare, start, length);
      if (!isPacket) section.take(rare, start, length);
      input.start = start + length;
      if (isPacket) return PACKET;
    }
  }

  /** The two kinds of packet block that are rare. */
  #rarePacket(type: number, start: number, length: number): boolean {
    const bodyLength = length - BLOCK_OVERHEAD;
    switch (type) {
      case BlockType.SIMPLE_PACKET:
        if (bodyLength < FixedLength.SIMPLE_PACKET) throw this.section.tooShort(type);
        this.packets.simple(start, length);
        return true;
      case BlockType.PACKET:
        if (bodyLength < FixedLength.PACKET) throw this.section.tooShort(type);
        this.packets.old(start, length);
        return true;
      default:
        return false;
    }
  }

  /** Takes the section header at the file's beginning alone; `open` has had it whole in the window. */
  beginSection(): void {
    const { input, section } = this;
    const length = section.blockLength(input.start);
    section.checkTrailer(input.start, length);
    section.take(BlockType.SECTION, input.start, length);
    input.start += length;
  }

  end(): void {
    const got = this.input.available;
    if (got > 0) this.#truncated(this.needed, got, 0);
  }

  #truncated(wanted: number, got: number, ahead: number): never {
    throw this.section.error(
      `truncated pcapng dump file; tried to read ${wanted} bytes, only got ${got}`,
      ahead,
    );
  }
}

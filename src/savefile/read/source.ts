// A savefile as a source of packets.

import { milliseconds, turn } from '../../builtin.js';
import { isPktap, PktapUnwrapper } from '../../decode/index.js';
import { aBoolean, aNumber, type Check, checkOptions } from '../../options.js';
import {
  BatchIterator,
  type BytesFilter,
  type Interface,
  Packet,
  type PacketFilter,
  type PacketHandler,
  PacketIterator,
  type Process,
  type Source,
  type SourceCounts,
} from '../../packet/index.js';
import type { ByteStream } from '../bytestream.js';
import { DecompressedBytes } from '../compression/decoder.js';
import { decompressorFor, MAGIC_LENGTH } from '../compression/index.js';
import { SavefileError } from '../errors.js';
import { openStream } from '../node/streams.js';
import { isPcap, PcapDecoder, readPcapHeader } from '../pcap/reader.js';
import { BlockType } from '../pcapng/format.js';
import { PcapngDecoder } from '../pcapng/reader.js';
import type { Savefile, SavefileParts } from '../savefile.js';
import type { CopyOrigin } from '../write/copy.js';
import { type Decoder, Found } from './decoder.js';
import { Input } from './input.js';
import { FileOrigin } from './origin.js';

export interface OpenOptions {
  /** Largest block or packet taken, in bytes; a file with a larger one is broken. Default 16 MiB. */
  readonly maximumBlock?: number;
  /**
   * Leaves PKTAP headers in front of their packets, whose link type stays PKTAP; the metadata is filled in all the
   * same. Default: packets come out as what follows the header.
   */
  readonly keepPktapHeader?: boolean;
  /**
   * Only bytes, lengths, times and link types are wanted: what pcapng says of a packet besides is not looked at, its
   * metadata and comments are null. Costs less.
   */
  readonly bytesOnly?: boolean;
  /** Bytes read at a time; more when a block is larger. Default 256 KiB. */
  readonly windowSize?: number;
}

/** What each option may be. */
export const OPEN_CHECKS: { readonly [name in keyof Required<OpenOptions>]: Check } = {
  maximumBlock: aNumber(1),
  keepPktapHeader: aBoolean,
  bytesOnly: aBoolean,
  windowSize: aNumber(16, 0x7fff_ffff),
};

const DEFAULT_MAXIMUM_BLOCK = 16 * 1024 * 1024;
/** Bytes looked through for the next packet. */
const SEARCHED = 1 << 20;
/** How long packets are handed on before timers and signals get their turn, in milliseconds. */
const TURN = 20;
/** Packets between two looks at the clock. */
const PACKETS_PER_LOOK = 4096;

/**
 * Opens a savefile of any kind it can tell by its first bytes.
 * @param path a file, FIFO or device, or `-` for standard input; waits until the first bytes are there
 * @throws SavefileSystemError when it can't be opened, SavefileError when it is no savefile, TypeError for wrong options
 */
export async function openSavefile(path: string, options: OpenOptions = {}): Promise<SavefileSource> {
  checkOptions('openSavefile', options, OPEN_CHECKS);
  return openSavefileStream(openStream(path), path, options);
}

/** As openSavefile, of bytes from anywhere. */
export async function openSavefileStream(
  bytes: ByteStream,
  path: string,
  options: OpenOptions = {},
): Promise<SavefileSource> {
  let input = new Input(bytes, path, options.windowSize);
  try {
    const maximumBlock = options.maximumBlock ?? DEFAULT_MAXIMUM_BLOCK;
    const keep = options.keepPktapHeader ?? false;
    const packet = new Packet();
    await need(input, 4, path);
    const decompressor = await decompressorFor(input.buffer.subarray(0, MAGIC_LENGTH));
    if (decompressor !== null) {
      const { stream, head } = input.detach();
      input = new Input(new DecompressedBytes(stream, head, decompressor), path, options.windowSize);
      await need(input, 4, path);
    }
    if (input.view.getUint32(input.start, true) === BlockType.SECTION) {
      const decoder = new PcapngDecoder(
        input,
        packet,
        path,
        maximumBlock,
        new PktapUnwrapper(0, keep),
        options.bytesOnly,
      );
      await decoder.open();
      return new SavefileSource(path, 'pcapng', input, packet, decoder, decompressor !== null);
    }
    if (isPcap(input.view, input.start)) {
      const header = await readPcapHeader(input, path);
      const unwrapper = isPktap(header.linkType) ? new PktapUnwrapper(header.snapshotLength, keep) : null;
      const decoder = new PcapDecoder(header, input, packet, path, maximumBlock, unwrapper);
      return new SavefileSource(path, 'pcap', input, packet, decoder, decompressor !== null);
    }
    throw new SavefileError('unknown file format', path, 0);
  } catch (error) {
    input.close();
    throw error;
  }
}

async function need(input: Input, bytes: number, path: string): Promise<void> {
  if (await input.need(bytes)) return;
  const reason = `truncated dump file; tried to read ${bytes} file header bytes, only got ${input.available}`;
  throw new SavefileError(reason, path, 0);
}

export class SavefileSource implements Savefile, SavefileParts {
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly precision: 'micro' | 'nano';
  readonly origin: CopyOrigin;
  filter: PacketFilter | null = null;
  signal: AbortSignal | null = null;
  #stopped = false;
  #closed = false;
  #received = 0;

  /** Use openSavefile. */
  constructor(
    readonly path: string,
    readonly format: 'pcap' | 'pcapng',
    readonly input: Input,
    readonly packet: Packet,
    readonly decoder: Decoder,
    readonly compressed: boolean,
  ) {
    this.linkType = decoder.linkType;
    this.snapshotLength = decoder.snapshotLength;
    this.precision = decoder.precision;
    this.origin = new FileOrigin(format, input, decoder);
  }

  get interfaces(): readonly Interface[] {
    return this.decoder.interfaces;
  }

  get fcsLength(): number | null {
    return this.decoder.fcsLength;
  }

  get bigEndian(): boolean {
    return this.packet.bigEndian;
  }

  get wants(): ((process: Process) => boolean) | null {
    return this.decoder instanceof PcapngDecoder ? this.decoder.wants : null;
  }

  set wants(wants: ((process: Process) => boolean) | null) {
    if (this.decoder instanceof PcapngDecoder) this.decoder.wants = wants;
  }

  get passes(): ((linkType: number) => BytesFilter) | null {
    return this.decoder.passes;
  }

  set passes(passes: ((linkType: number) => BytesFilter) | null) {
    this.decoder.passes = passes;
  }

  get position(): number {
    return this.input.position;
  }

  get layout(): number {
    return this.decoder.layout;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  async skipTo(position: number): Promise<number> {
    this.#requireOpen();
    if (!(await this.advance()) || !this.input.seek(position)) return -1;
    await this.input.need(SEARCHED);
    return this.decoder.resync() ? this.position : -1;
  }

  [Symbol.asyncIterator](): AsyncIterator<Packet, undefined> {
    return new PacketIterator((handler) => this.run(handler));
  }

  /**
   * Hands on packets, until there are no more or the handler has had enough; called again it goes on behind those.
   * @param end offset in the file: the run ends behind the packet that reaches it
   * @throws SavefileError where the file breaks off, the signal's reason when that was aborted
   */
  run(handler: PacketHandler, end = Infinity): Promise<void> {
    return this.#runUnlessAborted(handler, end);
  }

  batches(): AsyncIterable<readonly Packet[]> {
    return new BatchIterator((handler, pause) => this.#runUnlessAborted(handler, Infinity, pause));
  }

  async #runUnlessAborted(
    handler: PacketHandler,
    end: number,
    pause: (() => boolean) | null = null,
  ): Promise<void> {
    const { signal } = this;
    if (signal === null) return this.#run(handler, end, pause);
    signal.throwIfAborted();
    const stop = (): void => this.stop();
    signal.addEventListener('abort', stop);
    try {
      // What was read ahead is not handed on any more.
      await this.#run((packet) => handler(packet) && !signal.aborted, end, pause);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    signal.throwIfAborted();
  }

  /** @param pause asked before packets that were handed on move: whether to end there; what is left comes with the next call */
  async #run(handler: PacketHandler, end: number, pause: (() => boolean) | null): Promise<void> {
    this.#requireOpen();
    if (this.#stopped) return;
    this.decoder.passUntil = end;
    handler = filtered(handler, this.filter);
    let turnEnds = milliseconds() + TURN;
    for (;;) {
      const more = this.#handOn(handler, end);
      if (!more) return;
      if (this.#stopped) return;
      if (this.decoder.needed > 0) {
        if (pause?.() === true) return;
        const got = this.input.fill(this.decoder.needed);
        const count = typeof got === 'number' ? got : await got;
        if (this.#stopped) return;
        if (count === 0) {
          this.decoder.end();
          return;
        }
      }
      if (milliseconds() > turnEnds) {
        await turn();
        if (this.#stopped) return;
        turnEnds = milliseconds() + TURN;
      }
    }
  }

  /** Hands on what the window holds, for a while at most. False: the handler has had enough, or the end is reached. */
  #handOn(handler: PacketHandler, end: number): boolean {
    const { decoder, input, packet } = this;
    for (let i = 0; i < PACKETS_PER_LOOK; i++) {
      if (decoder.next() !== Found.PACKET) return true;
      this.#received++;
      // Who is handed a packet may close the file.
      if (!handler(packet) || this.#closed || input.position >= end) return false;
    }
    decoder.needed = 0;
    return true;
  }

  /**
   * Takes the next packet into `packet`.
   * @returns whether there was one; a promise when bytes have to be waited for
   */
  advance(): boolean | Promise<boolean> {
    if (this.#closed) return false;
    for (;;) {
      if (this.decoder.next() === Found.PACKET) {
        this.#received++;
        return true;
      }
      const got = this.input.fill(this.decoder.needed);
      if (typeof got !== 'number') return got.then((count) => (count > 0 ? this.advance() : this.#ended()));
      if (got === 0) return this.#ended();
    }
  }

  #ended(): false {
    if (!this.#stopped) this.decoder.end();
    return false;
  }

  /** Hands the section header at the file's beginning to `onBlock` before anything else is read. */
  beginSection(): void {
    if (this.decoder instanceof PcapngDecoder) this.decoder.beginSection();
  }

  stop(): void {
    this.#stopped = true;
    this.input.cancel();
  }

  counts(): SourceCounts {
    return {
      received: this.#received + this.decoder.unwanted,
      droppedByKernel: 0,
      droppedByInterface: 0,
      droppedByMetadataFilter: 0,
    };
  }

  /** @throws Error when it is closed */
  #requireOpen(): void {
    if (this.#closed) throw new Error(`${this.path}: the savefile is closed`);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.stop();
    this.input.close();
  }
}

/** A handler that is handed what passes alone. */
function filtered(handler: PacketHandler, filter: PacketFilter | null): PacketHandler {
  return filter === null ? handler : (packet) => !filter(packet) || handler(packet);
}

/** @returns a single file that can be read from its middle, null where the source is none: several, or compressed */
export function partsOf(source: Source): SavefileParts | null {
  return source instanceof SavefileSource && !source.compressed ? source : null;
}

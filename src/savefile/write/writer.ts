// Savefiles as an output of packets: one file or, rotating, one after the other.

import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  aText,
  type Check,
  checkOptions,
  listOf,
  objectOf,
  oneOf,
  orNull,
} from '../../options.js';
import {
  type Interface,
  MAXIMUM_SNAPSHOT_LENGTH,
  type Output,
  type Packet,
  type PacketMemory,
} from '../../packet/index.js';
import { type FactsOptions, ProcessFacts } from '../facts.js';
import { type FileOptions, OutputFile } from '../node/outputfile.js';
import { postRotate } from '../node/postrotate.js';
import { PcapEncoder } from '../pcap/writer.js';
import type { InterfaceStatistics, SectionInfo } from '../pcapng/writeoptions.js';
import { PcapngEncoder } from '../pcapng/writer.js';
import type { Copied } from '../savefile.js';
import type { Encoder } from './encoder.js';
import { Rotation, type RotationOptions } from './rotation.js';

export interface CreateOptions extends FileOptions, FactsOptions {
  readonly format: 'pcap' | 'pcapng';
  /**
   * LINKTYPE_ number. pcap, and pcapng with onlyLinkType: of the file; PKTAP (258) puts a header with its metadata in front of each packet, RAW (101)
   * leaves only IP packets. pcapng: of packets that have no interface.
   */
  readonly linkType: number;
  /**
   * -y: packets become `linkType` as in pcap, in pcapng too; those that cannot are left out and counted, instead of being an
   * error in pcap, or of keeping their own in pcapng.
   */
  readonly onlyLinkType?: boolean;
  /** Bytes, for the file header; default 262144. */
  readonly snapshotLength?: number;
  /** Time stamps' precision; default nano in pcapng, micro in pcap. */
  readonly precision?: 'micro' | 'nano';
  /** pcap only: bytes of frame check sequence at the end of each packet, null not said. */
  readonly fcsLength?: number | null;
  /** pcapng only, as are the next ones: what is said of machine, system and program; comments (--comment). */
  readonly section?: SectionInfo;
  /** Described at the beginning of each file; others are when their first packet comes. */
  readonly interfaces?: readonly Interface[];
  /** Asked for the counts of each interface when a file ends. */
  readonly statistics?: (of: Interface) => InterfaceStatistics | null;
  /**
   * The savefile this becomes a copy of: everything it holds besides packets is copied with them, into pcapng from
   * pcapng. Precision and frame check sequence are its own unless given.
   */
  readonly copyOf?: Copied;
  /**
   * pcapng only: which packets get a comment that says whose they are, for programs that know nothing else of processes: all, the
   * first of each flow (the default), or none.
   */
  readonly ownerComments?: 'all' | 'first' | 'none';
  /**
   * pcapng only: `apple` (the default) has Apple's process blocks, `wireshark` the entries of Wireshark 5.1 too, of which earlier
   * ones show each as a packet.
   */
  readonly dialect?: 'apple' | 'wireshark';
  /** A live source's (Tap.memory): its large packets are then written from where they lie. */
  readonly memory?: PacketMemory;
  readonly rotation?: RotationOptions;
  /** -U: each packet is written out as it comes. */
  readonly unbuffered?: boolean;
  /** Takes messages that do not end the capture: a -z command that can't be run. */
  readonly warn?: (message: string) => void;
  /** Called once when -G has written the last of -W files; packets are left out from then on. */
  readonly onLimit?: () => void;
}

/** What each option may be. */
const CHECKS: { readonly [name in keyof Required<CreateOptions>]: Check } = {
  format: oneOf('pcap', 'pcapng'),
  linkType: aNumber(0, 0x0fff_ffff),
  onlyLinkType: aBoolean,
  snapshotLength: aNumber(0, 0xffff_ffff),
  precision: oneOf('micro', 'nano'),
  fcsLength: orNull(aNumber(0, 255)),
  section: objectOf({
    hardware: orNull(aText),
    os: orNull(aText),
    application: orNull(aText),
    comments: listOf(aText),
  }),
  interfaces: listOf(anObject),
  statistics: aFunction,
  copyOf: anObject,
  memory: anObject,
  ownerComments: oneOf('all', 'first', 'none'),
  dialect: oneOf('apple', 'wireshark'),
  rotation: objectOf({
    size: orNull(aNumber(1)),
    seconds: orNull(aNumber(1)),
    files: orNull(aNumber(1)),
    command: orNull(aText),
  }),
  unbuffered: aBoolean,
  owner: orNull(objectOf({ uid: aNumber(0), gid: aNumber(0) })),
  inputs: listOf(anObject),
  wait: aFunction,
  abandoned: aFunction,
  cancelled: aFunction,
  commandLines: aBoolean,
  letters: orNull(aText),
  warn: aFunction,
  onLimit: aFunction,
};

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Creates a savefile, for its owner alone, or empties the one there is.
 * @param path `-`: standard output; with -G a name with strftime conversions. A FIFO waits for its reader
 * @throws SavefileSystemError when it can't be written, TypeError for wrong options
 */
export async function createSavefile(path: string, options: CreateOptions): Promise<SavefileWriter> {
  checkOptions('createSavefile', options, CHECKS, ['format', 'linkType']);
  const rotation = new Rotation(path, options.rotation ?? {}, Date.now());
  return new SavefileWriter(options, rotation, await OutputFile.open(rotation.path(), options));
}

/**
 * Makes a savefile of a file that is open for appending: it is emptied now, and stays open.
 * @param name in messages
 */
export function savefileOn(descriptor: number, name: string, options: CreateOptions): SavefileWriter {
  return new SavefileWriter(
    options,
    new Rotation(name, {}, Date.now()),
    OutputFile.on(descriptor, name, options),
  );
}

export class SavefileWriter implements Output {
  /** Packets handed in so far. */
  packets = 0;
  /** -G has written the last of -W files. */
  limitReached = false;
  readonly #encoder: Encoder;
  readonly #facts: ProcessFacts | null;
  #file: OutputFile;
  /** No file is open: it was closed, or the last is written, or writing the next failed. */
  #ended = false;
  #closed = false;
  readonly #settle = (): void => this.#file.settle();

  /** Use createSavefile. */
  constructor(
    readonly options: CreateOptions,
    readonly rotation: Rotation,
    file: OutputFile,
  ) {
    const { format, linkType, copyOf, memory = null, snapshotLength = MAXIMUM_SNAPSHOT_LENGTH } = options;
    const facts = ProcessFacts.of(options);
    this.#facts = facts;
    const precision = options.precision ?? (copyOf?.format === 'pcapng' ? undefined : copyOf?.precision);
    const fcsLength = options.fcsLength ?? copyOf?.fcsLength ?? null;
    this.#encoder =
      format === 'pcap'
        ? new PcapEncoder({
            linkType,
            snapshotLength,
            precision: precision ?? copyOf?.precision ?? 'micro',
            littleEndian: LITTLE_ENDIAN,
            fcsLength,
            only: options.onlyLinkType ?? false,
            restricted: facts !== null,
            memory,
          })
        : new PcapngEncoder({
            linkType,
            snapshotLength,
            precision: precision ?? null,
            littleEndian: LITTLE_ENDIAN,
            fcsLength,
            copy: copyOf !== undefined,
            section: options.section ?? {},
            interfaces: options.interfaces ?? [],
            statistics: options.statistics ?? null,
            only: options.onlyLinkType === true ? linkType : null,
            restricted: facts !== null,
            comments: options.ownerComments ?? 'first',
            entries: options.dialect === 'wireshark',
            memory,
          });
    this.#file = file;
    this.#encoder.begin(file);
    if (copyOf !== undefined) this.#encoder.copyFrom(copyOf.origin);
    memory?.onMove.add(this.#settle);
  }

  /** The packets from now on are another file's, as with -V: what it holds besides them is copied too. */
  copyFrom({ origin }: Copied): void {
    this.#requireOpen();
    this.#encoder.copyFrom(origin);
  }

  /** Packets that had no room in a file of its link type. */
  get leftOut(): number {
    return this.#encoder.leftOut;
  }

  /** The file at hand. */
  get path(): string {
    return this.#file.path;
  }

  /** Its size so far in bytes, those not written out yet included. */
  get size(): number {
    return this.#file.size;
  }

  /** @throws Error when it is closed */
  #requireOpen(): void {
    if (this.#closed) throw new Error(`${this.path}: the savefile is closed`);
  }

  /**
   * @throws SavefileSystemError when the system refuses, Error for a link type that does not fit into the file, or when it
   *   is closed
   */
  packet(packet: Packet): void {
    this.#requireOpen();
    if (this.rotation.active && !this.#rotate()) return;
    this.packets++;
    if (this.#facts === null || packet.metadata === null) this.#encoder.packet(packet);
    else this.#facts.packet(packet, packet.metadata, this.#encoder);
    if (this.options.unbuffered) this.#file.flush();
  }

  /**
   * Adds keys of TLS, so that readers decrypt the packets that come from now on; in pcap there is no room for them.
   * @param keys lines of a key log (SSLKEYLOGFILE)
   */
  secrets(keys: Uint8Array): void {
    this.#requireOpen();
    if (!this.#ended) this.#encoder.secrets?.(keys);
  }

  /** Begins the next file when it is time. False: no more packets are taken. */
  #rotate(): boolean {
    if (this.limitReached) return false;
    const verdict = this.rotation.next(this.rotation.timed ? Date.now() : 0, this.#file.size);
    if (verdict === 'same') return true;
    this.#finish();
    postRotate(this.options.rotation?.command ?? null, this.#file.path, this.options.warn);
    if (verdict === 'end') {
      this.limitReached = true;
      this.options.onLimit?.();
      return false;
    }
    this.#begin(this.rotation.path());
    return true;
  }

  #begin(path: string): void {
    this.#file = OutputFile.openSync(path, this.options);
    this.#ended = false;
    this.#encoder.begin(this.#file);
  }

  #finish(): void {
    this.#ended = true;
    try {
      this.#encoder.end();
    } finally {
      this.#file.close();
    }
  }

  /**
   * SIGHUP: when the file was moved away, closes it and begins a new one of its name; otherwise only writes out what is
   * buffered, since a new file would take the old one's place.
   */
  reopen(): void {
    this.#requireOpen();
    if (this.#ended) return;
    this.#file.flush();
    const { path } = this.#file;
    if (path === '-' || this.#file.isThere()) return;
    this.#finish();
    this.#begin(path);
  }

  flush(): void {
    this.#requireOpen();
    if (!this.#ended) this.#file.flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.options.memory?.onMove.delete(this.#settle);
    if (this.#ended) return;
    this.#finish();
    postRotate(this.options.rotation?.command ?? null, this.#file.path, this.options.warn);
  }
}

// A running capture on macOS: whole buffers read of the descriptor, records made packets, PKTAP headers taken off, counts kept.

import { read } from 'node:fs';
import { PktapUnwrapper } from '../../decode/index.js';
import {
  type Interface,
  LinkType,
  linkTypeOf,
  makeInterface,
  Packet,
  type PacketHandler,
  type PacketMemory,
  type SourceCounts,
} from '../../packet/index.js';
import { DarwinCapture } from '../../system/darwin/index.js';
import { becomeUser, type Credentials } from '../../system/index.js';
import { DISAPPEARED } from '../selection.js';
import type { Tap, TapOptions } from '../tap.js';
import type { Devices } from './devices.js';
import { DarwinFilters } from './filters.js';
import type { Wanted } from './names.js';
import { Lineage, Processes } from './processes.js';
import { BpfRecords } from './records.js';

/** Milliseconds after which a read returns with what there is; it returns at once when a buffer is full. */
const PATIENCE = 20;
/** Bytes that a header may add to a packet: the longest is that of a dropped packet. */
const LONGEST_HEADER = 512;
/** Bytes without -B: as much as the kernel gives at most without being told otherwise. Source: debug.bpf_maxbufsize. */
const DEFAULT_BUFFER = 512 * 1024;
/** Interfaces that rvictl makes, for a device's packets. */
const REMOTE = 'rvi';
/** Interfaces remembered at once. */
const MOST_INTERFACES = 1024;

/** Errors of a read that mean that the interface went. */
const GONE: readonly string[] = ['ENXIO', 'EIO'];
/** Errors of a read that mean that there is nothing yet. */
const EMPTY: readonly string[] = ['EAGAIN', 'EINTR'];

/** A capture by /dev/bpf. */
export class DarwinTap implements Tap {
  readonly name: string;
  readonly tapped: boolean;
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly memory: PacketMemory;
  // Packets are counted where they are read.
  readonly counter = null;
  private readonly capture: DarwinCapture;
  private readonly records: BpfRecords;
  private readonly unwrapper: PktapUnwrapper;
  private readonly devices: Devices;
  private readonly filters: DarwinFilters;
  private readonly lineage: Lineage;
  private readonly processes: Processes;
  private readonly packet = new Packet();
  /** The interfaces that headers name, with what is known of them besides; the last one found is at hand. */
  private readonly faces = new Map<Interface, Interface>();
  private lastNamed: Interface | null = null;
  private lastFace: Interface | null = null;
  /** The device's own, where it is not tapped. */
  private readonly own: Interface | null;
  /** A read that is under way. */
  private reading: Promise<number> | null = null;
  private received = 0;
  private refused = 0;
  private toldBroken = false;
  private stopped = false;
  private ending = false;
  private closed = false;
  private finalCounts: SourceCounts | null = null;

  /** @throws CaptureError, Error for a filter or an interface that there is not; nothing is left open then */
  constructor(
    private readonly options: TapOptions,
    wanted: Wanted,
    devices: Devices,
  ) {
    const { snapshotLength, bufferSize, promiscuous, immediate, direction, warn } = options;
    this.name = wanted.name;
    this.tapped = wanted.tapped;
    this.snapshotLength = snapshotLength;
    this.devices = devices;
    this.capture = DarwinCapture.open({
      device: wanted.device,
      snapshotLength: snapshotLength + (wanted.tapped ? LONGEST_HEADER : 0),
      promiscuous: promiscuous && !wanted.tapped,
      timeout: PATIENCE,
      bufferSize: bufferSize === null ? DEFAULT_BUFFER : bufferSize * 1024,
      immediate,
      tap: wanted.tapped,
      // A tap's packets say their direction themselves.
      direction: wanted.tapped || direction === 'inout' ? null : direction,
      warn,
    });
    try {
      this.linkType = wanted.tapped ? LinkType.PKTAP : linkTypeOf(this.capture.dlt);
      this.own = wanted.tapped ? null : this.describe(wanted.device, this.linkType, 0);
      this.filters = new DarwinFilters(
        options,
        wanted.tapped ? null : this.linkType,
        (name) => devices.find(name)?.netmask ?? null,
      );
      const bytes = new Uint8Array(new ArrayBuffer(this.capture.bufferSize));
      this.memory = { bytes, onMove: new Set() };
      this.records = new BpfRecords(bytes);
      this.unwrapper = new PktapUnwrapper(snapshotLength, false);
      this.lineage = new Lineage(this.filters.metadata?.trees ?? []);
      this.processes = new Processes(this.lineage);
      if (this.lineage.asked)
        warn(
          'trees of processes by their parents as they are at a packet: a process whose parent ended before is missed',
        );
    } catch (error) {
      this.capture.close();
      throw error;
    }
  }

  get interfaces(): readonly Interface[] {
    return this.own === null ? [...this.faces.values()] : [this.own];
  }

  private describe(name: string, linkType: number, type: number): Interface {
    const device = this.devices.find(name);
    return makeInterface({
      name,
      description: device?.description ?? null,
      linkType,
      snapshotLength: this.snapshotLength,
      index: device?.index ?? 0,
      type: type === 0 ? (device?.type ?? 0) : type,
      mac: device?.mac ?? null,
      os: 'macOS',
      filter: this.options.expression,
      host: this.options.host,
    });
  }

  /** @param named the interface as a header names it: the same object for the same facts */
  private face(named: Interface): Interface {
    if (named === this.lastNamed) return this.lastFace!;
    let face = this.faces.get(named);
    if (face === undefined) {
      if (this.faces.size >= MOST_INTERFACES) this.faces.clear();
      face = this.describe(named.name, named.linkType, named.type);
      this.faces.set(named, face);
    }
    this.lastNamed = named;
    this.lastFace = face;
    return face;
  }

  async run(handler: PacketHandler): Promise<void> {
    this.requireOpen();
    while (!this.stopped) {
      const last = this.ending;
      const size = await this.fill();
      if (this.stopped) return;
      if (size < 0) throw new Error(DISAPPEARED);
      if (!this.take(size, handler)) this.stopped = true;
      // What was captured before the end was asked for has been read by now.
      if (last || (this.ending && size === 0)) return;
    }
  }

  /** Reads a buffer. @returns its bytes, 0 when there is nothing yet, -1 when the interface is gone */
  private async fill(): Promise<number> {
    for (const move of this.memory.onMove) move();
    const { bytes } = this.memory;
    this.reading = new Promise<number>((done, fail) => {
      read(this.capture.fd, bytes, 0, bytes.length, null, (error, size) => {
        if (error === null) done(size);
        else if (EMPTY.includes(error.code ?? '')) done(0);
        else if (GONE.includes(error.code ?? '')) done(-1);
        else fail(new Error(`${this.name}: ${error.message}`));
      });
    });
    try {
      return await this.reading;
    } finally {
      this.reading = null;
    }
  }

  /** Hands on the packets of a buffer. False: it is enough. */
  private take(size: number, handler: PacketHandler): boolean {
    const records = this.records;
    records.begin(size);
    while (records.next()) {
      if (!this.record(handler) || this.stopped) return false;
    }
    if (records.broken && !this.toldBroken) {
      this.toldBroken = true;
      this.options.warn(
        `${this.name}: a record of /dev/bpf makes no sense: the rest of its buffer is left out`,
      );
    }
    return true;
  }

  /** Makes a packet of a record and hands it on. */
  private record(handler: PacketHandler): boolean {
    const records = this.records;
    const packet = this.packet;
    const filters = this.filters;
    packet.seconds = records.seconds;
    packet.nanoseconds = records.microseconds * 1000;
    packet.buffer = records.bytes;
    packet.offset = records.offset;
    packet.capturedLength = records.captured;
    packet.length = records.length;
    packet.linkType = this.linkType;
    packet.interface = this.own;
    packet.metadata = null;
    if (this.tapped) this.unwrap(packet);
    if (packet.capturedLength > this.snapshotLength) packet.capturedLength = this.snapshotLength;
    if (!filters.takes(packet)) return true;
    if (this.tapped) this.fillIn(packet);
    if (!filters.known(packet)) {
      this.refused++;
      return true;
    }
    this.received++;
    return handler(packet);
  }

  private unwrap(packet: Packet): void {
    this.unwrapper.unwrap(packet);
    if (packet.interface !== null) packet.interface = this.face(packet.interface);
  }

  /** What is known of its processes besides what its header says. */
  private fillIn({ metadata, seconds, interface: face }: Packet): void {
    // Processes of an iPhone at the other end of a cable are none of this Mac's, whatever their numbers.
    if (metadata === null || face?.name.startsWith(REMOTE) === true) return;
    const { process, effectiveProcess } = metadata;
    if (process !== null) metadata.process = this.processes.of(process, seconds);
    if (effectiveProcess !== null) metadata.effectiveProcess = this.processes.of(effectiveProcess, seconds);
  }

  stop(): void {
    this.ending = true;
  }

  counts(): SourceCounts {
    if (this.finalCounts !== null) return this.finalCounts;
    const lost = this.capture.lost();
    return {
      received: this.received,
      droppedByKernel: lost.kernel,
      droppedByInterface: lost.interface,
      droppedByMetadataFilter: this.filters.metadata === null ? 0 : this.refused,
    };
  }

  /** @throws Error when it is closed */
  private requireOpen(): void {
    if (this.closed) throw new Error(`${this.name}: the tap is closed`);
  }

  launch(start: () => number | undefined): void {
    this.requireOpen();
    this.lineage.launch(start);
  }

  dropPrivileges(user: string | Credentials): void {
    this.requireOpen();
    becomeUser(user);
    if (this.tapped)
      this.options.warn(
        "-Z: other users' processes have no command lines from now on, and may have no paths",
      );
  }

  close(): void {
    if (this.closed) return;
    this.finalCounts = this.counts();
    this.closed = true;
    this.stopped = true;
    // The descriptor's number must not be another file's while a read of it is under way.
    if (this.reading === null) this.capture.close();
    else void this.reading.catch(() => {}).then(() => this.capture.close());
  }
}

// Capture where eBPF is not allowed: AF_PACKET, and the processes as well as sock_diag and /proc tell them.

import { EarlyPackets } from '../../native/earlypackets.js';
import { libc } from '../../native/libc.js';
import { Netlink } from '../../native/netlink.js';
import { Frame, FrameStatus, PACKET_OUTGOING, PacketRing } from '../../native/packetring.js';
import { askForShortSlice } from '../../native/scheduling.js';
import {
  Direction,
  type Interface,
  LinkType,
  makeInterface,
  Packet,
  type PacketFilter,
  type PacketHandler,
  PacketMetadata,
  type SourceCounts,
  serviceClassOfDscp,
} from '../../packet/index.js';
import type { Tap, TapOptions } from '../index.js';
import { bootTime } from './clock.js';
import { Conversation } from './conversation.js';
import { KernelFilters } from './filters.js';
import {
  interfaceType,
  type Link,
  linkTypeOf,
  listLinks,
  parseLink,
  RTM_DELLINK,
  RTMGRP_LINK,
} from './links.js';
import { Newcomers } from './newcomers.js';
import { dropPrivileges } from './privileges.js';
import { ProcessTable } from './processes.js';
import { openPromiscuous } from './promiscuous.js';
import { parseSelection, requireLinks, type Selection } from './selection.js';
import { SocketOwners } from './socketowners.js';
import { ProcLineage } from './trees.js';
import { TagRestorer } from './vlan.js';

const DEFAULT_RING = 32 * 1024 * 1024;
/** Milliseconds after which packets that do not fill a block are handed over: the sooner, the more processes are there. */
const PATIENCE = 4;
const IDLE = 20;
/** While many packets come, early ones are looked at after each 64. */
const LOOK_AFTER = 63;
const FLAG_NEW_FLOW = 1;
const FLAG_SOCKET = 8;

export class PacketSocketTap implements Tap {
  readonly name: string;
  readonly tapped: boolean;
  readonly linkType: number;
  readonly snapshotLength: number;
  /** None is left to ask: this tap asks both filters itself. */
  readonly filter = null;
  private readonly options: TapOptions;
  private readonly qualified: (name: string) => string;
  private readonly selection: Selection;
  private readonly netlink = new Netlink(0);
  private readonly events = new Netlink(RTMGRP_LINK);
  readonly memory: PacketRing;
  private readonly known = new Map<number, { link: Link; interface: Interface }>();
  /** Null: nobody asks whose packets they are. */
  private readonly early: EarlyPackets | null;
  private readonly newcomers: Newcomers | null;
  private readonly owners: SocketOwners | null;
  private readonly matches: PacketFilter;
  private readonly lineage = new ProcLineage();
  private readonly headers = new Conversation();
  private readonly tags = new TagRestorer();
  private readonly packet = new Packet();
  private readonly metadata = new PacketMetadata();
  private readonly promiscuous: number;
  private taken = 0;
  private received = 0;
  private refused = 0;
  /** The handler has enough. */
  private stopped = false;
  /** The capture ends with what came so far. */
  private ending = false;
  private closed = false;
  private finalCounts: SourceCounts | null = null;

  /**
   * Captures in the namespace that the thread is in now.
   * @param qualified an interface's name as it is shown
   * @throws Error when there is no such interface, SystemError when the system refuses
   */
  constructor(options: TapOptions, qualified: (name: string) => string) {
    this.options = options;
    this.qualified = qualified;
    this.snapshotLength = options.snapshotLength;
    const links = listLinks(this.netlink);
    this.selection = parseSelection(options.interface, new Set(links.map((link) => link.name)));
    this.name = this.selection.name;
    this.tapped = this.selection.tap;
    if (this.selection.drops) throw new Error(`${this.name}: dropped packets cannot be seen without eBPF`);
    const plain = requireLinks(this.selection, links);
    this.linkType = plain === null ? LinkType.PKTAP : linkTypeOf(plain);
    this.matches = new KernelFilters(options, this.linkType).all(options.direction);
    for (const link of links) this.follow(link, false);
    const size = options.bufferSize === null ? DEFAULT_RING : options.bufferSize * 1024;
    this.memory = new PacketRing(
      plain === null ? 0 : plain.index,
      size,
      options.snapshotLength,
      options.immediate ? 1 : PATIENCE,
    );
    const processes = this.tapped || options.processes || options.command;
    const early = processes ? new EarlyPackets(plain === null ? 0 : plain.index) : null;
    this.early = early;
    this.newcomers = processes ? new Newcomers() : null;
    this.owners =
      this.newcomers === null
        ? null
        : new SocketOwners(new ProcessTable(bootTime(), this.lineage), this.newcomers, early);
    if (processes) askForShortSlice(true);
    this.promiscuous =
      plain !== null && options.promiscuous && !plain.loopback ? openPromiscuous(plain.index) : -1;
  }

  get interfaces(): readonly Interface[] {
    return [...this.known.values()].map((known) => known.interface);
  }

  /** An interface that is there, came, changed or went. */
  private follow(link: Link, gone: boolean): void {
    if (gone || !this.selection.matches(link)) {
      this.known.delete(link.index);
      return;
    }
    if (this.known.get(link.index)?.link.name === link.name) return;
    const face = makeInterface({
      name: this.qualified(link.name),
      description: link.alias,
      linkType: linkTypeOf(link),
      snapshotLength: this.snapshotLength,
      index: link.index,
      type: interfaceType(link),
      mac: link.mac,
      os: 'Linux',
      filter: this.options.expression,
    });
    this.known.set(link.index, { link, interface: face });
  }

  private followInterfaces(): void {
    const messages = this.selection.dynamic ? this.events.notifications() : [];
    if (messages === null) {
      for (const link of listLinks(this.netlink)) this.follow(link, false);
      return;
    }
    for (const message of messages) {
      const link = parseLink(message);
      if (link !== null) this.follow(link, message.type === RTM_DELLINK);
    }
  }

  async run(handler: PacketHandler): Promise<void> {
    const take = (header: number): boolean => {
      if (this.stopped || !this.frame(header, handler)) this.stopped = true;
      return !this.stopped;
    };
    // A negative descriptor is passed over.
    const descriptors = [this.memory.fd, this.early?.fd ?? -1, -1];
    const poll = new Uint8Array(new ArrayBuffer(8 * descriptors.length));
    const view = new DataView(poll.buffer);
    descriptors.forEach((fd, i) => {
      view.setInt32(8 * i, fd, true);
      view.setInt16(8 * i + 4, 1, true);
    });
    this.owners?.prepare();
    while (!this.stopped && !this.ending) {
      this.owners?.look();
      this.followInterfaces();
      if (this.memory.drain(take)) {
        await new Promise<void>((done) => setImmediate(done));
      } else {
        const patience = this.owners?.waiting === true ? 1 : IDLE;
        view.setInt32(16, this.newcomers?.worthWaking() ?? -1, true);
        await new Promise<void>((done) =>
          libc().poll.async(poll, descriptors.length, patience, () => done()),
        );
      }
    }
    if (this.stopped) return;
    // A block that is not full is handed over when patience is at an end.
    await new Promise<void>((done) => setTimeout(done, 2 * PATIENCE));
    this.memory.drain(take);
  }

  stop(): void {
    this.ending = true;
  }

  /** Makes a packet of a frame and hands it on. */
  private frame(header: number, handler: PacketHandler): boolean {
    const { view, bytes } = this.memory;
    const known = this.known.get(view.getInt32(header + Frame.IFINDEX, true));
    if (known === undefined) return true;
    const leaves = view.getUint8(header + Frame.PACKET_TYPE) === PACKET_OUTGOING;
    // A plain loopback device shows each packet once, as it comes in.
    if (leaves && !this.tapped && known.link.loopback) return true;
    if ((++this.taken & LOOK_AFTER) === 0) this.owners?.look();
    const packet = this.packet;
    const metadata = this.metadata;
    packet.seconds = view.getUint32(header + Frame.SECONDS, true);
    packet.nanoseconds = view.getUint32(header + Frame.NANOSECONDS, true);
    packet.buffer = bytes;
    packet.offset = header + view.getUint16(header + Frame.MAC, true);
    packet.capturedLength = view.getUint32(header + Frame.CAPTURED, true);
    packet.length = view.getUint32(header + Frame.LENGTH, true);
    packet.interface = known.interface;
    packet.linkType = known.interface.linkType;
    packet.metadata = metadata;
    const status = view.getUint32(header + Frame.STATUS, true);
    if ((status & FrameStatus.VLAN) !== 0) {
      const protocol =
        (status & FrameStatus.VLAN_PROTOCOL) !== 0
          ? view.getUint16(header + Frame.VLAN_PROTOCOL, true)
          : 0x8100;
      this.tags.restore(packet, protocol, view.getUint32(header + Frame.VLAN_TCI, true), this.snapshotLength);
    }
    metadata.direction = leaves ? Direction.OUT : Direction.IN;
    if (this.owners !== null) this.attribute(this.owners, leaves);
    if (!this.matches(packet)) {
      this.refused++;
      return true;
    }
    this.received++;
    return handler(packet);
  }

  private attribute(owners: SocketOwners, leaves: boolean): void {
    const packet = this.packet;
    const metadata = this.metadata;
    const headers = this.headers;
    headers.read(packet);
    const stamp = packet.seconds * 1e6 + Math.floor(packet.nanoseconds / 1000);
    const owner = owners.find(packet, headers, stamp, leaves);
    metadata.process = owner?.process ?? null;
    metadata.threadId = 0;
    metadata.flowId = owner?.id ?? 0;
    metadata.flags = (owner?.socket ? FLAG_SOCKET : 0) | (owner?.isNew ? FLAG_NEW_FLOW : 0);
    metadata.serviceClass = headers.version === 0 ? 0 : serviceClassOfDscp(headers.trafficClass >> 2);
  }

  counts(): SourceCounts {
    return (
      this.finalCounts ?? {
        received: this.received,
        droppedByKernel: this.memory.counts().dropped,
        droppedByInterface: 0,
        droppedByMetadataFilter:
          this.options.metadataFilter === null && !this.options.command ? 0 : this.refused,
      }
    );
  }

  launch(start: () => number | undefined): void {
    if (this.owners !== null) askForShortSlice(false);
    this.lineage.launch(start);
    if (this.owners !== null) askForShortSlice(true);
  }

  dropPrivileges(user: string): void {
    dropPrivileges(user);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.finalCounts = this.counts();
    this.memory.close();
    this.owners?.close();
    this.netlink.close();
    this.events.close();
    if (this.promiscuous >= 0) libc().close(this.promiscuous);
  }
}

// Capture where eBPF is not allowed: AF_PACKET, and the processes as well as sock_diag and /proc tell them.

import { Headers } from '../../decode/index.js';
import type { LiveFilter } from '../../filter/index.js';
import {
  Direction,
  type Interface,
  LinkType,
  makeInterface,
  Packet,
  type PacketFilter,
  PacketFlag,
  type PacketHandler,
  PacketMetadata,
  type SourceCounts,
  serviceClassOfDscp,
} from '../../packet/index.js';
import { askForShortSlice, type Credentials, libc, Netlink } from '../../system/index.js';
import { DISAPPEARED, parseSelection, requireDevices, type Selection } from '../selection.js';
import type { Tap, TapOptions } from '../tap.js';
import { bootTime } from './clock.js';
import { EarlyPackets } from './earlypackets.js';
import { KernelFilters } from './filters.js';
import {
  type Device,
  interfaceType,
  linkTypeOf,
  listDevices,
  parseDevice,
  RTM_DELLINK,
  RTMGRP_LINK,
} from './network/devices.js';
import { netmasks } from './network/netmask.js';
import { openPromiscuous } from './network/promiscuous.js';
import { TagRestorer } from './network/vlan.js';
import { Frame, FrameStatus, PACKET_OUTGOING, PacketRing } from './packetring.js';
import { dropPrivileges } from './privileges.js';
import { Newcomers } from './process/newcomers.js';
import { ProcessTable } from './process/processes.js';
import { SocketOwners } from './process/socketowners.js';
import { ProcLineage } from './process/trees.js';
import { Resources } from './resources.js';

const DEFAULT_RING = 32 * 1024 * 1024;
/** Milliseconds after which packets that do not fill a block are handed over: the sooner, the more processes are there. */
const PATIENCE = 4;
const IDLE = 20;
/** While many packets come, early ones are looked at after each 64. */
const LOOK_AFTER = 63;
const ETHERTYPE_VLAN = 0x8100;

interface Known {
  readonly device: Device;
  readonly interface: Interface;
  /** Null: every packet passes. */
  readonly expression: LiveFilter | null;
}

export class PacketSocketTap implements Tap {
  readonly name: string;
  readonly counter = null;
  readonly tapped: boolean;
  readonly linkType: number;
  readonly snapshotLength: number;
  private readonly options: TapOptions;
  private readonly qualified: (name: string) => string;
  private readonly selection: Selection;
  private readonly netlink: Netlink;
  private readonly events: Netlink;
  readonly memory: PacketRing;
  private readonly known = new Map<number, Known>();
  /** Null: nobody asks whose packets they are. */
  private readonly early: EarlyPackets | null;
  private readonly newcomers: Newcomers | null;
  private readonly owners: SocketOwners | null;
  private readonly filters: KernelFilters;
  private readonly matches: PacketFilter;
  private readonly lineage: ProcLineage;
  private readonly headers = new Headers();
  private readonly tags = new TagRestorer();
  private readonly packet = new Packet();
  private readonly metadata = new PacketMetadata();
  private taken = 0;
  private readonly resources = new Resources();
  /** Devices captured on by their own names that are still there; null: others may come. */
  private readonly own: Set<number> | null;
  private received = 0;
  private refused = 0;
  /** The handler has enough, or the capture is closed. */
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
    const { resources } = this;
    try {
      this.netlink = resources.use(new Netlink(0));
      this.events = resources.use(new Netlink(RTMGRP_LINK));
      const devices = listDevices(this.netlink);
      const existing = new Set(devices.map((device) => device.name));
      this.selection = parseSelection(options.interface, existing, options.processes || options.command);
      this.name = this.selection.name;
      this.tapped = this.selection.tap;
      if (this.selection.drops) throw new Error(`${this.name}: dropped packets cannot be seen without eBPF`);
      const named = requireDevices(this.selection, devices, options.warn);
      const own = named ? devices.filter((device) => this.selection.matches(device)) : null;
      this.own = own === null ? null : new Set(own.map((device) => device.index));
      const [first] = own ?? [];
      this.linkType = this.tapped || first === undefined ? LinkType.PKTAP : linkTypeOf(first);
      const wanted = devices.filter((device) => this.selection.matches(device));
      this.filters = new KernelFilters(options, wanted.map(linkTypeOf));
      this.filters.confirm();
      this.lineage = new ProcLineage(this.filters.trees);
      this.matches = this.filters.all(options.direction);
      for (const device of devices) this.follow(device, false);
      const size = options.bufferSize === null ? DEFAULT_RING : options.bufferSize * 1024;
      this.memory = resources.use(
        new PacketRing(
          own?.length === 1 ? first!.index : 0,
          size,
          options.snapshotLength,
          options.immediate ? 1 : PATIENCE,
        ),
      );
      const ifindex = own?.length === 1 ? first!.index : 0;
      this.early = this.tapped ? resources.use(new EarlyPackets(ifindex)) : null;
      this.newcomers = this.tapped ? resources.use(new Newcomers()) : null;
      this.owners =
        this.newcomers === null
          ? null
          : resources.use(
              new SocketOwners(new ProcessTable(bootTime(), this.lineage), this.newcomers, this.early),
            );
      if (this.owners !== null) askForShortSlice(true);
      for (const { loopback, index } of options.promiscuous ? (own ?? []) : []) {
        if (loopback) continue;
        const socket = openPromiscuous(index);
        resources.add(() => libc().close(socket));
      }
    } catch (error) {
      resources.close();
      throw error;
    }
  }

  get interfaces(): readonly Interface[] {
    return [...this.known.values()].map((known) => known.interface);
  }

  /** An interface that is there, came, changed or went. */
  private follow(device: Device, gone: boolean): void {
    if (gone || !this.selection.matches(device)) {
      this.known.delete(device.index);
      return;
    }
    if (this.known.get(device.index)?.device.name === device.name) return;
    const face = makeInterface({
      name: this.qualified(device.name),
      description: device.alias,
      linkType: linkTypeOf(device),
      snapshotLength: this.snapshotLength,
      index: device.index,
      type: interfaceType(device),
      mac: device.mac,
      os: 'Linux',
      filter: this.options.expression,
      host: this.options.host,
    });
    const expression = this.filters.forUserSpace(
      face,
      () => netmasks(this.netlink).get(device.index) ?? null,
    );
    this.known.set(device.index, { device, interface: face, expression });
  }

  private followInterfaces(): void {
    const messages = this.events.notifications();
    const { own } = this;
    if (messages === null) {
      const there = listDevices(this.netlink);
      if (own === null) for (const device of there) this.follow(device, false);
      else for (const index of own) if (!there.some((device) => device.index === index)) own.delete(index);
    }
    for (const message of messages ?? []) {
      const device = parseDevice(message);
      if (device === null) continue;
      const gone = message.type === RTM_DELLINK;
      if (own === null) this.follow(device, gone);
      else if (gone) own.delete(device.index);
    }
    if (own?.size === 0) this.ending = true;
  }

  async run(handler: PacketHandler): Promise<void> {
    this.requireOpen();
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
    if (this.stopped) return;
    this.memory.drain(take);
    if (!this.stopped && this.own?.size === 0) throw new Error(DISAPPEARED);
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
    if (leaves && !this.tapped && known.device.loopback) return true;
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
    const tagged = (status & FrameStatus.VLAN) !== 0;
    const tag = tagged ? view.getUint32(header + Frame.VLAN_TCI, true) : 0;
    const protocol =
      (status & FrameStatus.VLAN_PROTOCOL) !== 0
        ? view.getUint16(header + Frame.VLAN_PROTOCOL, true)
        : ETHERTYPE_VLAN;
    if (known.expression !== null) {
      // As the kernel's own filter is asked: the tag is not among the bytes yet.
      const { facts } = this.filters;
      facts.packetType = view.getUint8(header + Frame.PACKET_TYPE);
      facts.interface = known.device.index;
      facts.vlanPresent = tagged ? 1 : 0;
      facts.vlanTag = tag;
      facts.vlanProtocol = tagged ? protocol : 0;
      const { buffer, offset, capturedLength, length } = packet;
      if (!known.expression(buffer, offset, capturedLength, length, facts)) return true;
    }
    if (tagged) this.tags.restore(packet, protocol, tag, this.snapshotLength);
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
    const owner = owners.find(headers, stamp, leaves);
    metadata.process = owner?.process ?? null;
    metadata.threadId = 0;
    metadata.flowId = owner?.id ?? 0;
    metadata.flags = (owner?.socket ? PacketFlag.SOCKET : 0) | (owner?.isNew ? PacketFlag.NEW_FLOW : 0);
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

  /** @throws Error when it is closed */
  private requireOpen(): void {
    if (this.closed) throw new Error(`${this.name}: the tap is closed`);
  }

  launch(start: () => number | undefined): void {
    this.requireOpen();
    if (this.owners !== null) askForShortSlice(false);
    this.lineage.launch(start);
    if (this.owners !== null) askForShortSlice(true);
  }

  dropPrivileges(user: string | Credentials): void {
    this.requireOpen();
    dropPrivileges(user, { namespaces: false, searches: this.owners !== null });
  }

  close(): void {
    if (this.closed) return;
    this.finalCounts = this.counts();
    this.closed = true;
    this.stopped = true;
    this.resources.close();
  }
}

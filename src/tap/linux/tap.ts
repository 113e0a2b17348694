// A running tap: interfaces joined as they come, records made packets, counts kept.

import { milliseconds } from '../../builtin.js';
import {
  Direction,
  type Interface,
  LinkType,
  Packet,
  type PacketFilter,
  type PacketHandler,
  PacketMetadata,
  type SourceCounts,
} from '../../packet/index.js';
import { type Credentials, libc, pageSize } from '../../system/index.js';
import { DISAPPEARED, parseSelection, requireDevices, type Selection } from '../selection.js';
import type { PacketCounter, Tap, TapOptions } from '../tap.js';
import { bootTime, Epoch } from './clock.js';
import { KernelCounts } from './counts.js';
import { DropHook } from './drops.js';
import { sumCounter } from './ebpf/counters.js';
import { Loader } from './ebpf/loader.js';
import {
  COUNT_METADATA,
  COUNT_NO_ROOM,
  COUNT_RECEIVED,
  EXECUTION_MARK,
  Execution,
  Field,
  FLAG_NAMED_LATER,
  FLAG_VLAN,
  Owner,
  PACKET_FLAGS,
} from './ebpf/record.js';
import { Ring } from './ebpf/ring.js';
import { lessExact } from './facilities.js';
import { KernelFilters } from './filters.js';
import { Addresses } from './network/addresses.js';
import { type Device, linkTypeOf, listDevices, parseDevice, RTM_DELLINK } from './network/devices.js';
import { NetworkNamespace } from './network/namespaces.js';
import { openPromiscuous } from './network/promiscuous.js';
import { TagRestorer } from './network/vlan.js';
import { PacketHooks } from './packethooks.js';
import { canSeeOthers, dropPrivileges } from './privileges.js';
import { openCgroupRoot } from './process/cgroups.js';
import { claimByIterator } from './process/claims.js';
import { Executions } from './process/executions.js';
import { LateOwners } from './process/lateowners.js';
import { ProcessTable } from './process/processes.js';
import { claimSockets, ownProcessId } from './process/sockets.js';
import { KernelTrees, ProcLineage } from './process/trees.js';
import { Resources } from './resources.js';
import { SocketHooks } from './sockethooks.js';

/** Ring size without -B: half a second of the smallest packets at full speed. */
const DEFAULT_RING = 32 * 1024 * 1024;
/** Milliseconds between two looks at an idle ring; a filling one wakes the reader. */
const IDLE = 20;
/** A drain that took less than this has caught up: it waits for more, as each waking takes time from the senders. */
const FEW = 1024 * 1024;
/** Milliseconds it waits; what comes meanwhile at full speed fills less than half of the ring. */
const PAUSE = 4;
/** Milliseconds that the first packet of a connection or conversation waits for its answer, where only that tells whose it is. */
const ANSWERED_IN = 20;
const PACKET_OUTGOING = 4;

function ringSize(kibibytes: number | null): number {
  if (kibibytes === null) return DEFAULT_RING;
  let size = 65536;
  while (size < kibibytes * 1024 && size < 1 << 30) size *= 2;
  return size;
}

/** A capture by eBPF. */
export class LinuxTap implements Tap {
  readonly name: string;
  readonly tapped: boolean;
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Part of the filters that the kernel could not answer; null: none. */
  private readonly rest: PacketFilter | null;
  private readonly options: TapOptions;
  private readonly selection: Selection;
  /** Interfaces that were there at the start and are captured on. */
  private readonly wanted: readonly { namespace: NetworkNamespace; device: Device }[];
  /** Those of them that are captured on by their own names and are still there; null: others may come. */
  private readonly own: Set<Device> | null;
  /** The packet hooks' programs are loaded. */
  private readonly prepared: Promise<void>;
  private readonly loader: Loader;
  private readonly hooks: SocketHooks;
  private readonly filters: KernelFilters;
  readonly memory: Ring;
  /** Takes the place of the packet hooks where dropped packets are wanted. */
  private readonly drops: DropHook | null;
  private readonly packetHooks: PacketHooks;
  private readonly namespaces: readonly NetworkNamespace[];
  /** Null: none are asked for, or the kernel cannot. */
  private readonly trees: KernelTrees | null;
  private readonly executions: Executions | null;
  /** Null: nobody asks whose packets they are. */
  private readonly addresses: Addresses | null;
  /** Takes the trees' place where the kernel cannot follow them. */
  private readonly descent: ProcLineage;
  private readonly processes: ProcessTable;
  /** Null: nobody asks whose packets they are. */
  private readonly lateOwners: LateOwners | null;
  private readonly epoch = new Epoch();
  private readonly packet = new Packet();
  private readonly metadata = new PacketMetadata();
  private readonly tags = new TagRestorer();
  /** Root of the cgroup2 hierarchy. */
  private readonly cgroup: number;
  private readonly resources: Resources;
  /** Sockets from before have owners, whoever their processes' user is. */
  private readonly claims: boolean;
  /** The handler has enough, or the capture is closed. */
  private stopped = false;
  /** A record was left in the ring for a moment: whose it is may be known then. */
  private held = false;
  /** The capture ends with what is in the ring. */
  private ending = false;
  private kernelCounts: KernelCounts | null = null;
  private closed = false;
  /** Packets that `rest` refused. */
  private refused = 0;
  private lastEvents = 0;
  private finalCounts: SourceCounts | null = null;

  /** Opens a capture. @throws BpfError, Error that says what is missing */
  static async open(options: TapOptions): Promise<LinuxTap> {
    const resources = new Resources();
    try {
      const tap = new LinuxTap(options, resources);
      options.meanwhile();
      await tap.join();
      // Only now is it sure that the capture is this one.
      if (tap.tapped) tap.tellWhatIsMissing();
      return tap;
    } catch (error) {
      await resources.settle();
      resources.close();
      throw error;
    }
  }

  /** @param resources gets what is taken hold of, at once */
  private constructor(options: TapOptions, resources: Resources) {
    this.options = options;
    this.resources = resources;
    this.snapshotLength = options.snapshotLength;
    this.namespaces = NetworkNamespace.open(options.networkNamespaces);
    for (const namespace of this.namespaces) resources.use(namespace);
    const devices = this.namespaces.flatMap((namespace) =>
      listDevices(namespace.netlink).map((device) => ({ namespace, device })),
    );
    const all = devices.map(({ device }) => device);
    const existing = new Set(all.map((device) => device.name));
    this.selection = parseSelection(options.interface, existing, options.processes || options.command);
    this.name = this.selection.name;
    this.tapped = this.selection.tap;
    const named = requireDevices(this.selection, all, options.warn);
    this.wanted = devices.filter(({ device }) => this.selection.matches(device));
    this.own = named ? new Set(this.wanted.map(({ device }) => device)) : null;
    this.linkType = this.tapped ? LinkType.PKTAP : linkTypeOf(this.wanted[0]!.device);
    this.filters = new KernelFilters(
      options,
      this.selection.drops ? [] : this.wanted.map(({ device }) => linkTypeOf(device)),
    );
    const size = ringSize(options.bufferSize);
    const processes = this.tapped;
    const wantsTrees = this.filters.trees.length > 0;
    this.loader = resources.use(
      new Loader({
        ringSize: size,
        snapshotLength: options.snapshotLength,
        immediate: options.immediate,
        processes,
        trees: wantsTrees,
        counts: options.counts && processes,
      }),
    );
    let refused: Error | null = null;
    try {
      this.cgroup = processes ? openCgroupRoot() : -1;
    } catch (error) {
      this.cgroup = -1;
      refused = error as Error;
    }
    if (this.cgroup >= 0) resources.add(() => libc().close(this.cgroup));
    // First, since it finds out whether the kernel lets its memory be read.
    this.executions = processes ? resources.use(Executions.follow(this.loader)) : null;
    // Before the first socket is noted: what it says of its owner stays.
    this.trees = wantsTrees ? KernelTrees.follow(this.loader, this.filters.trees) : null;
    if (this.trees !== null) resources.use(this.trees);
    this.packetHooks = resources.use(
      new PacketHooks({
        loader: this.loader,
        filters: this.filters,
        trees: this.trees !== null,
        tapped: this.tapped,
        matches: (device) => this.selection.matches(device),
        tap: options,
      }),
    );
    // The kernel takes longest for these: it begins now, beside all else.
    this.prepared = this.selection.drops ? Promise.resolve() : this.packetHooks.prepare(this.wanted);
    resources.await(this.prepared); // join() hears of what fails
    this.addresses = processes ? new Addresses(this.loader, this.namespaces) : null;
    this.lateOwners = processes ? new LateOwners(this.loader.map('remembered')) : null;
    this.descent = new ProcLineage(this.filters.trees);
    const lineage = this.trees ?? this.descent;
    this.processes = resources.use(
      new ProcessTable(bootTime(), lineage, this.cgroup, this.executions, () => !this.memory.isFilling),
    );
    this.rest = this.selection.drops ? this.ofDrops() : this.filters.rest(this.trees !== null);
    this.hooks = resources.use(new SocketHooks(processes ? this.loader : null, refused ?? this.cgroup));
    this.memory = resources.use(new Ring(this.loader.map('ring'), size, pageSize()));
    this.claims = !processes || this.claimSockets();
    this.drops = this.selection.drops
      ? resources.use(new DropHook(this.loader, this.selection, devices, options))
      : null;
  }

  /** Gives the sockets from before their owners. @returns whether those of all users have theirs */
  private claimSockets(): boolean {
    const seesAll = canSeeOthers();
    const maps = [this.loader.map('owners'), this.loader.map('multipath')] as const;
    const claimed = claimByIterator(this.loader, seesAll);
    const left = claimed?.left ?? claimSockets(...maps, this.trees);
    const [sockets, have, they] = left === 1 ? ['socket', 'has', 'it is'] : ['sockets', 'have', 'they are'];
    if (left > 0)
      this.options.warn(
        `less exact: ${left} ${sockets} from before, which several processes hold, ${have} no owner until ${they} used`,
      );
    return claimed !== null || seesAll;
  }

  /** Both filters and the direction: no hook of ours asks dropped packets. */
  private ofDrops(): PacketFilter {
    const all = this.filters.all(this.options.direction);
    const expression = this.filters.untagged();
    return expression === null ? all : (packet) => all(packet) && expression(packet);
  }

  /** Attaches to the interfaces that are there. */
  private async join(): Promise<void> {
    // What is refused of the prepared programs' filters is compiled anew for each interface, and loaded then.
    this.filters.confirm();
    if (this.drops === null) {
      await this.prepared;
      await this.packetHooks.joinAll(this.wanted);
    }
    if (this.own === null || !this.options.promiscuous) return;
    for (const { namespace, device } of this.wanted) {
      if (device.loopback) continue;
      namespace.within(() => {
        const socket = openPromiscuous(device.index);
        this.resources.add(() => libc().close(socket));
      });
    }
  }

  private tellWhatIsMissing(): void {
    const { verbose, warn } = this.options;
    if (!this.hooks.any)
      warn('no socket hook could be attached: packets of new sockets will have no processes');
    if (verbose > 0) for (const refused of this.hooks.refused) warn(`done without ${refused}`);
    const facilities = {
      knowsTasks: this.loader.knowsTasks,
      lockedDown: this.loader.lockedDown,
      uses: this.hooks.uses,
      creations: this.hooks.creations,
      executions: this.executions?.follows ?? false,
      trees: this.filters.trees.length === 0 ? null : this.trees !== null,
      drops: this.drops === null ? null : this.loader.tracesSockets,
      claims: this.claims,
    };
    const lines = lessExact(facilities);
    if (verbose > 0) for (const line of lines) warn(`less exact: ${line}`);
    else if (lines.length > 0) warn(`less exact: ${lines.join('; ')}`);
  }

  /** The kernel counts what it filters whole. */
  get counter(): PacketCounter | null {
    const { loader, processes, epoch, packetHooks, filters, rest } = this;
    if (!this.options.counts || !this.tapped || this.drops !== null || rest !== null) return null;
    this.kernelCounts ??= new KernelCounts({ loader, processes, epoch, packetHooks, filters });
    return this.kernelCounts;
  }

  get interfaces(): readonly Interface[] {
    return this.packetHooks.interfaces;
  }

  /** Interfaces and addresses that came, went or changed since the last look. */
  private followChanges(): void {
    const now = milliseconds();
    if (now - this.lastEvents < 10) return;
    this.lastEvents = now;
    for (const namespace of this.namespaces) {
      const messages = namespace.events.notifications();
      this.addresses?.follow(namespace, messages);
      if (messages === null) {
        const there = listDevices(namespace.netlink);
        if (this.own === null) for (const device of there) this.follow(namespace, device, false);
        else this.missing(namespace, (index) => !there.some((device) => device.index === index));
        continue;
      }
      for (const message of messages) {
        const device = parseDevice(message);
        if (device === null) continue;
        const gone = message.type === RTM_DELLINK;
        if (this.own === null) this.follow(namespace, device, gone);
        else if (gone) this.missing(namespace, (index) => index === device.index);
      }
    }
  }

  /** A device that is captured on by its own name went away: the capture ends with the last. */
  private missing(namespace: NetworkNamespace, isGone: (index: number) => boolean): void {
    for (const one of this.wanted) {
      if (one.namespace === namespace && isGone(one.device.index)) this.own!.delete(one.device);
    }
    if (this.own!.size === 0) this.ending = true;
  }

  private follow(namespace: NetworkNamespace, device: Device, gone: boolean): void {
    if (this.drops !== null) this.drops.follow(namespace, device, gone);
    else this.packetHooks.follow(namespace, device, gone);
  }

  async run(handler: PacketHandler): Promise<void> {
    this.requireOpen();
    const take = (offset: number): boolean => {
      if (!this.record(offset, handler)) this.stopped = true;
      return !this.stopped;
    };
    const poll = new Uint8Array(new ArrayBuffer(8));
    new DataView(poll.buffer).setInt32(0, this.memory.fd, true);
    new DataView(poll.buffer).setInt16(4, 1, true);
    while (!this.stopped && !this.ending) {
      const taken = this.memory.drain(take);
      if (this.stopped) break;
      this.epoch.refresh();
      this.followChanges();
      this.packetHooks.followOrder();
      if (this.stopped || this.ending) break;
      if (this.held) {
        this.held = false;
        await new Promise<void>((done) => setTimeout(done, 1));
      } else if (taken === 0)
        await new Promise<void>((done) => libc().poll.async(poll, 1, IDLE, () => done()));
      else if (taken < FEW && !this.options.immediate)
        await new Promise<void>((done) => setTimeout(done, PAUSE));
      else await new Promise<void>((done) => setImmediate(done));
    }
    const end = this.memory.produced;
    while (!this.stopped && this.memory.taken < end) {
      this.memory.drain(take);
      // A record that is being written holds up those behind it.
      await new Promise<void>((done) => setImmediate(done));
    }
    if (!this.stopped && this.own?.size === 0) throw new Error(DISAPPEARED);
  }

  stop(): void {
    this.ending = true;
  }

  /** Makes a packet of a record and hands it on. */
  private record(offset: number, handler: PacketHandler): boolean {
    const words = this.memory.words;
    const at = offset >> 2;
    const packet = this.packet;
    const metadata = this.metadata;
    if (words[at + Execution.MARK / 4] === EXECUTION_MARK) {
      this.executions!.take(this.memory, offset);
      this.processes.forget(words[at + Execution.PID / 4]!);
      return true;
    }
    packet.metadata = metadata;
    if (this.drops !== null) {
      if (!this.drops.describe(this.memory, offset, packet)) return true;
    } else {
      const face = this.packetHooks.find(words[at + Field.NETNS / 4]!, words[at + Field.IFINDEX / 4]!);
      if (face === undefined) return true;
      packet.interface = face;
      packet.linkType = face.linkType;
      packet.offset = offset + Field.DATA;
    }
    const flags = words[at + Field.FLAGS / 4]!;
    let seconds = words[at]! + this.epoch.seconds;
    let nanoseconds = words[at + 1]! + this.epoch.nanoseconds;
    if (nanoseconds >= 1_000_000_000) {
      nanoseconds -= 1_000_000_000;
      seconds++;
    }
    packet.seconds = seconds;
    packet.nanoseconds = nanoseconds;
    packet.buffer = this.memory.bytes;
    packet.capturedLength = words[at + Field.CAPTURED / 4]!;
    packet.length = words[at + Field.LENGTH / 4]!;
    if ((flags & FLAG_NAMED_LATER) === 0) {
      metadata.process = this.processes.find(words, at + Field.OWNER / 4);
      metadata.threadId = words[at + (Field.OWNER + Owner.TID) / 4]!;
    } else if (!this.nameLater(packet, words, at)) return true;
    metadata.serviceClass = words[at + Field.SERVICE / 4]! | 0;
    metadata.direction = words[at + Field.DIRECTION / 4]! as 1 | 2;
    metadata.flags = flags & PACKET_FLAGS;
    metadata.flowId = words[at + Field.FLOW / 4]!;
    const tag = (flags & FLAG_VLAN) !== 0 ? words[at + Field.VLAN_TCI / 4]! : 0;
    if (this.filters.asksAgain) {
      const { facts } = this.filters;
      facts.packetType = metadata.direction === Direction.OUT ? PACKET_OUTGOING : 0;
      facts.interface = words[at + Field.IFINDEX / 4]!;
      facts.vlanPresent = (flags & FLAG_VLAN) !== 0 ? 1 : 0;
      facts.vlanTag = tag & 0xffff;
      facts.vlanProtocol = tag >>> 16;
      if (!this.filters.again(packet)) return true;
    }
    if ((flags & FLAG_VLAN) !== 0) {
      this.tags.restore(packet, tag >>> 16, tag & 0xffff, this.snapshotLength);
    }
    if (this.rest !== null && !this.rest(packet)) {
      this.refused++;
      return true;
    }
    return handler(packet);
  }

  /**
   * Names a packet by what its answer said, for which it is left in the ring for a moment.
   * @returns whether it is to be taken now
   */
  private nameLater(packet: Packet, words: Uint32Array, at: number): boolean {
    const { metadata, memory } = this;
    const owner = this.lateOwners!.find(packet, words[at + Field.NETNS / 4]!);
    metadata.process = owner === null ? null : this.processes.find(owner, 0);
    metadata.threadId = owner === null ? 0 : owner[Owner.TID / 4]!;
    if (owner !== null) return true;
    if (
      this.ending ||
      memory.isFilling ||
      milliseconds() - (words[at]! * 1000 + words[at + 1]! / 1e6) > ANSWERED_IN
    )
      return true;
    memory.hold();
    this.held = true;
    return false;
  }

  counts(): SourceCounts {
    if (this.finalCounts !== null) return this.finalCounts;
    const sums = [COUNT_RECEIVED, COUNT_NO_ROOM, COUNT_METADATA].map((key) =>
      sumCounter(this.loader.map('counters'), key),
    );
    return {
      received: sums[0]!,
      droppedByKernel: sums[1]!,
      droppedByInterface: 0,
      droppedByMetadataFilter: sums[2]! + this.refusedByMetadata,
    };
  }

  /** Of dropped packets, the packet filter's are not told from the metadata filter's. */
  private get refusedByMetadata(): number {
    const { metadataFilter, command } = this.options;
    return metadataFilter === null && !command ? 0 : this.refused;
  }

  /** @throws Error when it is closed */
  private requireOpen(): void {
    if (this.closed) throw new Error(`${this.name}: the tap is closed`);
  }

  launch(start: () => number | undefined): void {
    this.requireOpen();
    if (this.trees !== null) this.trees.launch(start, ownProcessId(this.loader.map('owners')));
    else this.descent.launch(start);
  }

  dropPrivileges(user: string | Credentials): void {
    this.requireOpen();
    dropPrivileges(user, { namespaces: this.options.networkNamespaces.length > 0, searches: false });
  }

  close(): void {
    if (this.closed) return;
    this.finalCounts = this.counts();
    this.closed = true;
    this.stopped = true;
    this.resources.close();
  }
}

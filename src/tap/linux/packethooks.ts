// The packet hooks: on every interface that is selected, in every namespace that is captured in, as they come and go.

import { milliseconds } from '../../builtin.js';
import { type Interface, makeInterface } from '../../packet/index.js';
import {
  AttachType,
  createLink,
  deleteFromMap,
  FIRST,
  libc,
  SystemError,
  updateMap,
} from '../../system/index.js';
import type { TapOptions } from '../tap.js';
import type { Loader, PacketHookSpec } from './ebpf/loader.js';
import { goesWithout } from './facilities.js';
import type { KernelFilters } from './filters.js';
import { attach as attachClsact, detach as detachClsact } from './network/clsact.js';
import { type Device, hasEthernetHeader, interfaceType, linkTypeOf } from './network/devices.js';
import { GracePeriods } from './network/graceperiods.js';
import type { NetworkNamespace } from './network/namespaces.js';
import { netmasks } from './network/netmask.js';
import { programsInFront, type Side } from './network/order.js';
import { NoAttachmentError } from './refusal.js';

const ENOENT = 2;
const EINVAL = 22;
const ENODEV = 19;
const EOPNOTSUPP = 95;

/** Interfaces remembered in a namespace, more than have packets waiting. */
const LIMIT = 4096;
/** Interfaces whose programs are loaded beforehand: others mostly share theirs. */
const PREPARED = 8;

/** Interfaces that take long where the kernel cannot be asked to hurry. */
const MANY = 50;

/** Milliseconds between two looks at who else is on the interfaces, and how many of these are looked at each time. */
const ORDER_EVERY = 2000;
const ORDER_AT_ONCE = 32;

interface Joined {
  readonly namespace: NetworkNamespace;
  readonly device: Device;
  readonly interface: Interface;
  readonly programs: { readonly in: number | null; readonly out: number | null };
  /** Descriptors of tcx links; none with clsact. */
  readonly attachments: number[];
}

export interface PacketHookOptions {
  readonly loader: Loader;
  readonly filters: KernelFilters;
  /** Whether the kernel follows the trees that the filter asks for. */
  readonly trees: boolean;
  /** Whether vanished interfaces are no error, and loopback shows both of its ends. */
  readonly tapped: boolean;
  readonly matches: (device: Device) => boolean;
  readonly tap: TapOptions;
}

export class PacketHooks {
  private readonly options: PacketHookOptions;
  private readonly joined = new Map<string, Joined>();
  /** Interfaces by the namespace's number and their own, also those that are gone: packets of theirs may wait. */
  private readonly known: Map<number, Interface>[] = [];
  private readonly told = new Set<string>();
  private readonly gracePeriods = new GracePeriods();
  /** Netmasks of a namespace's interfaces, while many are attached to at once. */
  private readonly masks = new Map<NetworkNamespace, Map<number, number>>();
  private looked = milliseconds();
  private unlooked: Joined[] = [];
  private clsact = process.env['PKTAP_ATTACH'] === 'clsact';

  constructor(options: PacketHookOptions) {
    this.options = options;
  }

  get interfaces(): Interface[] {
    return [...this.joined.values()].map((joined) => joined.interface);
  }

  /** The interface of a packet, undefined for one that was never joined. */
  find(namespace: number, index: number): Interface | undefined {
    return this.known[namespace]?.get(index);
  }

  /** Attaches to the interfaces that are there at the start. */
  async joinAll(devices: readonly { namespace: NetworkNamespace; device: Device }[]): Promise<void> {
    if (devices.length > MANY && !this.gracePeriods.hurries)
      this.options.tap.warn(
        `attaching to ${devices.length} interfaces, and detaching at the end, can take seconds: the kernel cannot be asked to hurry`,
      );
    await this.gracePeriods.undisturbed(devices.length, () => {
      for (const { namespace, device } of devices) this.join(namespace, device);
    });
  }

  /** Attaches to an interface. One that vanishes meanwhile is no error for a tap. */
  join(namespace: NetworkNamespace, device: Device): void {
    const key = `${namespace.number} ${device.index}`;
    if (this.joined.has(key)) return;
    const { loader } = this.options;
    const face = this.interfaceOf(namespace, device);
    if (device.peerNamespace !== null) this.tellPeer(namespace, device);
    const specs = this.specs(namespace, device, face);
    const programs = {
      in: specs.in === null ? null : loader.packetHook(specs.in),
      out: specs.out === null ? null : loader.packetHook(specs.out),
    };
    try {
      const attachments = namespace.within(() => this.attach(namespace, device, programs));
      const joined = { namespace, device, interface: face, programs, attachments };
      this.joined.set(key, joined);
      this.tellOrder(joined);
      this.remember(namespace, device.index, face);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== ENODEV || !this.options.tapped) throw error;
    }
  }

  /** Has the kernel verify the programs of some interfaces at once, before they are joined one by one. */
  async prepare(devices: readonly { namespace: NetworkNamespace; device: Device }[]): Promise<void> {
    const specs = devices
      .slice(0, PREPARED)
      .flatMap(({ namespace, device }) =>
        Object.values(this.specs(namespace, device, this.interfaceOf(namespace, device))),
      );
    await this.options.loader.prepare(specs.filter((spec) => spec !== null));
  }

  private masksOf(namespace: NetworkNamespace): Map<number, number> {
    let masks = this.masks.get(namespace);
    if (masks === undefined) {
      masks = netmasks(namespace.netlink);
      this.masks.set(namespace, masks);
    }
    return masks;
  }

  private interfaceOf(namespace: NetworkNamespace, device: Device): Interface {
    const { tap } = this.options;
    return makeInterface({
      name: namespace.qualified(device.name),
      description: device.alias,
      linkType: linkTypeOf(device),
      snapshotLength: tap.snapshotLength,
      index: device.index,
      type: interfaceType(device),
      mac: device.mac,
      os: 'Linux',
      filter: tap.expression,
      host: tap.host,
    });
  }

  /** The programs that an interface wants. */
  private specs(
    namespace: NetworkNamespace,
    device: Device,
    face: Interface,
  ): { in: PacketHookSpec | null; out: PacketHookSpec | null } {
    const { filters, tap, tapped, trees } = this.options;
    const linkHeader = hasEthernetHeader(device) ? 14 : 0;
    const netmask = (): number | null => this.masksOf(namespace).get(device.index) ?? null;
    const spec = (direction: 'in' | 'out'): PacketHookSpec => {
      const bodies = filters.forInterface(face, direction, trees, netmask);
      return { direction, linkHeader, netns: namespace.number, inode: namespace.inode, ...bodies };
    };
    const direction = tap.direction ?? 'inout';
    // A plain loopback device shows each packet once, as it comes in; the tap shows both of its ends.
    const wantsOut = direction === 'out' || (direction === 'inout' && (tapped || !device.loopback));
    return { in: direction === 'out' ? null : spec('in'), out: wantsOut ? spec('out') : null };
  }

  /** Interfaces of containers come and go: the oldest that is gone makes room. */
  private remember(namespace: NetworkNamespace, index: number, face: Interface): void {
    this.known[namespace.number] ??= new Map();
    const known = this.known[namespace.number]!;
    known.set(index, face);
    if (known.size <= LIMIT) return;
    for (const old of known.keys()) {
      if (this.joined.has(`${namespace.number} ${old}`)) continue;
      known.delete(old);
      return;
    }
  }

  private attach(
    namespace: NetworkNamespace,
    device: Device,
    programs: { in: number | null; out: number | null },
  ): number[] {
    const attachments: number[] = [];
    if (!this.clsact) {
      try {
        if (goesWithout('tcx')) throw new SystemError('PKTAP_WITHOUT', EINVAL);
        if (programs.in !== null)
          attachments.push(createLink(programs.in, device.index, AttachType.TCX_INGRESS, FIRST));
        if (programs.out !== null)
          attachments.push(createLink(programs.out, device.index, AttachType.TCX_EGRESS, FIRST));
        return attachments;
      } catch (error) {
        for (const fd of attachments) libc().close(fd);
        if (!(error instanceof SystemError) || error.errno !== EINVAL) throw error;
        this.clsact = true;
        const { verbose, warn } = this.options.tap;
        if (verbose > 0)
          warn(
            'done without tcx (6.6 has it): attached by clsact, which the next start sweeps after a kill -9',
          );
      }
    }
    this.attachClsact(namespace, device, programs);
    return [];
  }

  private attachClsact(
    namespace: NetworkNamespace,
    device: Device,
    programs: { in: number | null; out: number | null },
  ): void {
    try {
      if (goesWithout('clsact')) throw new SystemError('PKTAP_WITHOUT', ENOENT);
      attachClsact(namespace.netlink, device.index, programs);
    } catch (error) {
      // No interface has taken them yet: it is the kernel that cannot.
      const none = error instanceof SystemError && (error.errno === ENOENT || error.errno === EOPNOTSUPP);
      if (none && this.joined.size === 0) throw new NoAttachmentError(error.message, error.errno);
      throw error;
    }
  }

  /** Says, once for each, which other programs run before ours. */
  private tellOrder(joined: Joined): void {
    const { namespace, device, programs } = joined;
    for (const side of ['in', 'out'] as const) {
      if (programs[side] === null) continue;
      const own = joined.attachments.length > 0 ? programs[side] : null;
      for (const name of this.inFront(namespace, device, side, own)) {
        const line =
          `${namespace.qualified(device.name)}: ${name} runs before pktap on what ${side === 'in' ? 'comes in' : 'goes out'}: ` +
          'packets that it drops or redirects are not shown';
        if (this.told.has(line)) continue;
        if (this.told.size < LIMIT) this.told.add(line);
        this.options.tap.warn(line);
      }
    }
  }

  private inFront(namespace: NetworkNamespace, device: Device, side: Side, program: number | null): string[] {
    try {
      return namespace.within(() => programsInFront(namespace.netlink, device.index, side, program));
    } catch (error) {
      if (error instanceof SystemError) return []; // the interface is going
      throw error;
    }
  }

  /** Looks again, some interfaces at a time: a program that comes later may go in front of ours. */
  followOrder(): void {
    const now = milliseconds();
    if (now - this.looked < ORDER_EVERY) return;
    this.looked = now;
    if (this.unlooked.length === 0) this.unlooked = [...this.joined.values()];
    for (const joined of this.unlooked.splice(0, ORDER_AT_ONCE))
      if (this.joined.get(`${joined.namespace.number} ${joined.device.index}`) === joined)
        this.tellOrder(joined);
  }

  /** Tells the hooks which namespace is at a veth's other end. */
  private tellPeer(namespace: NetworkNamespace, device: Device): void {
    const value = new Uint8Array(new Int32Array([device.peerNamespace!]).buffer);
    updateMap(this.options.loader.map('peers'), peerKey(namespace, device), value, 0);
  }

  private leave(joined: Joined): void {
    for (const fd of joined.attachments) libc().close(fd);
    const { namespace, device } = joined;
    if (device.peerNamespace !== null)
      deleteFromMap(this.options.loader.map('peers'), peerKey(namespace, device));
    this.joined.delete(`${joined.namespace.number} ${joined.device.index}`);
  }

  /** An interface came, went or changed its name. */
  follow(namespace: NetworkNamespace, device: Device, gone: boolean): void {
    const joined = this.joined.get(`${namespace.number} ${device.index}`);
    if (gone || (joined !== undefined && joined.device.name !== device.name)) {
      if (joined !== undefined) this.leave(joined);
      if (gone) return;
    }
    if (!this.options.matches(device)) return;
    this.masks.clear();
    if (device.peerNamespace !== null) this.tellPeer(namespace, device);
    try {
      this.join(namespace, device);
    } catch (error) {
      this.options.tap.warn(`${namespace.qualified(device.name)}: ${(error as Error).message}`);
    }
  }

  close(): void {
    try {
      this.gracePeriods.during(this.joined.size, () => this.leaveAll());
    } finally {
      this.gracePeriods.close();
    }
  }

  private leaveAll(): void {
    for (const joined of [...this.joined.values()]) {
      if (this.clsact) {
        try {
          detachClsact(joined.namespace.netlink, joined.device.index);
        } catch (error) {
          if (!(error instanceof SystemError)) throw error;
        }
      }
      this.leave(joined);
    }
  }
}

/** Key of the map `peers`. */
function peerKey(namespace: NetworkNamespace, device: Device): Uint8Array {
  return new Uint8Array(new Uint32Array([namespace.number, device.index]).buffer);
}

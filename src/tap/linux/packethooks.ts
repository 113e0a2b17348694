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
import { hasEthernetHeader, interfaceType, type Link, linkTypeOf } from './network/devices.js';
import { GracePeriods } from './network/graceperiods.js';
import type { NetworkSpace } from './network/namespaces.js';
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
  readonly space: NetworkSpace;
  readonly link: Link;
  readonly interface: Interface;
  readonly programs: { readonly in: number | null; readonly out: number | null };
  /** Descriptors of tcx links; none with clsact. */
  readonly links: number[];
}

export interface PacketHookOptions {
  readonly loader: Loader;
  readonly filters: KernelFilters;
  /** Whether the kernel follows the trees that the filter asks for. */
  readonly trees: boolean;
  /** Whether vanished interfaces are no error, and loopback shows both of its ends. */
  readonly tapped: boolean;
  readonly matches: (link: Link) => boolean;
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
  private readonly masks = new Map<NetworkSpace, Map<number, number>>();
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
  find(space: number, index: number): Interface | undefined {
    return this.known[space]?.get(index);
  }

  /** Attaches to the interfaces that are there at the start. */
  async joinAll(links: readonly { space: NetworkSpace; link: Link }[]): Promise<void> {
    if (links.length > MANY && !this.gracePeriods.hurries)
      this.options.tap.warn(
        `attaching to ${links.length} interfaces, and detaching at the end, can take seconds: the kernel cannot be asked to hurry`,
      );
    await this.gracePeriods.undisturbed(links.length, () => {
      for (const { space, link } of links) this.join(space, link);
    });
  }

  /** Attaches to an interface. One that vanishes meanwhile is no error for a tap. */
  join(space: NetworkSpace, link: Link): void {
    const key = `${space.number} ${link.index}`;
    if (this.joined.has(key)) return;
    const { loader } = this.options;
    const face = this.interfaceOf(space, link);
    if (link.peerNamespace !== null) this.tellPeer(space, link);
    const specs = this.specs(space, link, face);
    const programs = {
      in: specs.in === null ? null : loader.packetHook(specs.in),
      out: specs.out === null ? null : loader.packetHook(specs.out),
    };
    try {
      const links = space.within(() => this.attach(space, link, programs));
      const joined = { space, link, interface: face, programs, links };
      this.joined.set(key, joined);
      this.tellOrder(joined);
      this.remember(space, link.index, face);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== ENODEV || !this.options.tapped) throw error;
    }
  }

  /** Has the kernel verify the programs of some interfaces at once, before they are joined one by one. */
  async prepare(links: readonly { space: NetworkSpace; link: Link }[]): Promise<void> {
    const specs = links
      .slice(0, PREPARED)
      .flatMap(({ space, link }) => Object.values(this.specs(space, link, this.interfaceOf(space, link))));
    await this.options.loader.prepare(specs.filter((spec) => spec !== null));
  }

  private masksOf(space: NetworkSpace): Map<number, number> {
    let masks = this.masks.get(space);
    if (masks === undefined) {
      masks = netmasks(space.netlink);
      this.masks.set(space, masks);
    }
    return masks;
  }

  private interfaceOf(space: NetworkSpace, link: Link): Interface {
    const { tap } = this.options;
    return makeInterface({
      name: space.qualified(link.name),
      description: link.alias,
      linkType: linkTypeOf(link),
      snapshotLength: tap.snapshotLength,
      index: link.index,
      type: interfaceType(link),
      mac: link.mac,
      os: 'Linux',
      filter: tap.expression,
    });
  }

  /** The programs that an interface wants. */
  private specs(
    space: NetworkSpace,
    link: Link,
    face: Interface,
  ): { in: PacketHookSpec | null; out: PacketHookSpec | null } {
    const { filters, tap, tapped, trees } = this.options;
    const linkHeader = hasEthernetHeader(link) ? 14 : 0;
    const netmask = (): number | null => this.masksOf(space).get(link.index) ?? null;
    const spec = (direction: 'in' | 'out'): PacketHookSpec => {
      const bodies = filters.forInterface(face, direction, trees, netmask);
      return { direction, linkHeader, netns: space.number, inode: space.inode, ...bodies };
    };
    const direction = tap.direction ?? 'inout';
    // A plain loopback device shows each packet once, as it comes in; the tap shows both of its ends.
    const wantsOut = direction === 'out' || (direction === 'inout' && (tapped || !link.loopback));
    return { in: direction === 'out' ? null : spec('in'), out: wantsOut ? spec('out') : null };
  }

  /** Interfaces of containers come and go: the oldest that is gone makes room. */
  private remember(space: NetworkSpace, index: number, face: Interface): void {
    this.known[space.number] ??= new Map();
    const known = this.known[space.number]!;
    known.set(index, face);
    if (known.size <= LIMIT) return;
    for (const old of known.keys()) {
      if (this.joined.has(`${space.number} ${old}`)) continue;
      known.delete(old);
      return;
    }
  }

  private attach(
    space: NetworkSpace,
    link: Link,
    programs: { in: number | null; out: number | null },
  ): number[] {
    const links: number[] = [];
    if (!this.clsact) {
      try {
        if (goesWithout('tcx')) throw new SystemError('PKTAP_WITHOUT', EINVAL);
        if (programs.in !== null)
          links.push(createLink(programs.in, link.index, AttachType.TCX_INGRESS, FIRST));
        if (programs.out !== null)
          links.push(createLink(programs.out, link.index, AttachType.TCX_EGRESS, FIRST));
        return links;
      } catch (error) {
        for (const fd of links) libc().close(fd);
        if (!(error instanceof SystemError) || error.errno !== EINVAL) throw error;
        this.clsact = true;
        const { verbose, warn } = this.options.tap;
        if (verbose > 0)
          warn(
            'done without tcx (6.6 has it): attached by clsact, which the next start sweeps after a kill -9',
          );
      }
    }
    this.attachClsact(space, link, programs);
    return [];
  }

  private attachClsact(
    space: NetworkSpace,
    link: Link,
    programs: { in: number | null; out: number | null },
  ): void {
    try {
      if (goesWithout('clsact')) throw new SystemError('PKTAP_WITHOUT', ENOENT);
      attachClsact(space.netlink, link.index, programs);
    } catch (error) {
      // No interface has taken them yet: it is the kernel that cannot.
      const none = error instanceof SystemError && (error.errno === ENOENT || error.errno === EOPNOTSUPP);
      if (none && this.joined.size === 0) throw new NoAttachmentError(error.message, error.errno);
      throw error;
    }
  }

  /** Says, once for each, which other programs run before ours. */
  private tellOrder(joined: Joined): void {
    const { space, link, programs } = joined;
    for (const side of ['in', 'out'] as const) {
      if (programs[side] === null) continue;
      const own = joined.links.length > 0 ? programs[side] : null;
      for (const name of this.inFront(space, link, side, own)) {
        const line =
          `${space.qualified(link.name)}: ${name} runs before pktap on what ${side === 'in' ? 'comes in' : 'goes out'}: ` +
          'packets that it drops or redirects are not shown';
        if (this.told.has(line)) continue;
        if (this.told.size < LIMIT) this.told.add(line);
        this.options.tap.warn(line);
      }
    }
  }

  private inFront(space: NetworkSpace, link: Link, side: Side, program: number | null): string[] {
    try {
      return space.within(() => programsInFront(space.netlink, link.index, side, program));
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
      if (this.joined.get(`${joined.space.number} ${joined.link.index}`) === joined) this.tellOrder(joined);
  }

  /** Tells the hooks which namespace is at a veth's other end. */
  private tellPeer(space: NetworkSpace, link: Link): void {
    const value = new Uint8Array(new Int32Array([link.peerNamespace!]).buffer);
    updateMap(this.options.loader.map('peers'), peerKey(space, link), value, 0);
  }

  private leave(joined: Joined): void {
    for (const fd of joined.links) libc().close(fd);
    const { space, link } = joined;
    if (link.peerNamespace !== null) deleteFromMap(this.options.loader.map('peers'), peerKey(space, link));
    this.joined.delete(`${joined.space.number} ${joined.link.index}`);
  }

  /** An interface came, went or changed its name. */
  follow(space: NetworkSpace, link: Link, gone: boolean): void {
    const joined = this.joined.get(`${space.number} ${link.index}`);
    if (gone || (joined !== undefined && joined.link.name !== link.name)) {
      if (joined !== undefined) this.leave(joined);
      if (gone) return;
    }
    if (!this.options.matches(link)) return;
    this.masks.clear();
    if (link.peerNamespace !== null) this.tellPeer(space, link);
    try {
      this.join(space, link);
    } catch (error) {
      this.options.tap.warn(`${space.qualified(link.name)}: ${(error as Error).message}`);
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
          detachClsact(joined.space.netlink, joined.link.index);
        } catch (error) {
          if (!(error instanceof SystemError)) throw error;
        }
      }
      this.leave(joined);
    }
  }
}

/** Key of the map `peers`. */
function peerKey(space: NetworkSpace, link: Link): Uint8Array {
  return new Uint8Array(new Uint32Array([space.number, link.index]).buffer);
}

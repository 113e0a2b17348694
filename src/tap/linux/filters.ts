// The two filters: what the kernel runs of them, and what is asked here.

import {
  asksForNetmask,
  compileMetadataFilter,
  type LiveExpression,
  type LiveFacts,
  type LiveFilter,
  type LiveProposal,
  type MetadataFilter,
  proposeLive,
} from '../../filter/index.js';
import { Direction, type Interface, LinkType, type Packet, type PacketFilter } from '../../packet/index.js';
import type { TapOptions } from '../tap.js';
import type { GeneratedInstruction } from './ebpf/linker.js';
import { constantFilter } from './ebpf/loader.js';

/** Bodies for one interface and direction; null where every packet passes. */
export interface HookFilters {
  readonly packetFilter: readonly GeneratedInstruction[] | null;
  readonly metadataFilter: readonly GeneratedInstruction[] | null;
  /** Whether the metadata filter only asks which process it is. */
  readonly ofOwner: boolean;
}

/** Link types of live interfaces, where none is there to ask. */
const LIVE: readonly number[] = [LinkType.ETHERNET, LinkType.RAW];
const PACKET_OUTGOING = 4;
const REJECTS_ALL = 'expression rejects all packets';
const nothing: LiveFilter = () => false;

export class KernelFilters {
  /** Process IDs of the trees that the metadata filter asks for. */
  readonly trees: readonly number[];
  /** Whether `again` must be asked for every packet. */
  asksAgain = false;
  /** Filled in for each packet that `again` is asked for. */
  readonly facts: LiveFacts = {
    packetType: 0,
    interface: 0,
    protocol: 0,
    vlanTag: 0,
    vlanProtocol: 0,
    vlanPresent: 0,
  };
  private readonly options: TapOptions;
  /** The packet filter's text; null: there is none. */
  private readonly text: string | null;
  private readonly metadata: MetadataFilter | null;
  /** Packet filters by link type and netmask; null: it makes no sense for that. */
  private readonly compiled = new Map<string, LiveExpression | null>();
  /** Those of them that are not sure to be right yet; null: all are from now on. */
  private proposed: Map<string, LiveProposal> | null = new Map();
  /** What the kernel did not answer whole. */
  private readonly inUserSpace = new WeakMap<Interface, LiveExpression>();
  private readonly told = new Set<string>();

  /**
   * @param linkTypes of the interfaces that are there
   * @throws Error when a filter does not compile, the packet filter for none of them
   */
  constructor(options: TapOptions, linkTypes: readonly number[]) {
    this.options = options;
    this.text = options.expression === '' ? null : options.expression;
    this.metadata = compileMetadataFilter(options.metadataFilter, options.command);
    this.trees = this.metadata?.trees ?? [];
    if (this.text === null) return;
    const failures = [...new Set(linkTypes.length === 0 ? LIVE : linkTypes)].map((linkType) => {
      try {
        this.expression(linkType, 0);
        return null;
      } catch (error) {
        return error as Error;
      }
    });
    const [failure] = failures;
    if (failures.every((one) => one !== null)) throw failure;
    for (const one of failures) if (one !== null && linkTypes.length > 0) this.tellSenseless(one);
  }

  /**
   * Makes sure that packet filters are right, those that are compiled later too: before any of them is asked. It takes milliseconds, in
   * which the kernel can verify what most likely stays.
   */
  confirm(): void {
    for (const [key, proposal] of this.proposed ?? []) this.compiled.set(key, proposal.confirm());
    this.proposed = null;
  }

  /**
   * What the kernel cannot answer.
   * @param trees whether it follows the trees
   */
  rest(trees: boolean): PacketFilter | null {
    return this.metadata === null || this.metadata.inKernel(trees) ? null : this.metadata.matches;
  }

  /** The metadata filter and the direction in user space, for packets that no hook of ours has asked. */
  all(direction: 'in' | 'out' | 'inout' | null): PacketFilter {
    const filters: PacketFilter[] = [];
    if (direction === 'in' || direction === 'out') {
      const wanted = direction === 'in' ? 1 : 2;
      filters.push((packet) => packet.metadata!.direction === wanted);
    }
    if (this.metadata !== null) filters.push(this.metadata.matches);
    return (packet) => filters.every((filter) => filter(packet));
  }

  /** The packet filter in user space, for packets of whatever interface that have no tags beside their bytes. */
  untagged(): PacketFilter | null {
    if (this.text === null) return null;
    const filters = new Map<number, LiveFilter>();
    return (packet) => {
      let filter = filters.get(packet.linkType);
      if (filter === undefined) {
        filter = this.sensible(packet.linkType, 0)?.matches ?? nothing;
        filters.set(packet.linkType, filter);
      }
      this.facts.packetType = packet.metadata!.direction === Direction.OUT ? PACKET_OUTGOING : 0;
      this.facts.interface = packet.interface?.index ?? 0;
      return filter(packet.buffer, packet.offset, packet.capturedLength, packet.length, this.facts);
    };
  }

  /**
   * The packet filter in user space, for one interface.
   * @param netmask finds the interface's netmask
   */
  forUserSpace(face: Interface, netmask: () => number | null): LiveFilter | null {
    if (this.text === null) return null;
    return this.sensible(face.linkType, this.maskFor(face, netmask))?.matches ?? nothing;
  }

  /**
   * @param trees whether the kernel follows the trees
   * @param netmask finds the interface's netmask
   */
  forInterface(
    face: Interface,
    direction: 'in' | 'out',
    trees: boolean,
    netmask: () => number | null,
  ): HookFilters {
    const hook = { interface: face, direction, trees: trees ? this.trees : [] };
    const metadata = this.metadata?.forKernel(hook) ?? true;
    return {
      packetFilter: this.packetFilter(face, direction === 'out', netmask),
      metadataFilter: metadata === true ? null : metadata === false ? constantFilter(false) : metadata,
      ofOwner: this.metadata?.ofOwner ?? false,
    };
  }

  private packetFilter(
    face: Interface,
    outgoing: boolean,
    netmask: () => number | null,
  ): readonly GeneratedInstruction[] | null {
    if (this.text === null) return null;
    const expression = this.sensible(face.linkType, this.maskFor(face, netmask));
    if (expression === null) return constantFilter(false);
    const { body, exact } = expression.forKernel(outgoing);
    if (!exact) {
      this.asksAgain = true;
      this.inUserSpace.set(face, expression);
    }
    if (body === null)
      this.tell('the packet filter is too large for the kernel: every packet is copied before it is asked');
    return body;
  }

  /** Asks the packet filter here, with `facts` filled in; the packet's tag is not among its bytes. */
  again({ interface: face, buffer, offset, capturedLength, length }: Packet): boolean {
    const filter = face === null ? undefined : this.inUserSpace.get(face)?.matches;
    return filter === undefined || filter(buffer, offset, capturedLength, length, this.facts);
  }

  /** An interface's netmask where the filter asks for it, as tcpdump has it: 0 where there is none. */
  private maskFor(face: Interface, netmask: () => number | null): number {
    if (!asksForNetmask(this.text!)) return 0;
    const mask = netmask();
    if (mask === null)
      this.tell(`${face.name}: no IPv4 address assigned, so broadcast means 255.255.255.255`);
    return mask ?? 0;
  }

  /** @returns the packet filter for a link type; null, once said: it makes no sense for that, and nothing matches */
  private sensible(linkType: number, netmask: number): LiveExpression | null {
    const known = this.compiled.get(`${linkType} ${netmask}`);
    if (known !== undefined) return known;
    try {
      return this.expression(linkType, netmask);
    } catch (error) {
      this.tellSenseless(error as Error);
      this.compiled.set(`${linkType} ${netmask}`, null);
      return null;
    }
  }

  /** @throws Error where it makes no sense */
  private expression(linkType: number, netmask: number): LiveExpression {
    const key = `${linkType} ${netmask}`;
    let found = this.compiled.get(key);
    if (found === undefined || found === null) {
      const { snapshotLength, optimize } = this.options;
      const proposal = proposeLive(this.text!, { linkType, snapshotLength, optimize, netmask });
      this.proposed?.set(key, proposal);
      found = this.proposed === null ? proposal.confirm() : proposal.expression;
      this.compiled.set(key, found);
      if (found.lacks !== null) this.tell(found.lacks);
    }
    return found;
  }

  private tellSenseless({ message }: Error): void {
    // What refuses all packets of one kind may take others: it is no less than was asked for.
    if (message !== REJECTS_ALL)
      this.tell(`packets that the packet filter makes no sense for do not match it: ${message}`);
  }

  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.options.warn(message);
  }
}

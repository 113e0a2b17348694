// The two filters, asked here for each packet: a packet filter is compiled for each link type, as behind a PKTAP header all of them come.

import {
  asksForNetmask,
  compileExpression,
  compileMetadataFilter,
  type MetadataFilter,
  type PacketExpression,
} from '../../filter/index.js';
import { Direction, LinkType, type Packet, type PacketFilter } from '../../packet/index.js';
import type { TapOptions } from '../tap.js';

const REJECTS_ALL = 'expression rejects all packets';
/** Those that most Macs' packets have: what makes sense for none of them cannot be parsed, most likely. */
const USUAL: readonly number[] = [LinkType.ETHERNET, LinkType.NULL, LinkType.RAW];
/** Compiled filters at most: link types come from packets. */
const MOST = 1024;

export class DarwinFilters {
  readonly metadata: MetadataFilter | null;
  /** What is asked of a packet once its processes are known: direction and metadata filter. */
  readonly known: PacketFilter;
  private readonly text: string | null;
  private readonly compiled = new Map<string, PacketFilter | null>();
  private readonly told = new Set<string>();
  private lastInterface: unknown = null;
  private lastLinkType = -1;
  private last: PacketFilter | null = null;

  /**
   * @param linkType of a device's packets; null: a tap's, which have several
   * @param netmask of an interface by its name
   * @throws FilterSyntaxError
   */
  constructor(
    private readonly options: TapOptions,
    linkType: number | null,
    private readonly netmask: (name: string) => number | null,
  ) {
    this.text = options.expression === '' ? null : options.expression;
    this.metadata = compileMetadataFilter(options.metadataFilter, options.command);
    this.known = this.knownFilter(linkType === null);
    if (this.text !== null) this.check(linkType === null ? USUAL : [linkType]);
  }

  /** @throws FilterSyntaxError when the packet filter makes sense for none of them */
  private check(linkTypes: readonly number[]): void {
    let failure: unknown = null;
    for (const linkType of linkTypes) {
      try {
        this.compile(linkType, 0);
        return;
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  /** @param tapped whether packets say their direction: else the descriptor has been asked for it */
  private knownFilter(tapped: boolean): PacketFilter {
    const { direction } = this.options;
    const wanted = !tapped ? 0 : direction === 'in' ? Direction.IN : direction === 'out' ? Direction.OUT : 0;
    const matches = this.metadata?.matches ?? null;
    return (packet) =>
      (wanted === 0 || packet.metadata?.direction === wanted) && (matches === null || matches(packet));
  }

  /** The packet filter's answer. */
  takes(packet: Packet): boolean {
    if (this.text === null) return true;
    if (packet.interface !== this.lastInterface || packet.linkType !== this.lastLinkType) {
      this.lastInterface = packet.interface;
      this.lastLinkType = packet.linkType;
      this.last = this.forPacket(packet);
    }
    return this.last?.(packet) ?? false;
  }

  private forPacket({ linkType, interface: face }: Packet): PacketFilter | null {
    let mask = 0;
    if (asksForNetmask(this.text!)) {
      const found = face === null ? null : this.netmask(face.name);
      if (found === null)
        this.tell(`${face?.name ?? '?'}: no IPv4 address assigned, so broadcast means 255.255.255.255`);
      mask = found ?? 0;
    }
    const key = `${linkType} ${mask}`;
    let filter = this.compiled.get(key);
    if (filter !== undefined) return filter;
    try {
      filter = this.compile(linkType, mask).matches;
    } catch (error) {
      const { message } = error as Error;
      // What refuses all packets of one kind may take others: it is no less than was asked for.
      if (message !== REJECTS_ALL)
        this.tell(`packets that the packet filter makes no sense for do not match it: ${message}`);
      filter = null;
    }
    if (this.compiled.size >= MOST) this.compiled.clear();
    this.compiled.set(key, filter);
    return filter;
  }

  private compile(linkType: number, netmask: number): PacketExpression {
    const { snapshotLength, optimize } = this.options;
    return compileExpression(this.text!, { linkType, snapshotLength, optimize, netmask });
  }

  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.options.warn(message);
  }
}

// The two filters, as far as the kernel runs them.

import {
  compileExpression,
  compileExpressions,
  compileMetadataFilter,
  type MetadataFilter,
} from '../../filter/index.js';
import type { Interface, PacketFilter } from '../../packet/index.js';
import type { TapOptions } from '../index.js';
import type { GeneratedInstruction } from './linker.js';
import { constantFilter } from './loader.js';

/** Bodies for one interface and direction; null where every packet passes. */
export interface HookFilters {
  readonly packetFilter: readonly GeneratedInstruction[] | null;
  readonly metadataFilter: readonly GeneratedInstruction[] | null;
  /** Whether the metadata filter only asks which process it is. */
  readonly ofOwner: boolean;
}

export class KernelFilters {
  /** Process IDs of the trees that the metadata filter asks for. */
  readonly trees: readonly number[];
  private readonly options: TapOptions;
  private readonly metadata: MetadataFilter | null;
  private readonly byLinkType = new Map<number, readonly GeneratedInstruction[]>();

  /** @throws Error when a filter does not compile */
  constructor(options: TapOptions, linkType: number) {
    this.options = options;
    this.metadata = compileMetadataFilter(options.metadataFilter, options.command);
    this.trees = this.metadata?.trees ?? [];
    if (options.expression !== null && options.expression !== '') this.expression(linkType, true);
  }

  /**
   * What the kernel cannot answer.
   * @param trees whether it follows the trees
   */
  rest(trees: boolean): PacketFilter | null {
    return this.metadata === null || this.metadata.inKernel(trees) ? null : this.metadata.matches;
  }

  /** Both filters and the direction in user space, for packets that no hook of ours has asked. */
  all(direction: 'in' | 'out' | 'inout' | null): PacketFilter {
    const { expression, snapshotLength, optimize } = this.options;
    const filters: PacketFilter[] = [];
    if (direction === 'in' || direction === 'out') {
      const wanted = direction === 'in' ? 1 : 2;
      filters.push((packet) => packet.metadata!.direction === wanted);
    }
    if (this.metadata !== null) filters.push(this.metadata.matches);
    if (expression !== null && expression !== '')
      filters.push(compileExpressions(expression, snapshotLength, optimize));
    return (packet) => filters.every((filter) => filter(packet));
  }

  /**
   * @param trees whether the kernel follows the trees
   * @returns null when no packet of that interface and direction can pass
   */
  forInterface(face: Interface, direction: 'in' | 'out', trees: boolean): HookFilters | null {
    const hook = { interface: face, direction, trees: trees ? this.trees : [] };
    const metadata = this.metadata?.forKernel(hook) ?? true;
    const wanted = this.options.expression !== null && this.options.expression !== '';
    return {
      packetFilter: wanted ? this.expression(face.linkType, false) : null,
      metadataFilter: metadata === true ? null : metadata === false ? constantFilter(false) : metadata,
      ofOwner: this.metadata?.ofOwner ?? false,
    };
  }

  /** The packet filter for a link type; one that makes no sense for it matches nothing, unless that is an error. */
  private expression(linkType: number, strict: boolean): readonly GeneratedInstruction[] {
    let body = this.byLinkType.get(linkType);
    if (body === undefined) {
      const { snapshotLength, optimize } = this.options;
      try {
        body = compileExpression(this.options.expression!, {
          linkType,
          snapshotLength,
          optimize,
        }).forKernel();
      } catch (error) {
        if (strict) throw error;
        body = constantFilter(false);
      }
      this.byLinkType.set(linkType, body);
    }
    return body;
  }
}

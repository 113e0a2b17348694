// The two filters, as far as the kernel runs them.

import type { Interface, PacketFilter } from '../../packet/index.js';
import type { TapOptions } from '../index.js';
import type { GeneratedInstruction } from './linker.js';

/** Bodies for one interface and direction; null where every packet passes. */
export interface HookFilters {
  readonly packetFilter: readonly GeneratedInstruction[] | null;
  readonly metadataFilter: readonly GeneratedInstruction[] | null;
}

export class KernelFilters {
  /** What the kernel cannot answer. */
  readonly rest: PacketFilter | null = null;

  constructor(_options: TapOptions) {}

  /** @returns null when no packet of that interface and direction can pass */
  forInterface(_face: Interface, _direction: 'in' | 'out'): HookFilters | null {
    return { packetFilter: null, metadataFilter: null };
  }
}

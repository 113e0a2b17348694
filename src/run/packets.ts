// What is done with each packet of a run, on whichever thread.

import { Headers } from '../decode/index.js';
import type { Expressions } from '../filter/index.js';
import {
  type Output,
  type Packet,
  type PacketFilter,
  type PacketHandler,
  passesDirection,
} from '../packet/index.js';
import type { RunSpec } from './spec.js';

/** What a run has counted. */
export interface Taken {
  /** Packets that passed the filters, and those of them that were not skipped. */
  seen: number;
  captured: number;
}

/** The packet filter, not compiled yet; null where there is none. */
export async function packetExpressions({ filter, snapshotLength }: RunSpec): Promise<Expressions | null> {
  const { expression, optimize } = filter;
  if (expression === null || expression === '') return null;
  const { Expressions } = await import('../filter/index.js');
  return new Expressions(expression, { snapshotLength, optimize });
}

/** Filters of a run over a file. */
export async function userFilters(
  { filter: { direction, metadata } }: RunSpec,
  expressions: Expressions | null,
): Promise<PacketFilter[]> {
  const filters: PacketFilter[] = [];
  const direct = passesDirection(direction);
  if (direct !== null) filters.push(direct);
  if (metadata !== null) {
    const { compileMetadataFilter } = await import('../filter/metadata/index.js');
    filters.push(compileMetadataFilter(metadata).matches);
  }
  if (expressions !== null) filters.push(expressions.matches);
  return filters;
}

/** Passes packets through the filters to the outputs, and counts them. */
export function packetHandler(
  { headersOnly, skip, count }: RunSpec,
  filters: readonly PacketFilter[],
  outputs: readonly Pick<Output, 'packet' | 'skip'>[],
  taken: Taken,
): PacketHandler {
  const headers = headersOnly ? new Headers() : null;
  return (packet: Packet): boolean => {
    for (let i = 0; i < filters.length; i++) if (!filters[i]!(packet)) return true;
    if (++taken.seen <= skip) {
      for (const output of outputs) output.skip?.();
      return true;
    }
    taken.captured++;
    if (headers?.read(packet)) packet.capturedLength = headers.headersLength(packet);
    for (let i = 0; i < outputs.length; i++) outputs[i]!.packet(packet);
    return taken.captured !== count;
  };
}

/** Prints one of so many packets, and counts the others. */
class Sampled implements Output {
  private seen = 0;

  constructor(
    private readonly text: Output,
    private readonly every: number,
  ) {}

  packet(packet: Packet): void {
    if (++this.seen % this.every === 0) this.text.packet(packet);
    else this.text.skip?.();
  }

  skip(): void {
    this.seen++;
    this.text.skip?.();
  }

  flush(): void {
    this.text.flush();
  }

  close(): void {
    this.text.close();
  }
}

/** Prints what is sampled alone, where not everything is printed. */
export function sampled(text: Output, { sampling }: { readonly sampling: number }): Output {
  return sampling > 1 ? new Sampled(text, sampling) : text;
}

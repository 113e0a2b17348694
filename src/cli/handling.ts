// What is done with each packet of a run, on whichever thread.

import { readFileSync } from 'node:fs';
import {
  headersLength,
  type Output,
  type Packet,
  type PacketFilter,
  type PacketHandler,
} from '../packet/index.js';
import type { PacketPrinter } from '../print/index.js';
import { ArgumentError, type Arguments } from './arguments.js';

/** What a run has counted. */
export interface Taken {
  /** Packets that passed the filters, and those of them that were not skipped. */
  seen: number;
  captured: number;
}

/** The packet filter's text: of the command line, or of -F's file. */
export function expressionText(parsed: Arguments): string | null {
  if (parsed.expressionFile === null) return parsed.expression;
  try {
    return readFileSync(parsed.expressionFile, 'utf8').trim();
  } catch (error) {
    const text =
      (error as { code?: string }).code === 'ENOENT' ? 'No such file or directory' : 'Permission denied';
    throw new ArgumentError(`can't open ${parsed.expressionFile}: ${text}`);
  }
}

/** Filters of a run, those that the source has not answered itself. */
export async function userFilters(parsed: Arguments, expression: string | null): Promise<PacketFilter[]> {
  const filters: PacketFilter[] = [];
  if (parsed.direction === 'in' || parsed.direction === 'out') {
    const wanted = parsed.direction === 'in' ? 1 : 2;
    const other = 3 - wanted;
    // Most files say nothing of directions; tcpdump asks for none of theirs.
    filters.push((packet) => packet.metadata === null || packet.metadata.direction !== other);
  }
  if (parsed.metadataFilter !== null) {
    const { compileMetadataFilter } = await import('../filter/index.js');
    filters.push(compileMetadataFilter(parsed.metadataFilter).matches);
  }
  if (expression !== null && expression !== '') {
    const { compileExpressions } = await import('../filter/index.js');
    filters.push(compileExpressions(expression, parsed.snapshotLength, parsed.optimize));
  }
  return filters;
}

/** Passes packets through the filters to the outputs, and counts them. */
export function packetHandler(
  parsed: Arguments,
  filters: readonly PacketFilter[],
  file: Output | null,
  text: PacketPrinter | null,
  taken: Taken,
): PacketHandler {
  const { truncate } = parsed;
  return (packet: Packet): boolean => {
    for (let i = 0; i < filters.length; i++) if (!filters[i]!(packet)) return true;
    if (++taken.seen <= parsed.skip) {
      text?.skip();
      return true;
    }
    taken.captured++;
    if (truncate) packet.capturedLength = headersLength(packet);
    if (file !== null) file.packet(packet);
    if (text !== null) {
      if (parsed.sampling > 1 && taken.seen % parsed.sampling !== 0) text.skip();
      else text.packet(packet);
    }
    return taken.captured !== parsed.count;
  };
}

// What is done with each packet of a run, on whichever thread.

import { readFileSync } from 'node:fs';
import { ArgumentError, type Arguments } from '../cli/arguments.js';
import { Headers } from '../decode/index.js';
import type { Expressions } from '../filter/index.js';
import {
  Direction,
  type Output,
  type Packet,
  type PacketFilter,
  type PacketHandler,
} from '../packet/index.js';
import type { PacketPrinter } from './printing.js';

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
    // From # to the end of its line is a comment, as in tcpdump's files.
    return readFileSync(parsed.expressionFile, 'utf8')
      .replaceAll(/#[^\n]*/g, '')
      .trim();
  } catch (error) {
    const text =
      (error as { code?: string }).code === 'ENOENT' ? 'No such file or directory' : 'Permission denied';
    throw new ArgumentError(`can't open ${parsed.expressionFile}: ${text}`);
  }
}

/** The packet filter, not compiled yet; null where there is none. */
export async function packetExpressions(
  { snapshotLength, optimize }: Arguments,
  expression: string | null,
): Promise<Expressions | null> {
  if (expression === null || expression === '') return null;
  const filter = await import('../filter/index.js');
  return new filter.Expressions(expression, { snapshotLength, optimize });
}

/** Filters of a run over a file. */
export async function userFilters(
  parsed: Arguments,
  expressions: Expressions | null,
): Promise<PacketFilter[]> {
  const filters: PacketFilter[] = [];
  if (parsed.direction === 'in' || parsed.direction === 'out') {
    const other = parsed.direction === 'in' ? Direction.OUT : Direction.IN;
    // Most files say nothing of directions; tcpdump asks for none of theirs.
    filters.push((packet) => packet.metadata === null || packet.metadata.direction !== other);
  }
  if (parsed.metadataFilter !== null) {
    const { compileMetadataFilter } = await import('../filter/index.js');
    filters.push(compileMetadataFilter(parsed.metadataFilter).matches);
  }
  if (expressions !== null) filters.push(expressions.matches);
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
  const headers = parsed.truncate ? new Headers() : null;
  return (packet: Packet): boolean => {
    for (let i = 0; i < filters.length; i++) if (!filters[i]!(packet)) return true;
    if (++taken.seen <= parsed.skip) {
      text?.skip();
      return true;
    }
    taken.captured++;
    if (headers?.read(packet)) packet.capturedLength = headers.headersLength(packet);
    if (file !== null) file.packet(packet);
    if (text !== null) {
      if (parsed.sampling > 1 && taken.seen % parsed.sampling !== 0) text.skip();
      else text.packet(packet);
    }
    return taken.captured !== parsed.count;
  };
}

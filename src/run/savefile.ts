// A savefile for the library: read with filters, as openTap captures with them.

import type { OpenOptions, Savefile } from '../savefile/index.js';
import { packetExpressions, userFilters } from './packets.js';
import { fileSpec } from './spec.js';

/** How a savefile is read, and which of its packets are handed on. */
export interface SavefileOptions extends OpenOptions {
  /** Packets of one direction, or of none that the file says. Default null: all. */
  readonly direction?: 'in' | 'out' | 'inout' | null;
  /** Metadata filter's text (docs/filters.md). Default null: none. It passes no packet but by `!=` where `bytesOnly` is set. */
  readonly metadataFilter?: string | null;
  /** Packet filter's text (pcap-filter(7)). Default null: none. */
  readonly expression?: string | null;
  /** Whether libpcap optimizes the packet filter. Default true. */
  readonly optimize?: boolean;
  /** Ends reading when it is aborted: `run` and loops then throw its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a savefile of any kind it can tell by its first bytes.
 * @param path a file, FIFO or device, or `-` for standard input; waits until the first bytes are there
 * @param options how it is read, and which of its packets are handed on
 * @throws SavefileSystemError when it can't be opened, SavefileError when it is no savefile, TypeError for wrong options,
 *   FilterSyntaxError for a wrong metadata filter, and for a packet filter that libpcap refuses for its link type
 */
export async function openFilteredSavefile(path: string, options: SavefileOptions = {}): Promise<Savefile> {
  // Loaded for this alone: the command has nothing to check.
  const { aBoolean, anObject, aText, checkOptions, oneOf, orNull } = await import('../options.js');
  options?.signal?.throwIfAborted?.();
  const { openSavefile } = await import('../savefile/index.js');
  const checks = {
    direction: orNull(oneOf('in', 'out', 'inout')),
    metadataFilter: orNull(aText),
    expression: orNull(aText),
    optimize: aBoolean,
    signal: anObject,
  };
  const entries = Object.entries(options ?? {});
  const reading = Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(checks, name)));
  const filtering = Object.fromEntries(entries.filter(([name]) => Object.hasOwn(checks, name)));
  checkOptions('openSavefile', filtering, checks);
  const { direction = null, metadataFilter = null, expression = null, optimize = true } = options ?? {};
  const spec = fileSpec(path, { filter: { direction, metadata: metadataFilter, expression, optimize } });
  const expressions = await packetExpressions(spec);
  const filters = await userFilters(spec, expressions);
  const source = await openSavefile(
    path,
    typeof options === 'object' && options !== null ? reading : options,
  );
  try {
    if (expressions !== null) await (await import('./sense.js')).checkSense(expressions, [source]);
  } catch (error) {
    source.close();
    throw error;
  }
  const [filter = null] = filters;
  if (filter !== null)
    source.filter = filters.length === 1 ? filter : (packet) => filters.every((one) => one(packet));
  source.signal = options?.signal ?? null;
  source.passes = expressions?.forLinkType ?? null;
  return source;
}

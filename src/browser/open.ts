// A capture file in a browser, read with filters.

import { compileMetadataFilter } from '../filter/metadata/index.js';
import { anObject, aText, checkOptions, oneOf, orNull } from '../options.js';
import { type PacketFilter, passesDirection } from '../packet/index.js';
import { OPEN_CHECKS, type OpenOptions, openSavefileStream, type Savefile } from '../savefile/index.js';
import { type CaptureBytes, streamOf } from './bytes.js';

/** How a capture file is read, and which of its packets are handed on. */
export interface BrowserSavefileOptions extends OpenOptions {
  /** The file's name, for messages. Default: that of a `File`, else `capture`. */
  readonly name?: string;
  /** Packets of one direction, or of none that the file says. Default null: all. */
  readonly direction?: 'in' | 'out' | 'inout' | null;
  /** Metadata filter's text (docs/filters.md), which knows every field. Default null: none. */
  readonly metadataFilter?: string | null;
  /** Ends reading when it is aborted: `run` and loops then throw its reason. */
  readonly signal?: AbortSignal;
}

const CHECKS = {
  ...OPEN_CHECKS,
  name: aText,
  direction: orNull(oneOf('in', 'out', 'inout')),
  metadataFilter: orNull(aText),
  signal: anObject,
};

/**
 * Opens a capture file of any kind that the command reads: pcap and pcapng, plain or compressed by gzip, zstd or lz4. Of a large one
 * only a window is in memory. Packet filters (pcap-filter(7)) need libpcap, and are not here.
 * @param from the file, its bytes, or a stream of them; waits until the first are there
 * @param options how it is read, and which of its packets are handed on
 * @throws SavefileError when it is no capture file, SavefileSystemError when its bytes can't be had, TypeError for wrong options,
 *   FilterSyntaxError for a wrong metadata filter
 */
export async function openSavefile(
  from: CaptureBytes,
  options: BrowserSavefileOptions = {},
): Promise<Savefile> {
  checkOptions('openSavefile', options, CHECKS);
  const { direction = null, metadataFilter = null, signal = null } = options;
  signal?.throwIfAborted();
  const { name = nameOf(from) } = options;
  const direct = passesDirection(direction);
  const matches = metadataFilter === null ? null : compileMetadataFilter(metadataFilter).matches;
  const stream = streamOf(from, name);
  if (stream === null)
    throw new TypeError('openSavefile: a Blob, an ArrayBuffer, a Uint8Array or a stream of them is wanted');
  const source = await openSavefileStream(stream, name, options);
  source.filter = both(direct, matches);
  source.signal = signal;
  return source;
}

function nameOf(from: unknown): string {
  const { name } = (from ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : 'capture';
}

function both(one: PacketFilter | null, other: PacketFilter | null): PacketFilter | null {
  if (one === null || other === null) return one ?? other;
  return (packet) => one(packet) && other(packet);
}

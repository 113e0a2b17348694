// A large file's packets are counted on two threads, where there is a processor for the second: it goes on from the
// middle, at what looks like the end of a packet. That it was one is known when the first thread gets there; if it was
// not, or interfaces or processes have come in between, the first counts on alone. Where the second has little of a
// processor, the first counts what is left as well: the sooner of the two is taken.

import { LinkType, type PacketHandler, type Source } from '../packet/index.js';
import { Thread } from '../thread.js';
import type { Taken } from './packets.js';
import { asksBytesOnly, onlyFile, type RunSpec } from './spec.js';
import type { CountData, Found, Rest } from './threads.js';
import { sizeForTwo } from './workers.js';

/** Bytes of a file below which a thread would be ready too late, and how many are read while it starts. */
const LARGE = 64 * 1024 * 1024;
const HEAD_START = 48 * 1024 * 1024;

/** Link types whose packets have PKTAP headers. */
const PKTAP: readonly number[] = [LinkType.PKTAP, LinkType.USER2];

/** Where a second thread is to begin; 0: there is none. */
function middle(spec: RunSpec, linkType: number): number {
  if (spec.count > 0 || spec.skip > 0) return 0;
  // PKTAP headers say all there is to say of their packets: nothing that came before is needed.
  if (!PKTAP.includes(linkType) && !asksBytesOnly(spec)) return 0;
  const size = sizeForTwo(spec, LARGE);
  return Math.floor((size + Math.min(HEAD_START, size / 2)) / 8) * 4;
}

/** Runs the source of a run that only counts, with a second thread's help where that helps. */
export async function countSource(
  spec: RunSpec,
  source: Source,
  handle: PacketHandler,
  taken: Taken,
): Promise<void> {
  const from = middle(spec, source.linkType);
  if (from === 0) return source.run(handle);
  const { partsOf, SavefileError } = await import('../savefile/index.js');
  const parts = partsOf(source);
  if (parts === null) return source.run(handle);

  const data: CountData = { spec, from };
  const helper = new Thread('./run/countthread.js', data);
  const thread = helper.worker;
  const messages: (Found | Rest | null)[] = [];
  let wake = (): void => {};
  const hear = (message: Found | Rest | null): void => {
    messages.push(message);
    wake();
  };
  thread
    .on('message', hear)
    .on('error', () => hear(null))
    .on('exit', () => hear(null));
  const next = async <T extends Found | Rest>(): Promise<T | null> => {
    while (messages.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.shift() as T | null;
  };
  try {
    await parts.run(handle, from);
    if (parts.stopped) return;
    const found = await next<Found>();
    if (found !== null && parts.position < found.start) await parts.run(handle, found.start);
    if (parts.stopped) return;
    if (found !== null && parts.position === found.start && parts.layout === found.layout) {
      // The other may have little of a processor: what is left is counted here too, until either has all of it.
      const { seen, captured } = taken;
      let overtaken = false;
      await parts.run((packet) => {
        // Null: it has none, and will have none.
        overtaken = messages.length > 0 && messages[0] !== null;
        return !overtaken && handle(packet);
      });
      if (!overtaken) return;
      const rest = (await next<Rest>())!;
      taken.seen = seen + rest.taken.seen;
      taken.captured = captured + rest.taken.captured;
      if (rest.broken === null) return;
      throw new SavefileError(rest.broken.reason, onlyFile(spec)!, rest.broken.offset);
    }
  } finally {
    helper.end();
  }
  await parts.run(handle);
}

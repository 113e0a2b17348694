// The second thread of counting: the packets of a large file's second half.

import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openSavefile, partsOf, SavefileError } from '../savefile/index.js';
import { hasLoaded, type ThreadData } from '../thread.js';
import { readOptions } from './files.js';
import { packetExpressions, packetHandler, type Taken, userFilters } from './packets.js';
import { type FilesSpec, onlyFile } from './spec.js';
import type { CountData, Found, Rest } from './threads.js';

const say = (message: Found | Rest): void => parentPort!.postMessage(message);

/** Finds a packet to begin with, and counts from there. */
async function count(thread: ThreadData<CountData>): Promise<void> {
  const { spec, from } = thread.data;
  // Of this thread alone: the first must not have less of its processor for our sake.
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
  const source = await openSavefile(onlyFile(spec)!, readOptions(spec, spec.source as FilesSpec, true));
  const parts = partsOf(source)!;
  const start = await parts.skipTo(from);
  say({ start, layout: parts.layout });
  if (start >= 0) {
    const taken: Taken = { seen: 0, captured: 0 };
    const expressions = await packetExpressions(spec);
    const filters = await userFilters(spec, expressions);
    hasLoaded(thread);
    source.passes = expressions?.forLinkType ?? null;
    let broken: Rest['broken'] = null;
    try {
      await source.run(packetHandler(spec, filters, [], taken));
    } catch (error) {
      if (!(error instanceof SavefileError)) throw error;
      broken = { reason: error.reason, offset: error.offset };
    }
    say({ taken, broken });
  }
  source.close();
}

const thread = workerData as ThreadData<CountData>;
void count(thread).finally(() => hasLoaded(thread));

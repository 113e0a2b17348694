// The second thread of printing: reads the same file as the first, and hands it the text of every other stretch.

import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { TextOutput } from '../print/index.js';
import { openSavefile } from '../savefile/index.js';
import { type Files, restrictFiles } from '../system/index.js';
import { hasLoaded, type ThreadData } from '../thread.js';
import { readOptions } from './files.js';
import { packetExpressions, packetHandler, sampled, userFilters } from './packets.js';
import { SecondHalf } from './printing.js';
import { filesOf } from './sandbox.js';
import { machineServices } from './services.js';
import { type FilesSpec, onlyFile, outputOf } from './spec.js';
import { TextRingWriter } from './textring.js';
import type { PrintData } from './threads.js';

/** Without native calls files are read as ever. */
function bind(files: Files): void {
  try {
    restrictFiles(files);
  } catch {}
}

/** Prints its stretches into the ring; whatever goes wrong ends them. */
async function print(thread: ThreadData<PrintData>): Promise<void> {
  const { spec, memory } = thread.data;
  const ring = new TextRingWriter(memory);
  try {
    // Of this thread alone: the first must not have less of its processor for our sake.
    if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
    const text = outputOf(spec, 'text')!;
    // The first thread warns and complains, of this file as of everything.
    const output = new TextOutput(text.options, (bytes) => ring.write(bytes), machineServices());
    const half = new SecondHalf(output, ring);
    const source = await openSavefile(onlyFile(spec)!, readOptions(spec, spec.source as FilesSpec, false));
    const files = filesOf(spec);
    if (thread.contained && files !== null) bind(files);
    const filters = await userFilters(spec, await packetExpressions(spec));
    hasLoaded(thread);
    try {
      const handle = packetHandler(spec, filters, [sampled(half, text)], { seen: 0, captured: 0 });
      await source.run((packet) => !half.dismissed && handle(packet));
    } finally {
      source.close();
      half.close();
    }
  } catch {
    ring.close();
  }
}

const thread = workerData as ThreadData<PrintData>;
void print(thread).finally(() => hasLoaded(thread));

// The second thread of printing: reads the same file as the first, and hands it the text of every other stretch.

import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { parseArguments } from '../cli/arguments.js';
import { SecondHalf, TextOutput, TextRingWriter } from '../print/index.js';
import { openSavefile } from '../savefile/index.js';
import { readOptions } from './files.js';
import { expressionText, packetExpressions, packetHandler, userFilters } from './packets.js';
import type { ThreadData } from './workers.js';

/** Prints its stretches into the ring; whatever goes wrong ends them. */
async function print({ args, memory }: ThreadData): Promise<void> {
  const ring = new TextRingWriter(memory);
  try {
    // Of this thread alone: the first must not have less of its processor for our sake.
    if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
    const parsed = parseArguments(args);
    const { printOptions } = parsed;
    // The first thread warns and complains, of this file as of everything.
    printOptions.warn = () => {};
    const half = new SecondHalf(new TextOutput(printOptions, (text) => ring.write(text)), ring);
    const source = await openSavefile(parsed.read!, readOptions(parsed));
    const filters = await userFilters(parsed, await packetExpressions(parsed, expressionText(parsed)));
    try {
      const handle = packetHandler(parsed, filters, null, half, { seen: 0, captured: 0 });
      await source.run((packet) => !half.dismissed && handle(packet));
    } finally {
      source.close();
      half.close();
    }
  } catch {
    ring.close();
  }
}

void print(workerData as ThreadData);

// A second thread that helps to print a large file, where there is a processor for it.

import { statSync } from 'node:fs';
import { builtin } from '../builtin.js';
import type { Arguments } from '../cli/arguments.js';
import { toStdout } from '../cli/messages.js';
import { threadFile } from '../late.js';
import type { TextOutput } from '../print/index.js';
import type { PacketPrinter } from './printing.js';

/** Bytes of a file below which a thread would be ready too late. */
const LARGE = 8 * 1024 * 1024;

/** What the second thread gets. */
export interface ThreadData {
  readonly args: readonly string[];
  readonly memory: SharedArrayBuffer;
}

/**
 * Bytes of a file that a second thread can help with; 0: it can't, or would be ready too late.
 * @param least bytes it takes to be worth it
 */
export function sizeForTwo({ read, user }: Arguments, least: number): number {
  // Another user may not open the file a second time.
  if (read === null || user !== null) return 0;
  const file = statSync(read, { throwIfNoEntry: false });
  if (file?.isFile() !== true || file.size < least) return 0;
  return builtin('node:os').availableParallelism() > 1 ? file.size : 0;
}

/** Whether two threads print the same as one, and sooner. */
function isWorthwhile(parsed: Arguments, text: TextOutput): boolean {
  // Names come when they come, lines at once.
  if (parsed.write !== null || !parsed.printOptions.numeric || text.lineBuffered) return false;
  return sizeForTwo(parsed, LARGE) > 0;
}

/** @returns what prints with a second thread's help, null where it would not help */
export async function secondThread(
  parsed: Arguments,
  print: typeof import('./text.js'),
  text: TextOutput,
  args: readonly string[],
): Promise<PacketPrinter | null> {
  if (!isWorthwhile(parsed, text)) return null;
  const { Worker } = await import('node:worker_threads');
  const memory = print.makeTextRing();
  const data: ThreadData = { args, memory };
  const thread = new Worker(threadFile('./run/printthread.js'), { workerData: data });
  thread.unref();
  return new print.FirstHalf(text, new print.TextRingReader(memory), toStdout);
}

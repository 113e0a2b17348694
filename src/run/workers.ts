// A second thread that helps to print a large file, where there is a processor for it.

import { statSync } from 'node:fs';
import type { Output } from '../packet/index.js';
import type { TextOutput } from '../print/index.js';
import { Thread } from '../thread.js';
import { isProcessorFree } from './freeprocessor.js';
import { onlyFile, type RunSpec, type TextSpec } from './spec.js';
import type { PrintData } from './threads.js';

/** Bytes of a file below which a thread would be ready too late. */
const LARGE = 8 * 1024 * 1024;

/**
 * Bytes of a file that a second thread can help with; 0: it can't, or would be ready too late.
 * @param least bytes it takes to be worth it
 */
export function sizeForTwo(spec: RunSpec, least: number): number {
  const path = onlyFile(spec);
  // Another user may not open the file a second time.
  if (path === null || spec.user !== null) return 0;
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isFile() !== true || file.size < least) return 0;
  return isProcessorFree() ? file.size : 0;
}

/** Whether two threads print the same as one, and sooner. */
function isWorthwhile(spec: RunSpec, { options, lineBuffered }: TextSpec): boolean {
  // Names come when they come, lines at once.
  if (spec.outputs.length > 1 || !options.numeric || lineBuffered) return false;
  return sizeForTwo(spec, LARGE) > 0;
}

/**
 * @param sink takes the text, in order
 * @returns what prints with a second thread's help, null where it would not help
 */
export async function secondThread(
  spec: RunSpec,
  text: TextSpec,
  output: TextOutput,
  sink: (bytes: Uint8Array) => void,
): Promise<Output | null> {
  if (!isWorthwhile(spec, text)) return null;
  const { FirstHalf, makeTextRing, TextRingReader } = await import('./text.js');
  const memory = makeTextRing();
  const data: PrintData = { spec, memory };
  new Thread('./run/printthread.js', data).worker.unref();
  return new FirstHalf(output, new TextRingReader(memory), sink);
}

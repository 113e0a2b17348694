// Where the command's words go: messages to standard error, packets to standard output. Without Node's streams, which take
// longer to be there than all else that most runs load.

import { fstatSync, writeSync } from 'node:fs';
import { builtin } from '../builtin.js';

/** Writes a line to standard error; where nobody takes it, it is lost. */
export function tell(line: string): void {
  try {
    writeAll(2, Buffer.from(`${line}\n`));
  } catch {
    // there is nowhere left to say so
  }
}

/** Writes text to standard output. @throws Error as `toStdout` */
export function say(text: string): void {
  toStdout(Buffer.from(text));
}

/** Whether standard output is a terminal. */
export function isTerminal(): boolean {
  return fstatSync(1).isCharacterDevice() && builtin('node:tty').isatty(1);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'No space left on device',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EIO: 'Input/output error',
  EPIPE: 'Broken pipe',
};

function outputError(error: unknown): Error {
  const { code = '', message } = error as { code?: string; message: string };
  return Object.assign(new Error(`Unable to write output: ${REASONS[code] ?? message}`), { code });
}

const WAITING = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes a whole block to standard output.
 * @throws Error with the system's code, EPIPE when the reader went away
 */
export function toStdout(bytes: Uint8Array): void {
  try {
    writeAll(1, bytes);
  } catch (error) {
    throw outputError(error);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(WAITING, 0, 0, 1);
    }
  }
}

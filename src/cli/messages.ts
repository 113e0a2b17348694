// Where the command's words go: messages to standard error, packets to standard output.

import { writeSync } from 'node:fs';

/** Writes a line to standard error. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
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
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw outputError(error);
      Atomics.wait(WAITING, 0, 0, 1);
    }
  }
}

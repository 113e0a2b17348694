// Where the command's words go: messages to standard error, packets to standard output. Without Node's streams, which take
// longer to be there than all else that most runs load.

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { builtin } from '../builtin.js';
import { visible } from '../packet/index.js';

/** Writes a line to standard error, without what a terminal would obey; where nobody takes it, it is lost. */
export function tell(line: string): void {
  tellRaw(`${line.split('\n').map(visible).join('\n')}\n`);
}

/** Writes text of our own to standard error, as it is. */
export function tellRaw(text: string): void {
  try {
    writeAll(descriptorOf(2), Buffer.from(text));
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

/** Whether standard error goes to systemd's journal. Source: systemd.exec(5). */
export function isJournal(): boolean {
  const { dev, ino } = fstatSync(2);
  return process.env['JOURNAL_STREAM'] === `${dev}:${ino}`;
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

/** Waits a little for a descriptor that takes nothing now. */
let wait: (descriptor: number) => void = () => void Atomics.wait(WAITING, 0, 0, 1);

/** @param better waits until there is room, and can be interrupted */
export function waitWith(better: (descriptor: number) => void): void {
  wait = better;
}

/** What is written to instead of standard output and standard error. */
const descriptors = new Map<number, number>();

/**
 * The same pipe or terminal in a way that never blocks: opened anew, as the flags of the descriptor that we were given are
 * those of whoever shares it, too.
 */
function descriptorOf(given: 1 | 2): number {
  let descriptor = descriptors.get(given);
  if (descriptor === undefined) {
    descriptor = given as number;
    try {
      const kind = fstatSync(given);
      if (kind.isFIFO() || (kind.isCharacterDevice() && builtin('node:tty').isatty(given)))
        descriptor = openSync(
          `/proc/self/fd/${given}`,
          constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
        );
    } catch {
      // Without /proc, or when it is not ours to open, it blocks.
    }
    descriptors.set(given, descriptor);
  }
  return descriptor;
}

/**
 * Lets go of a terminal that was taken away. As it ends, Node puts the settings of terminals back, and aborts the process where the
 * system refuses that.
 */
export function leaveLostTerminals(): void {
  const { isatty } = builtin('node:tty');
  for (const descriptor of [0, 1, 2]) {
    try {
      if (fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)) closeSync(descriptor);
    } catch {
      // it is closed
    }
  }
}

/** Standard output, as packets are written to it. */
export function stdoutDescriptor(): number {
  return descriptorOf(1);
}

/** Opens standard output's and standard error's pipes while we are who we were started as. */
export function prepareOutput(): void {
  descriptorOf(1);
  descriptorOf(2);
}

/**
 * Writes a whole block to standard output.
 * @throws Error with the system's code, EPIPE when the reader went away
 */
export function toStdout(bytes: Uint8Array): void {
  try {
    writeAll(descriptorOf(1), bytes);
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
      wait(descriptor);
    }
  }
}

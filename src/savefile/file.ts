// The file a savefile is written to: whole blocks gathered in one buffer and written in large pieces.

import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SavefileSystemError, systemErrorCode, systemErrorText } from './errors.js';

const BUFFER_SIZE = 1 << 20;
/** How long to wait for the reader of a full pipe or one not yet there, in milliseconds. */
const PIPE_WAIT = 1;
const READER_WAIT = 50;
/** Only the owner may read what was captured. */
const MODE = 0o600;

export class OutputFile {
  /** Where blocks are built: from `at` on, `room` bytes of it after asking for them. */
  buffer: Uint8Array = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  view: DataView = new DataView(this.buffer.buffer);
  /** Where the next block goes. Moving it makes what was built part of the file. */
  at = 0;
  /** Length of the block at a place in the buffer; `first`: the file's first. Set by whoever builds the blocks. */
  blockLength: (view: DataView, at: number, first: boolean) => number = () => 0;
  /** Writing failed: nothing more is written. */
  #broken = false;
  #written = 0;
  #descriptor: number;
  #regular: boolean;

  private constructor(
    readonly path: string,
    descriptor: number,
  ) {
    this.#descriptor = descriptor;
    this.#regular = fstatSync(descriptor).isFile();
  }

  /**
   * @param path a file, created for its owner alone, or emptied; `-`: standard output
   * @throws SavefileSystemError
   */
  static openSync(path: string): OutputFile {
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
      return new OutputFile(path, path === '-' ? 1 : openSync(path, flags, MODE));
    } catch (error) {
      throw openError(error, path);
    }
  }

  /** As openSync, but waits for the reader of a FIFO without holding up the program. */
  static async open(path: string): Promise<OutputFile> {
    for (;;) {
      try {
        if (path !== '-') closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
        return OutputFile.openSync(path);
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === 'ENOENT') return OutputFile.openSync(path);
        if (code !== 'ENXIO') throw openError(error, path);
      }
      await sleep(READER_WAIT);
    }
  }

  /** Bytes of the file so far, those still in the buffer included. */
  get size(): number {
    return this.#written + this.at;
  }

  /** Makes room for a block of `bytes` at `at`; buffer and view may be others afterwards. */
  room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    this.flush();
    if (bytes > this.buffer.length) {
      this.buffer = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
      this.view = new DataView(this.buffer.buffer);
    }
  }

  /** Adds whole blocks that are ready. */
  append(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /**
   * Writes out what is buffered.
   * @throws SavefileSystemError when the system refuses; the file then ends with the last whole block that fitted
   */
  flush(): void {
    const end = this.at;
    this.at = 0;
    if (this.#broken) return;
    let start = 0;
    while (start < end) {
      try {
        start += writeSync(this.#descriptor, this.buffer, start, end - start);
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === 'EAGAIN') {
          Atomics.wait(WAITING, 0, 0, PIPE_WAIT);
          continue;
        }
        this.#broken = true;
        this.#cut(start);
        const name = this.path === '-' ? 'standard output' : this.path;
        throw new SavefileSystemError(
          `Unable to write to ${name}: ${systemErrorText(error)}`,
          this.path,
          code,
        );
      }
    }
    this.#written += end;
  }

  /** Takes a block back of which only the first part was written. `written`: how much of the buffer was. */
  #cut(written: number): void {
    let end = 0;
    for (;;) {
      const length = this.blockLength(this.view, end, this.#written + end === 0);
      if (length <= 0 || end + length > written) break;
      end += length;
    }
    this.#written += end;
    if (this.#regular && end < written) ftruncateSync(this.#descriptor, this.#written);
  }

  /** The file's identity, to see whether its name still means it. */
  identity(): { dev: number; ino: number } {
    const { dev, ino } = fstatSync(this.#descriptor);
    return { dev, ino };
  }

  /** Writes out what is buffered and closes the file, even when writing fails. */
  close(): void {
    if (this.#descriptor < 0) return;
    try {
      this.flush();
    } finally {
      if (this.#descriptor !== 1) closeSync(this.#descriptor);
      this.#descriptor = -1;
    }
  }
}

const WAITING = new Int32Array(new SharedArrayBuffer(4));

function openError(error: unknown, path: string): Error {
  return new SavefileSystemError(`${path}: ${systemErrorText(error)}`, path, systemErrorCode(error));
}

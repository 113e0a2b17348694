// The file a savefile is written to: blocks gathered in one buffer, and between them bytes that stay where they are in
// somebody else's, written together in large pieces.

import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { copyBytes } from '../bytes.js';
import { SavefileSystemError, systemErrorCode, systemErrorText } from '../errors.js';

const BUFFER_SIZE = 1 << 20;
/** A run of lent blocks with fewer bytes than this is copied: more pieces to write would cost more. */
const WORTH_A_CALL = 1 << 15;
/** Bytes of a packet from which on it costs more to copy it than to be told of it. */
export const WORTH_A_PIECE = 1 << 13;
/** Pieces of a system call. Source: UIO_MAXIOV, linux/uio.h: 1024. */
const MOST_PIECES = 512;
/** How long to wait for the reader of a full pipe or one not yet there, in milliseconds. */
const PIPE_WAIT = 1;
const READER_WAIT = 50;
/** Only the owner may read what was captured. */
const MODE = 0o600;

/** A file's identity, whatever it is called. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** How files are made and written. */
export interface FileOptions {
  /** Whom a file belongs to that we create; those that are there keep their owner. */
  readonly owner?: { readonly uid: number; readonly gid: number } | null;
  /** Files that must not be written over: they are being read. */
  readonly inputs?: readonly FileIdentity[];
  /** Waits until a pipe takes more; the default looks again and again. */
  readonly wait?: (descriptor: number) => void;
  /** Whether the reader of a pipe has gone: asked when there is nothing to write, which would tell. */
  readonly abandoned?: (descriptor: number) => boolean;
  /** Takes messages that do not end the capture. */
  readonly warn?: (message: string) => void;
  /** Asked while a FIFO has no reader: whether to give up. */
  readonly cancelled?: () => boolean;
}

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
  /** What comes before the bytes of our buffer from `#mark` on: pieces of it and of others', in turns. */
  #pieces: Uint8Array[] = [];
  #piecesLength = 0;
  #mark = 0;
  /** Whole blocks in somebody else's buffer that come after those in ours: [start, end). */
  #lent: Uint8Array | null = null;
  #lentStart = 0;
  #lentEnd = 0;
  #written = 0;
  #descriptor: number;
  #regular: boolean;
  /** Somebody else's, who closes it. */
  #borrowed = false;

  readonly #wait: (descriptor: number) => void;
  readonly #abandoned: (descriptor: number) => boolean;

  private constructor(
    readonly path: string,
    descriptor: number,
    options: FileOptions,
  ) {
    this.#descriptor = descriptor;
    this.#regular = fstatSync(descriptor).isFile();
    this.#abandoned = options.abandoned ?? (() => false);
    this.#wait = options.wait ?? ((): void => void Atomics.wait(WAITING, 0, 0, PIPE_WAIT));
  }

  /**
   * @param path a file, created for its owner alone, or emptied; `-`: standard output
   * @throws SavefileSystemError, with the code ENXIO for a FIFO that has no reader
   */
  static openSync(path: string, options: FileOptions = {}): OutputFile {
    try {
      return new OutputFile(path, path === '-' ? standardOutput() : openOutput(path, options), options);
    } catch (error) {
      if (error instanceof SavefileSystemError) throw error;
      throw openError(error, path);
    }
  }

  /**
   * Empties a file that is open for appending, and writes it; it stays open.
   * @param path its name in messages
   */
  static on(descriptor: number, path: string, options: FileOptions): OutputFile {
    ftruncateSync(descriptor, 0);
    const file = new OutputFile(path, descriptor, options);
    file.#borrowed = true;
    return file;
  }

  /**
   * As openSync, but waits for the reader of a FIFO without holding up the program.
   * @throws SavefileSystemError with the code ECANCELED when `cancelled` says so meanwhile
   */
  static async open(path: string, options: FileOptions = {}): Promise<OutputFile> {
    for (;;) {
      try {
        return OutputFile.openSync(path, options);
      } catch (error) {
        if ((error as SavefileSystemError).code !== 'ENXIO') throw error;
      }
      await new Promise((done) => setTimeout(done, READER_WAIT));
      if (options.cancelled?.() === true)
        throw new SavefileSystemError(`${path}: nobody reads it`, path, 'ECANCELED');
    }
  }

  /** Bytes of the file so far, those still in the buffer included. */
  get size(): number {
    return this.#written + this.#piecesLength + this.at - this.#mark + this.#lentEnd - this.#lentStart;
  }

  /** Makes room for a block of `bytes` at `at`; buffer and view may be others afterwards. */
  room(bytes: number): void {
    if (this.#lent !== null) this.#place();
    if (this.at + bytes <= this.buffer.length && this.#pieces.length < MOST_PIECES) return;
    this.#writeAll();
    if (bytes > this.buffer.length) {
      this.buffer = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
      this.view = new DataView(this.buffer.buffer);
    }
  }

  /**
   * Adds a whole block as it lies in somebody else's buffer, which must stay as it is until `settle`: what lies one
   * behind the other is written at once, without being copied.
   */
  lend(buffer: Uint8Array, start: number, length: number): void {
    if (this.#lent === buffer && this.#lentEnd === start) {
      this.#lentEnd += length;
      return;
    }
    this.#place();
    this.#lent = buffer;
    this.#lentStart = start;
    this.#lentEnd = start + length;
  }

  /** Adds bytes of somebody else's within a block, behind what was built of it up to `at`; they too must stay until `settle`. */
  insert(buffer: Uint8Array, start: number, length: number): void {
    this.#push(this.buffer, this.#mark, this.at);
    this.#push(buffer, start, start + length);
    this.#mark = this.at;
  }

  #push(buffer: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#pieces.push(buffer.subarray(start, end));
    this.#piecesLength += end - start;
  }

  /** Takes blocks that were lent: few are copied. */
  #place(): void {
    const lent = this.#lent;
    if (lent === null) return;
    const start = this.#lentStart;
    const end = this.#lentEnd;
    this.#lent = null;
    this.#lentStart = 0;
    this.#lentEnd = 0;
    if (end - start < WORTH_A_CALL) {
      this.room(end - start);
      copyBytes(lent, start, this.buffer, this.at, end - start);
      this.at += end - start;
    } else this.insert(lent, start, end - start);
  }

  /** Takes or writes what is somebody else's: its owner is about to use the buffer for something else. */
  settle(): void {
    this.#place();
    if (this.#pieces.length > 0) this.#writeAll();
  }

  /**
   * Writes out what is buffered.
   * @throws SavefileSystemError when the system refuses; the file then ends with the last whole block that fitted. With the code EPIPE
   *   also when there is nothing to write and nobody left to read it
   */
  flush(): void {
    this.#place();
    const idle = this.#piecesLength === 0 && this.at === this.#mark;
    this.#writeAll();
    if (idle && !this.#regular && !this.#broken && this.#abandoned(this.#descriptor)) {
      this.#broken = true;
      throw new SavefileSystemError(`${this.path}: nobody reads it any more`, this.path, 'EPIPE');
    }
  }

  #writeAll(): void {
    this.#push(this.buffer, this.#mark, this.at);
    const pieces = this.#pieces;
    const length = this.#piecesLength;
    this.#pieces = [];
    this.#piecesLength = 0;
    this.#mark = 0;
    this.at = 0;
    if (this.#broken || length === 0) return;
    for (let written = 0; written < length; ) {
      try {
        written += this.#write(pieces, written);
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === 'EAGAIN') {
          this.#wait(this.#descriptor);
          continue;
        }
        this.#broken = true;
        this.#cut(pieces, written);
        const name = this.path === '-' ? 'standard output' : this.path;
        throw new SavefileSystemError(
          `Unable to write to ${name}: ${systemErrorText(error)}`,
          this.path,
          code,
        );
      }
    }
    this.#written += length;
  }

  /** One system call, for what comes after the bytes written already. @returns how many it wrote */
  #write(pieces: readonly Uint8Array[], written: number): number {
    let skip = written;
    let first = 0;
    while (skip >= pieces[first]!.length) skip -= pieces[first++]!.length;
    const head = pieces[first]!;
    if (first === pieces.length - 1) return writeSync(this.#descriptor, head, skip);
    return writevSync(this.#descriptor, [head.subarray(skip), ...pieces.slice(first + 1)]);
  }

  /** Takes a block back of which only the first part was written, with the pieces' first `written` bytes. */
  #cut(pieces: readonly Uint8Array[], written: number): void {
    let end = 0;
    let piece = 0;
    /** Where the piece begins. */
    let begin = 0;
    while (end < written) {
      while (end - begin >= pieces[piece]!.length) begin += pieces[piece++]!.length;
      const { buffer, byteOffset, byteLength } = pieces[piece]!;
      const view = new DataView(buffer, byteOffset, byteLength);
      const length = this.blockLength(view, end - begin, this.#written === 0 && end === 0);
      if (length <= 0 || end + length > written) break;
      end += length;
    }
    this.#written += end;
    if (this.#regular && end < written) ftruncateSync(this.#descriptor, this.#written);
  }

  /** Whether its name still means it. */
  isThere(): boolean {
    const { dev, ino } = fstatSync(this.#descriptor);
    const now = statSync(this.path, { throwIfNoEntry: false });
    return now !== undefined && now.dev === dev && now.ino === ino;
  }

  /** Writes out what is buffered and closes the file, even when writing fails. */
  close(): void {
    if (this.#descriptor < 0) return;
    try {
      this.flush();
    } finally {
      if (this.#descriptor !== 1 && !this.#borrowed) closeSync(this.#descriptor);
      this.#descriptor = -1;
    }
  }
}

/**
 * Opens a file that is written here and there, with the same rules: for its owner alone, never one that is read.
 * @returns a descriptor
 * @throws SavefileSystemError, also when it is no file that can be written anywhere in it
 */
export function openForWriting(path: string, options: FileOptions = {}): number {
  let descriptor: number;
  try {
    descriptor = openOutput(path, options);
  } catch (error) {
    if (error instanceof SavefileSystemError) throw error;
    throw openError(error, path);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new SavefileSystemError(`${path}: is no regular file`, path, 'ESPIPE');
}

const WAITING = new Int32Array(new SharedArrayBuffer(4));

/**
 * Standard output. A pipe is opened anew in a way that never blocks: the flags of the descriptor that we were given are those
 * of whoever shares it, too.
 */
function standardOutput(): number {
  const given = 1;
  if (!fstatSync(given).isFIFO()) return given;
  try {
    return openSync(`/proc/self/fd/${given}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return given;
  }
}

/** Opens a file to write it from its beginning. What it holds is there until nothing speaks against writing over it. */
function openOutput(path: string, { owner = null, inputs = [], warn }: FileOptions): number {
  // O_NONBLOCK: a FIFO that nobody reads is an error instead of a wait, and its pipe never blocks us; files do not mind.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;
  let descriptor: number;
  try {
    // O_EXCL follows no symbolic link: what is given away is a file of ours that nobody else has put there.
    descriptor = openSync(path, flags | constants.O_EXCL, MODE);
    try {
      if (owner !== null) fchownSync(descriptor, owner.uid, owner.gid);
    } catch (error) {
      // Some file systems have no owners.
      warn?.(`${path}: stays root's: ${systemErrorText(error)}`);
    }
    return descriptor;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  // A symbolic link to nothing yet is made as ever, and stays the maker's.
  descriptor = openSync(path, flags, MODE);
  try {
    const { dev, ino } = fstatSync(descriptor);
    if (inputs.some((input) => input.dev === dev && input.ino === ino))
      throw new SavefileSystemError(`${path}: is read and can't be written at the same time`, path, 'EEXIST');
    if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor, 0);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openError(error: unknown, path: string): Error {
  return new SavefileSystemError(`${path}: ${systemErrorText(error)}`, path, systemErrorCode(error));
}

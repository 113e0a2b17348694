// Byte streams below a savefile: regular files read synchronously, everything else waited for without blocking.

import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { builtin } from '../../builtin.js';
import type { ByteStream } from '../bytestream.js';
import { SavefileSystemError, systemErrorCode, systemErrorText } from '../errors.js';

/**
 * @param path a file, or `-` for standard input
 * @returns its bytes
 * @throws SavefileSystemError when it can't be opened or is a directory
 */
export function openStream(path: string): ByteStream {
  const own = path !== '-';
  let descriptor = 0;
  try {
    // Without a writer yet, opening a FIFO would block the whole program; O_NONBLOCK changes nothing for files.
    if (own) descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw systemError(error, path);
  }
  try {
    const kind = fstatSync(descriptor);
    if (kind.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (kind.isFIFO() || kind.isSocket()) {
      const { Socket } = builtin('node:net');
      return new ReadableStreamBytes(new Socket({ fd: descriptor, readable: true, writable: false }), path);
    }
    if (kind.isCharacterDevice()) {
      return new ReadableStreamBytes(createReadStream('', { fd: descriptor, autoClose: own }), path);
    }
    return new FileBytes(descriptor, own, path);
  } catch (error) {
    if (own) closeSync(descriptor);
    throw systemError(error, path);
  }
}

function systemError(error: unknown, path: string): Error {
  return new SavefileSystemError(`${path}: ${systemErrorText(error)}`, path, systemErrorCode(error));
}

/** A regular file. */
class FileBytes implements ByteStream {
  /** Where the next bytes are; null: where the descriptor is. */
  #position: number | null = null;

  /** @param descriptor -1 once it is closed */
  constructor(
    private descriptor: number,
    readonly own: boolean,
    readonly path: string,
  ) {}

  read(buffer: Uint8Array, offset: number, length: number): number {
    try {
      const count = readSync(this.descriptor, buffer, offset, length, this.#position);
      if (this.#position !== null) this.#position += count;
      return count;
    } catch (error) {
      throw systemError(error, this.path);
    }
  }

  seek(position: number): void {
    this.#position = position;
  }

  cancel(): void {}

  close(): void {
    const { descriptor } = this;
    this.descriptor = -1;
    if (this.own && descriptor >= 0) closeSync(descriptor);
  }
}

/** Anything Node has a stream for: pipes, sockets, terminals, decompressors. Holds back the writer by not reading. */
class ReadableStreamBytes implements ByteStream {
  #stream: Readable;
  #path: string;
  #chunk: Uint8Array | null = null;
  #at = 0;
  #ended = false;
  #error: unknown = null;
  #wake: (() => void) | null = null;

  constructor(stream: Readable, path: string) {
    this.#stream = stream;
    this.#path = path;
    const wake = (): void => {
      const waiting = this.#wake;
      this.#wake = null;
      waiting?.();
    };
    stream.on('readable', wake);
    stream.on('end', () => {
      this.#ended = true;
      wake();
    });
    stream.on('close', () => {
      this.#ended = true;
      wake();
    });
    stream.on('error', (error) => {
      this.#error = error;
      wake();
    });
  }

  read(buffer: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#chunk === null) {
      this.#chunk = this.#stream.read() as Uint8Array | null;
      this.#at = 0;
    }
    const chunk = this.#chunk;
    if (chunk !== null) {
      const count = Math.min(length, chunk.length - this.#at);
      buffer.set(chunk.subarray(this.#at, this.#at + count), offset);
      this.#at += count;
      if (this.#at === chunk.length) this.#chunk = null;
      return count;
    }
    if (this.#error !== null) throw this.failure(this.#error);
    if (this.#ended) return 0;
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    }).then(() => this.read(buffer, offset, length));
  }

  /** What a broken stream means to the reader. */
  protected failure(error: unknown): Error {
    return systemError(error, this.#path);
  }

  cancel(): void {
    this.#ended = true;
    const waiting = this.#wake;
    this.#wake = null;
    waiting?.();
  }

  close(): void {
    this.#stream.destroy();
  }
}

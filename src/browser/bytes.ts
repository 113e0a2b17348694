// Where a browser's capture files come from: files that are dropped or chosen, bytes at hand, and bytes that come.

import { type ByteStream, SavefileSystemError } from '../savefile/index.js';

/** What can be read: a `File` is a `Blob`, `response.body` a `ReadableStream`. */
export type CaptureBytes =
  | Blob
  | ArrayBuffer
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** @returns its bytes; null: it is nothing that has any */
export function streamOf(from: unknown, name: string): ByteStream | null {
  if (from instanceof ArrayBuffer) return new MemoryBytes(new Uint8Array(from));
  if (from instanceof Uint8Array) return new MemoryBytes(from);
  if (from instanceof Blob) return new BlobBytes(from, name);
  if (typeof from !== 'object' || from === null) return null;
  if ('getReader' in from) return new ComingBytes(chunksOf(from as ReadableStream<Uint8Array>), name);
  if (Symbol.asyncIterator in from)
    return new ComingBytes((from as AsyncIterable<Uint8Array>)[Symbol.asyncIterator](), name);
  return null;
}

function unreadable(error: unknown, name: string): SavefileSystemError {
  const { message, name: code } = error instanceof Error ? error : new Error(String(error));
  return new SavefileSystemError(`${name}: ${message}`, name, code);
}

/** Bytes at hand. */
class MemoryBytes implements ByteStream {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(buffer: Uint8Array, offset: number, length: number): number {
    const part = this.bytes.subarray(this.position, this.position + length);
    buffer.set(part, offset);
    this.position += part.length;
    return part.length;
  }

  seek(position: number): void {
    this.position = position;
  }

  cancel(): void {}

  close(): void {}
}

/** A file, of which no more is in memory than is asked for. */
class BlobBytes implements ByteStream {
  private position = 0;
  private cancelled = false;

  constructor(
    private readonly blob: Blob,
    private readonly name: string,
  ) {}

  async read(buffer: Uint8Array, offset: number, length: number): Promise<number> {
    if (this.cancelled) return 0;
    let bytes: ArrayBuffer;
    try {
      bytes = await this.blob.slice(this.position, this.position + length).arrayBuffer();
    } catch (error) {
      // The file was changed or is gone.
      throw unreadable(error, this.name);
    }
    buffer.set(new Uint8Array(bytes), offset);
    this.position += bytes.byteLength;
    return bytes.byteLength;
  }

  seek(position: number): void {
    this.position = position;
  }

  cancel(): void {
    this.cancelled = true;
  }

  close(): void {
    this.cancelled = true;
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Who sends need not go on.
    await reader.cancel().catch(() => {});
  }
}

/** Bytes that come by pieces of any size: the next is asked for when the one before was read. */
class ComingBytes implements ByteStream {
  private chunk: Uint8Array = new Uint8Array(0);
  private cancelled = false;
  /** Ends a wait for the next piece. */
  private wake = (): void => {};

  constructor(
    private readonly chunks: AsyncIterator<Uint8Array>,
    private readonly name: string,
  ) {}

  read(buffer: Uint8Array, offset: number, length: number): number | Promise<number> {
    const { chunk } = this;
    if (chunk.length === 0) return this.next(buffer, offset, length);
    const part = chunk.subarray(0, length);
    buffer.set(part, offset);
    this.chunk = chunk.subarray(part.length);
    return part.length;
  }

  private async next(buffer: Uint8Array, offset: number, length: number): Promise<number> {
    while (this.chunk.length === 0) {
      const result = await this.coming();
      if (this.cancelled || result.done === true) return 0;
      if (!(result.value instanceof Uint8Array))
        throw new TypeError(`openSavefile: ${this.name} came as something else than Uint8Array`);
      this.chunk = result.value;
    }
    return this.read(buffer, offset, length);
  }

  private coming(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      const end = (): void => resolve({ done: true, value: undefined });
      this.wake = end;
      if (this.cancelled) end();
      else this.chunks.next().then(resolve, (error: unknown) => reject(unreadable(error, this.name)));
    });
  }

  cancel(): void {
    this.cancelled = true;
    this.wake();
  }

  close(): void {
    this.cancel();
    // It may be waiting for what never comes; nobody waits for it.
    void this.chunks.return?.()?.then(undefined, () => {});
  }
}

// Several savefiles, one after the other (-V).

import type { PacketHandler, SourceCounts } from '../../packet/index.js';
import type { ByteStream } from '../bytestream.js';
import { SavefileError, SavefileSystemError } from '../errors.js';
import type { Savefile, SavefileList } from '../savefile.js';
import { type OpenOptions, openSavefile, openSavefileStream, type SavefileSource } from './source.js';

export interface ListOptions extends OpenOptions {
  /** Called with each file before its packets come. */
  readonly onOpen?: (source: Savefile) => void;
  /** Called with what breaks a file off or keeps it from being opened; the other files are still read. */
  readonly onBroken?: (error: Error) => void;
  /** Gives the bytes of each file in turn, or throws what kept it from being opened; without, files are opened by their paths. */
  readonly bytesOf?: (path: string) => ByteStream;
}

/** Opens one of the files. @throws as openSavefile */
export async function openOne(
  path: string,
  { onOpen: _, onBroken: __, bytesOf, ...options }: ListOptions,
): Promise<SavefileSource> {
  return bytesOf === undefined
    ? openSavefile(path, options)
    : openSavefileStream(bytesOf(path), path, options);
}

/** Whether an error says what is wrong with a file, and nothing else. */
export function isOfFile(error: unknown): error is SavefileError | SavefileSystemError {
  return error instanceof SavefileError || error instanceof SavefileSystemError;
}

/**
 * Opens the next of several savefiles that can be opened.
 * @param from number of the first one to try
 * @returns it, and the number of the one behind it; null where none is left
 */
async function openNext(
  paths: readonly string[],
  from: number,
  options: ListOptions,
): Promise<{ source: SavefileSource; next: number } | null> {
  for (let i = from; i < paths.length; i++) {
    try {
      return { source: await openOne(paths[i]!, options), next: i + 1 };
    } catch (error) {
      if (!isOfFile(error) || options.onBroken === undefined) throw error;
      options.onBroken(error);
    }
  }
  return null;
}

/**
 * Opens the first of several savefiles that can be opened; the others follow when their turn has come.
 * @param paths at least one
 * @throws as openSavefile without `onBroken`; Error when none can be opened
 */
export async function openSavefileList(
  paths: readonly string[],
  options: ListOptions = {},
): Promise<SavefileList> {
  const first = await openNext(paths, 0, options);
  if (first === null) throw noneOf(paths);
  return new FileList(paths, options, first.source, first.next);
}

/** No file can be read: what is wrong with each has been said. */
export function noneOf(paths: readonly string[]): Error {
  return new Error(
    paths.length === 1 ? 'the file cannot be read' : `none of ${paths.length} files can be read`,
  );
}

class FileList implements SavefileList {
  /** Of the first file. */
  readonly linkType: number;
  readonly snapshotLength: number;
  /** Null between two files. */
  #current: SavefileSource | null;
  #next: number;
  #stopped = false;
  #closed = false;
  /** Packets of the files that are through. */
  #received = 0;

  constructor(
    readonly paths: readonly string[],
    readonly options: ListOptions,
    readonly first: SavefileSource,
    next: number,
  ) {
    this.linkType = first.linkType;
    this.snapshotLength = first.snapshotLength;
    this.#current = first;
    this.#next = next;
    options.onOpen?.(first);
  }

  /** @throws without `onBroken` SavefileSystemError, SavefileError for a file that can't be opened or breaks off */
  async run(handler: PacketHandler): Promise<void> {
    if (this.#closed) throw new Error(`${this.first.path}: the savefiles are closed`);
    let enough = false;
    const counted: PacketHandler = (packet) => {
      if (handler(packet)) return true;
      enough = true;
      return false;
    };
    while (this.#current !== null) {
      try {
        await this.#current.run(counted);
      } catch (error) {
        if (!isOfFile(error) || this.options.onBroken === undefined) throw error;
        this.options.onBroken(error);
      }
      if (enough || this.#stopped) return;
      this.#leave();
      const opened = await openNext(this.paths, this.#next, this.options);
      if (opened === null) return;
      this.#next = opened.next;
      this.#current = opened.source;
      // Closed or stopped while the file was being opened.
      if (this.#closed) this.#leave();
      if (this.#stopped) return;
      this.options.onOpen?.(opened.source);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.stop();
  }

  counts(): SourceCounts {
    return {
      received: this.#received + (this.#current?.counts().received ?? 0),
      droppedByKernel: 0,
      droppedByInterface: 0,
      droppedByMetadataFilter: 0,
    };
  }

  close(): void {
    this.#closed = true;
    this.#stopped = true;
    this.#leave();
  }

  /** Closes the file at hand, once. */
  #leave(): void {
    const current = this.#current;
    if (current === null) return;
    this.#current = null;
    this.#received += current.counts().received;
    current.close();
  }
}

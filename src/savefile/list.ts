// Several savefiles, one after the other (-V).

import type { PacketHandler, Source, SourceCounts } from '../packet/index.js';
import { SavefileError } from './errors.js';
import { type OpenOptions, openSavefile, type SavefileSource } from './source.js';

export interface ListOptions extends OpenOptions {
  /** Called with each file before its packets come. */
  readonly onOpen?: (source: SavefileSource) => void;
  /** Called with what breaks a file off; what comes after it in the list is still read. */
  readonly onBroken?: (error: SavefileError) => void;
}

/**
 * Opens the first of several savefiles; the others follow when their turn has come.
 * @param paths at least one
 * @throws as openSavefile
 */
export async function openSavefileList(
  paths: readonly string[],
  options: ListOptions = {},
): Promise<SavefileList> {
  return new SavefileList(paths, options, await openSavefile(paths[0]!, ofEach(options)));
}

/** The options that each file is opened with. */
export function ofEach({ onOpen: _, onBroken: __, ...each }: ListOptions): OpenOptions {
  return each;
}

export class SavefileList implements Source {
  /** Of the first file. */
  readonly linkType: number;
  readonly snapshotLength: number;
  #current: SavefileSource;
  #stopped = false;
  #closed = false;
  /** Packets of the files that are through. */
  #received = 0;

  /** Use openSavefileList. */
  constructor(
    readonly paths: readonly string[],
    readonly options: ListOptions,
    readonly first: SavefileSource,
  ) {
    this.linkType = first.linkType;
    this.snapshotLength = first.snapshotLength;
    this.#current = first;
    options.onOpen?.(first);
  }

  /** @throws SavefileSystemError, SavefileError for a file that can't be opened */
  async run(handler: PacketHandler): Promise<void> {
    if (this.#closed) throw new Error(`${this.#current.path}: the savefiles are closed`);
    let enough = false;
    const counted: PacketHandler = (packet) => {
      if (handler(packet)) return true;
      enough = true;
      return false;
    };
    for (let i = 0; ; ) {
      try {
        await this.#current.run(counted);
      } catch (error) {
        if (!(error instanceof SavefileError) || this.options.onBroken === undefined) throw error;
        this.options.onBroken(error);
      }
      if (enough || this.#stopped || ++i === this.paths.length) return;
      this.#received += this.#current.counts().received;
      this.#current.close();
      const next = await openSavefile(this.paths[i]!, ofEach(this.options));
      this.#current = next;
      // Closed or stopped while the file was being opened.
      if (this.#closed) next.close();
      if (this.#stopped) return;
      this.options.onOpen?.(this.#current);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#current.stop();
  }

  counts(): SourceCounts {
    const counts = this.#current.counts();
    return { ...counts, received: counts.received + this.#received };
  }

  close(): void {
    this.#closed = true;
    this.#stopped = true;
    this.#current.close();
  }
}

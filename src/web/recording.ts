// A recording: the packets of a capture in a file of ours, until another is made. The file is made before the process is contained
// (run/sandbox.ts), which then makes none; it is for its owner alone and has no name, so that nothing is left of it however we end.

import { closeSync, mkdtempSync, openSync, read, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Interface, LinkType, type Output, type Packet } from '../packet/index.js';
import { type SavefileWriter, savefileOn } from '../savefile/index.js';
import type { RecordingLine } from '../view/index.js';

/** Bytes after which it ends by itself. */
const MOST = 1_000_000_000;
const NAME = 'the recording';
/** Open for reading and appending, by its owner alone. */
const [FLAGS, MODE] = ['ax+', 0o600] as const;

/** Where recordings go, one after the other. */
export class RecordingFile {
  /** Those who fetch what is in it. */
  private readers = 0;

  private constructor(readonly descriptor: number) {}

  /** @throws Error when there is no room for it */
  static make(): RecordingFile {
    const folder = mkdtempSync(join(tmpdir(), 'pktap-web-'));
    try {
      return new RecordingFile(openSync(join(folder, 'recording.pcapng'), FLAGS, MODE));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  get isFetched(): boolean {
    return this.readers > 0;
  }

  /** The first bytes of it, to be read to the end or destroyed. */
  read(bytes: number): Readable {
    this.readers++;
    const { descriptor } = this;
    let at = 0;
    // Not a ReadStream: that closes the descriptor.
    return new Readable({
      read(size) {
        const length = Math.min(size, bytes - at);
        read(descriptor, Buffer.allocUnsafe(length), 0, length, at, (error, count, buffer) => {
          at += count;
          if (error !== null) this.destroy(error);
          else this.push(count === 0 ? null : buffer.subarray(0, count));
        });
      },
      destroy: (error, done) => {
        this.readers--;
        done(error);
      },
    });
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

export class Recording implements Output {
  private packets = 0;
  private error: string | null = null;
  private open = true;
  private size = 0;

  private constructor(
    private readonly file: RecordingFile,
    private readonly writer: SavefileWriter,
    private readonly most: number,
  ) {}

  /** Begins one in the place of what the file holds. @throws Error when that is being fetched */
  static start(
    file: RecordingFile,
    interfaces: readonly Interface[],
    application: string,
    most = MOST,
  ): Recording {
    if (file.isFetched) throw new Error('the last recording is being fetched');
    const writer = savefileOn(file.descriptor, NAME, {
      format: 'pcapng',
      linkType: LinkType.PKTAP,
      interfaces,
      section: { application },
    });
    return new Recording(file, writer, most);
  }

  packet(packet: Packet): void {
    if (!this.open) return;
    if (this.writer.size > this.most) {
      this.error = `it ended at ${this.most} bytes`;
      this.close();
      return;
    }
    this.attempt(() => {
      this.writer.packet(packet);
      this.packets++;
    });
  }

  flush(): void {
    if (this.open) this.attempt(() => this.writer.flush());
  }

  /** Ends it: it is whole. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    try {
      this.writer.close();
    } catch (error) {
      this.error ??= (error as Error).message;
    }
    this.size = this.writer.size;
  }

  /** What it holds, when it has ended. */
  read(): Readable {
    return this.file.read(this.size);
  }

  get line(): RecordingLine {
    const bytes = this.open ? this.writer.size : this.size;
    return { state: this.open ? 'recording' : 'done', packets: this.packets, bytes, error: this.error };
  }

  /** A full disk ends the recording, not the capture. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.error ??= (error as Error).message;
      this.close();
    }
  }
}

// A recording: the packets of a capture in a file of ours, for its owner alone, until it was fetched or another is made.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Interface, LinkType, type Output, type Packet } from '../packet/index.js';
import { createSavefile, type SavefileWriter } from '../savefile/index.js';
import type { RecordingLine } from '../view/index.js';

/** Bytes after which it ends by itself. */
const MOST = 1_000_000_000;

export class Recording implements Output {
  private packets = 0;
  private error: string | null = null;
  private open = true;
  private size = 0;

  private constructor(
    private readonly folder: string,
    readonly path: string,
    private readonly writer: SavefileWriter,
    private readonly most: number,
  ) {}

  /** @throws Error when there is no room for it */
  static async start(interfaces: readonly Interface[], application: string, most = MOST): Promise<Recording> {
    const folder = mkdtempSync(join(tmpdir(), 'pktap-web-'));
    try {
      const path = join(folder, 'recording.pcapng');
      const writer = await createSavefile(path, {
        format: 'pcapng',
        linkType: LinkType.PKTAP,
        interfaces,
        section: { application },
      });
      return new Recording(folder, path, writer, most);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
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

  /** Ends it: the file is whole. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    try {
      this.writer.close();
    } catch (error) {
      this.error ??= (error as Error).message;
    }
    this.size = statSync(this.path).size;
  }

  /** Deletes it. */
  remove(): void {
    this.close();
    rmSync(this.folder, { recursive: true, force: true });
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

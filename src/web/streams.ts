// Pages that look on: each has one answer that does not end, a message a line. Who reads slowly gets fewer messages, not later ones: no
// more than one waits for it.

import type { ServerResponse } from 'node:http';

const MOST = 8;
/** Milliseconds between two messages at least, and how long a reader may take none. */
const INTERVAL = 250;
const PATIENCE = 30_000;
/** What making messages may take of the time: one in so many parts. */
const SHARE = 20;

interface Reader {
  readonly response: ServerResponse;
  /** When it stopped to read; null: it reads. */
  stuck: number | null;
  /** What it was told last. */
  version: unknown;
}

export class Streams {
  private readonly readers = new Set<Reader>();
  private readonly timer: NodeJS.Timeout;
  private told = 0;
  private took = 0;

  /**
   * @param message makes what is told
   * @param version what it is made of: the same needs not be told again. Null: it is another each time
   */
  constructor(
    private readonly message: () => unknown,
    private readonly version: () => string | null,
  ) {
    this.timer = setInterval(() => this.tell(), INTERVAL);
  }

  get isFull(): boolean {
    return this.readers.size >= MOST;
  }

  /** Takes a response whose head was written. */
  add(response: ServerResponse): void {
    const reader: Reader = { response, stuck: null, version: undefined };
    this.readers.add(reader);
    response.on('close', () => this.readers.delete(reader));
    response.on('drain', () => {
      reader.stuck = null;
    });
    this.send(reader, this.line(), this.version());
  }

  private line(): string {
    const begin = performance.now();
    const line = `${JSON.stringify(this.message())}\n`;
    this.told = begin;
    this.took = performance.now() - begin;
    return line;
  }

  private send(reader: Reader, line: string, version: unknown): void {
    reader.version = version;
    if (!reader.response.write(line)) reader.stuck = performance.now();
  }

  private tell(): void {
    const now = performance.now();
    for (const reader of this.readers)
      if (reader.stuck !== null && now - reader.stuck > PATIENCE) reader.response.destroy();
    if (now - this.told < Math.min(PATIENCE, SHARE * this.took)) return;
    const version = this.version();
    let line: string | null = null;
    for (const reader of this.readers) {
      if (reader.stuck !== null || (version !== null && reader.version === version)) continue;
      line ??= this.line();
      this.send(reader, line, version);
    }
  }

  close(): void {
    clearInterval(this.timer);
    for (const { response } of this.readers) response.destroy();
  }
}

// Where the page gets what it shows: from the server that sent it, or from a worker that reads a dropped file.

import type { Frame, PacketAnswer, PacketDetail, PacketQuery, Watch } from '../src/view/messages.js';

export interface Feed {
  packets(query: PacketQuery): Promise<PacketAnswer>;
  /** Null: it is not kept any more. */
  packet(number: number): Promise<PacketDetail | null>;
  /** Lists other packets. Rejects for a wrong filter. */
  watch(watch: Watch): Promise<void>;
  record(on: boolean): Promise<void>;
  /** The recording that has ended. */
  recording(): Promise<Blob>;
  close(): void;
}

export interface Events {
  frame(frame: Frame): void;
  /** Why nothing comes; null: it comes. */
  trouble(text: string | null): void;
}

/** Milliseconds before the server is asked again. */
const AGAIN = 1000;
const DENIED = 401;

export class ServerFeed implements Feed {
  private readonly aborter = new AbortController();
  private closed = false;

  constructor(
    private readonly token: string,
    private readonly events: Events,
  ) {
    void this.follow();
  }

  private get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** Reads messages, a line each, and begins anew when they end. */
  private async follow(): Promise<void> {
    while (!this.closed) {
      try {
        const { signal } = this.aborter;
        const response = await fetch('api/stream', { headers: this.headers, signal });
        if (response.status === DENIED) {
          this.events.trouble('This address has no token, or an old one: open the one that pktap printed.');
          return;
        }
        if (!response.ok || response.body === null) throw new Error(await errorOf(response));
        await this.read(response.body);
        this.events.trouble('pktap has ended.');
      } catch (error) {
        if (!this.closed) this.events.trouble(`No word from pktap: ${(error as Error).message}`);
      }
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop()!;
      // Where several came at once, the last says all.
      const last = lines.at(-1);
      if (last === undefined) continue;
      this.events.trouble(null);
      this.events.frame(JSON.parse(last) as Frame);
    }
  }

  private async ask<T>(path: string, question: unknown): Promise<T> {
    const response = await fetch(`api/${path}`, {
      method: 'POST',
      headers: { ...this.headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
    });
    if (!response.ok) throw new Error(await errorOf(response));
    return (await response.json()) as T;
  }

  packets(query: PacketQuery): Promise<PacketAnswer> {
    return this.ask('packets', query);
  }

  packet(number: number): Promise<PacketDetail | null> {
    return this.ask('packet', { number });
  }

  async watch(watch: Watch): Promise<void> {
    await this.ask('watch', watch);
  }

  async record(on: boolean): Promise<void> {
    await this.ask('recording', { on });
  }

  async recording(): Promise<Blob> {
    const response = await fetch('api/recording', { headers: this.headers });
    if (!response.ok) throw new Error(await errorOf(response));
    return response.blob();
  }

  close(): void {
    this.closed = true;
    this.aborter.abort();
  }
}

async function errorOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { error: string }).error;
  } catch {
    return `status ${response.status}`;
  }
}

/** A file that was dropped: read by a worker of this page, and sent nowhere. */
export class FileFeed implements Feed {
  private readonly worker = new Worker('browser/pageworker.js', { type: 'module' });
  private readonly waiting = new Map<
    number,
    [resolve: (value: never) => void, reject: (error: Error) => void]
  >();
  private asked = 0;

  constructor(file: File, events: Events) {
    this.worker.onmessage = ({ data }) => {
      if (data.kind === 'frame') events.frame(data as Frame);
      else this.answered(data);
    };
    this.worker.onerror = ({ message }) => events.trouble(`The file cannot be read: ${message}`);
    this.worker.postMessage({ kind: 'open', file });
  }

  private answered({ id, value, error }: { id: number; value: never; error: string | null }): void {
    const [resolve, reject] = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    if (error === null) resolve?.(value);
    else reject?.(new Error(error));
  }

  private ask<T>(kind: string, question: unknown): Promise<T> {
    const id = ++this.asked;
    this.worker.postMessage({ kind, id, question });
    return new Promise((resolve, reject) => this.waiting.set(id, [resolve, reject]));
  }

  packets(query: PacketQuery): Promise<PacketAnswer> {
    return this.ask('packets', query);
  }

  packet(number: number): Promise<PacketDetail | null> {
    return this.ask('packet', number);
  }

  watch(watch: Watch): Promise<void> {
    return this.ask('watch', watch);
  }

  async record(): Promise<void> {
    throw new Error('a file is a recording already');
  }

  async recording(): Promise<Blob> {
    throw new Error('a file is a recording already');
  }

  close(): void {
    this.worker.terminate();
    for (const [, reject] of this.waiting.values()) reject(new Error('the file was closed'));
  }
}

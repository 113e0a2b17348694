// The worker of the live page (`pktap web`): reads a capture file that was dropped there, and answers as the server does.

import { compileMetadataFilter } from '../filter/metadata/index.js';
import type { PacketFilter, PacketHandler } from '../packet/index.js';
import type { Savefile } from '../savefile/index.js';
import { keeping, type PacketQuery, PacketText, View, type Watch, watchOf } from '../view/index.js';
import type { CaptureBytes } from './bytes.js';
import { openSavefile } from './open.js';
import { loadPrinting } from './text.js';

/** Milliseconds between two reports while the file is read, and packets after which the clock is looked at. */
const INTERVAL = 250;
const PACKETS = 1024;

interface Question {
  readonly kind: 'open' | 'packets' | 'packet' | 'watch';
  readonly id: number;
  readonly file: CaptureBytes & { readonly name: string };
  readonly question: unknown;
}

/** What a worker has. */
const port = globalThis as unknown as {
  postMessage(message: unknown): void;
  onmessage: (event: { readonly data: Question }) => void;
};

class FilePage {
  private readonly view = new View(false);
  private text: PacketText | null = null;
  private ended = false;
  private error: string | null = null;
  private asked = 0;
  private source: Savefile | null = null;
  private reported = 0;

  constructor(private readonly file: CaptureBytes & { readonly name: string }) {
    void this.read((packet) => {
      this.view.packet(packet);
      return true;
    });
  }

  /** Reads the file; a later reading breaks an earlier one off. */
  private async read(handle: PacketHandler): Promise<void> {
    const number = ++this.asked;
    this.source?.stop();
    let packets = 0;
    this.error = null;
    try {
      const source = await openSavefile(this.file);
      this.source = source;
      await source.run((packet) => {
        if (number !== this.asked) return false;
        if (++packets % PACKETS === 0 && performance.now() > this.reported + INTERVAL) this.report();
        return handle(packet);
      });
      source.close();
    } catch (error) {
      this.error = (error as Error).message;
    }
    if (number !== this.asked) return;
    this.ended = true;
    this.report();
  }

  private report(): void {
    this.reported = performance.now();
    const { name } = this.file;
    port.postMessage(
      this.view.frame({
        source: name,
        ended: this.ended,
        error: this.error,
        notes: [],
        time: this.view.last,
        recording: null,
        records: false,
        takesExpression: false,
      }),
    );
  }

  async answer({ kind, question }: Question): Promise<unknown> {
    if (kind === 'watch') return this.watch(watchOf(question));
    this.text ??= new PacketText(await loadPrinting());
    if (kind === 'packets') return this.view.lines(question as PacketQuery, this.text);
    return this.view.detail(question as number, this.text);
  }

  private watch(watch: Watch): void {
    if (!this.ended) throw new Error('the file is being read: filter it then');
    if (watch.expression !== '') throw new Error('packet filters need libpcap, which no browser has');
    const filters: PacketFilter[] =
      watch.metadata === '' ? [] : [compileMetadataFilter(watch.metadata).matches];
    this.view.choose(watch, keeping(watch, filters), true);
    void this.read((packet) => {
      this.view.again(packet);
      return true;
    });
  }
}

let page: FilePage | null = null;

port.onmessage = ({ data }) => {
  if (data.kind === 'open') {
    page = new FilePage(data.file);
    return;
  }
  const { id } = data;
  page!.answer(data).then(
    (value) => port.postMessage({ kind: 'answer', id, value, error: null }),
    (error: Error) => port.postMessage({ kind: 'answer', id, value: null, error: error.message }),
  );
};

// What is looked at closely: the last packets of what is selected, and the file that its packets are written to.

import type { Output, Packet } from '../packet/index.js';
import { defaultPrintOptions, type PrintServices, TextOutput } from '../print/index.js';
import type { Traffic } from '../stats/traffic/index.js';

/** Packets whose text is kept. */
const KEPT = 24;
/** Bytes that are kept of one. */
const BYTES = 4096;

/** Says whether the packet counted last is of something. */
export type Chosen = (traffic: Traffic) => boolean;

/** Keeps the last packets of what is chosen. */
export class Watch implements Output {
  private kept: Packet[] = [];
  private chosen: Chosen | null = null;
  private at = 0;

  constructor(private readonly traffic: () => Traffic) {}

  /** Begins with another; null: nothing is kept. */
  choose(chosen: Chosen | null): void {
    this.chosen = chosen;
    this.kept = [];
    this.at = 0;
  }

  packet(packet: Packet): void {
    if (this.chosen === null || !this.chosen(this.traffic())) return;
    const captured = packet.capturedLength;
    packet.capturedLength = Math.min(captured, BYTES);
    this.kept[this.at++ % KEPT] = packet.copy();
    packet.capturedLength = captured;
  }

  flush(): void {}

  close(): void {}

  /** The text of the packets kept, the oldest first. */
  lines(services: PrintServices): string[] {
    const { kept, at } = this;
    const first = Math.max(0, at - KEPT);
    const lines: string[] = [];
    const output = new TextOutput(
      { ...defaultPrintOptions(), numeric: true, absoluteSequence: true },
      (bytes) => lines.push(...Buffer.from(bytes).toString().trimEnd().split('\n')),
      services,
    );
    for (let i = first; i < at; i++) output.packet(kept[i % KEPT]!);
    output.close();
    return lines;
  }
}

/** Writes the packets of what is chosen. */
export class Recorder implements Output {
  packets = 0;
  private failed: Error | null = null;

  /**
   * @param writer takes the packets
   * @param path for eyes
   */
  constructor(
    private readonly writer: Output,
    readonly path: string,
    readonly what: string,
    private readonly chosen: Chosen,
    private readonly traffic: () => Traffic,
  ) {}

  packet(packet: Packet): void {
    if (this.failed !== null || !this.chosen(this.traffic())) return;
    this.attempt(() => {
      this.writer.packet(packet);
      this.packets++;
    });
  }

  flush(): void {
    this.attempt(() => this.writer.flush());
  }

  close(): void {
    this.attempt(() => this.writer.close());
  }

  /** What went wrong; null: nothing. */
  get error(): Error | null {
    return this.failed;
  }

  /** A full disk ends the recording, not the counting. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failed ??= error as Error;
    }
  }
}

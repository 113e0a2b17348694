// Where the traffic comes from: a live capture, or files, which are read again as far as a time.

import type { Output, Packet } from '../packet/index.js';
import { type Host, openSession, type RunSpec, type Session } from '../run/index.js';
import { Traffic } from '../stats/traffic/index.js';
import { Axis } from './axis.js';
import { type Chosen, type Recorder, Watch } from './watch.js';

/** What is shown, and where it comes from. */
export interface Feed {
  readonly traffic: Traffic;
  /** The same, of the packets that are counted now. */
  readonly watched: Traffic;
  readonly watch: Watch;
  /** What is captured on or read, for eyes. */
  readonly source: string;
  /** Of files. */
  readonly axis: Axis | null;
  /** The second that is going on. */
  now(): number;
  /** Where in the axis we are, 0 to 1. */
  readonly at: number;
  /** Packets that were lost before they could be counted. */
  readonly lost: number;
  /** Whether a file is being read. */
  readonly busy: boolean;
  /** Packets of something are wanted, or no more (null). */
  look(chosen: Chosen | null): void;
  /** Goes to a time of the axis, 0 to 1. */
  moveTo(at: number): void;
  /** What the packets of something are written by from now on; null: by nothing. */
  recorder: Recorder | null;
  /** Writes a file's packets. Of live captures `recorder` does. */
  write(recorder: Recorder): Promise<void>;
}

/** Hands each packet on to all who want it. */
class Fan implements Output {
  recorder: Recorder | null = null;

  constructor(
    private readonly traffic: Traffic,
    private readonly watch: Watch | null,
  ) {}

  packet(packet: Packet): void {
    this.traffic.packet(packet);
    this.watch?.packet(packet);
    this.recorder?.packet(packet);
  }

  flush(): void {
    this.recorder?.flush();
  }

  close(): void {
    this.recorder?.close();
  }
}

/** A live capture. */
export class LiveFeed implements Feed {
  readonly axis = null;
  readonly at = 1;
  readonly busy = false;
  private readonly fan: Fan;

  private constructor(
    readonly traffic: Traffic,
    readonly watch: Watch,
    fan: Fan,
    readonly session: Session,
  ) {
    this.fan = fan;
  }

  /** @throws Error when the capture cannot be opened */
  static async open(spec: RunSpec, host: Host, _packets: boolean): Promise<LiveFeed> {
    const traffic = new Traffic();
    const watch = new Watch(() => traffic);
    const fan = new Fan(traffic, watch);
    return new LiveFeed(traffic, watch, fan, await openSession(spec, host, [fan]));
  }

  /** Brings the counts up to date. */
  refresh(): void {}

  /** Packets that were lost before they could be counted. */
  get lost(): number {
    return this.session.counts().droppedByKernel;
  }

  get watched(): Traffic {
    return this.traffic;
  }

  get source(): string {
    return this.session.source.tap!.name;
  }

  now(): number {
    return Math.floor(Date.now() / 1000);
  }

  look(chosen: Chosen | null): void {
    this.watch.choose(chosen);
  }

  moveTo(): void {}

  get recorder(): Recorder | null {
    return this.fan.recorder;
  }

  set recorder(recorder: Recorder | null) {
    this.fan.recorder = recorder;
  }

  async write(recorder: Recorder): Promise<void> {
    this.recorder = recorder;
  }
}

/** Counts the packets until a time. */
class Until implements Output {
  constructor(
    private readonly fan: Fan,
    private readonly until: number,
    private readonly axis: Axis | null,
  ) {}

  packet(packet: Packet): void {
    const time = packet.seconds + packet.nanoseconds / 1e9;
    this.axis?.add(time, packet.length);
    if (time <= this.until) this.fan.packet(packet);
  }

  flush(): void {}

  close(): void {
    this.fan.close();
  }
}

/** Files. */
export class FileFeed implements Feed {
  traffic = new Traffic();
  readonly axis = new Axis();
  readonly watch = new Watch(() => this.watched);
  recorder: Recorder | null = null;
  readonly lost = 0;
  at = 1;
  /** Whether a file broke off, or could not be read. */
  failed = false;
  private until = Number.POSITIVE_INFINITY;
  private session: Session | null = null;
  /** Loads that were asked for. */
  private asked = 0;
  private loading = 0;
  /** What is being counted: shown when it is whole. */
  watched = this.traffic;

  /**
   * @param again whether the files can be read more than once
   * @param changed called when there is something else to show
   */
  constructor(
    private readonly spec: RunSpec,
    private readonly host: Host,
    readonly source: string,
    private readonly again: boolean,
    private readonly changed: () => void,
  ) {}

  get busy(): boolean {
    return this.loading > 0;
  }

  now(): number {
    const last = Number.isFinite(this.until) ? this.until : this.traffic.total.last;
    return Number.isFinite(last) ? Math.floor(last) : 0;
  }

  /** Reads all. @throws Error when a file cannot be opened */
  async first(): Promise<void> {
    await this.read(this.axis);
  }

  /** Ends reading soon. */
  stop(): void {
    this.asked++;
    this.session?.stop();
  }

  look(chosen: Chosen | null): void {
    this.watch.choose(chosen);
    if (chosen !== null && this.again) void this.read(null);
  }

  moveTo(at: number): void {
    if (!this.again) throw new Error('standard input cannot be read again: there is no way back in it');
    this.at = Math.min(1, Math.max(0, at));
    this.until = this.at === 1 ? Number.POSITIVE_INFINITY : this.axis.begin + this.at * this.axis.length;
    void this.read(null);
  }

  async write(recorder: Recorder): Promise<void> {
    if (!this.again) throw new Error('standard input cannot be read again: there is nothing to write');
    this.recorder = recorder;
    await this.read(null);
    this.recorder = null;
  }

  /** Reads the files to the time, and shows what was counted; a later call breaks an earlier one off. */
  private async read(axis: Axis | null): Promise<void> {
    const number = ++this.asked;
    this.session?.stop();
    this.loading++;
    const traffic = new Traffic();
    const fan = new Fan(traffic, this.watch);
    fan.recorder = this.recorder;
    this.watched = traffic;
    try {
      const session = await openSession(this.spec, this.host, [new Until(fan, this.until, axis)]);
      this.session = session;
      if (number !== this.asked) session.stop();
      // The first file is shown as it is read.
      if (axis !== null) this.traffic = traffic;
      const { failed, broken } = await session.run();
      this.failed ||= failed || broken;
      if (number === this.asked) this.traffic = traffic;
    } finally {
      this.loading--;
      this.changed();
    }
  }
}

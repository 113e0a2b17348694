// Where the traffic comes from: a live capture, or files, which are read again as far as a time.

import type { Output, Packet } from '../packet/index.js';
import { againSpec, type Host, openSession, type RunSpec, type Session } from '../run/index.js';
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

/** Milliseconds between two turns of the kernel's counts, and from a turn until nothing is counted in the old map any more. */
const TURN = 500;
const SETTLED = 80;

/** A live capture. Where nobody looks at packets the kernel counts, and its counts are taken twice a second. */
export class LiveFeed implements Feed {
  readonly axis = null;
  readonly at = 1;
  readonly busy = false;
  /** Milliseconds since the epoch up to which the kernel's counts are known; 0: packets are counted here. */
  private known = 0;
  private timers: NodeJS.Timeout[] = [];
  private looking = false;

  private constructor(
    readonly traffic: Traffic,
    readonly watch: Watch,
    private readonly fan: Fan,
    readonly session: Session,
    private readonly say: (message: string) => void,
  ) {}

  /** @throws Error when the capture cannot be opened */
  static async open(spec: RunSpec, host: Host): Promise<LiveFeed> {
    const traffic = new Traffic();
    const watch = new Watch(() => traffic);
    const fan = new Fan(traffic, watch);
    const session = await openSession(spec, host, [fan]);
    return new LiveFeed(traffic, watch, fan, session, (message) => host.notice({ kind: 'warning', message }));
  }

  /** The capture goes on from now on. */
  begin(): void {
    this.choose();
  }

  get source(): string {
    return this.session.source.name;
  }

  now(): number {
    return Math.floor((this.known === 0 ? Date.now() : this.known) / 1000);
  }

  /** Packets that were lost before they could be counted. */
  get lost(): number {
    return this.session.counts().droppedByKernel;
  }

  get watched(): Traffic {
    return this.traffic;
  }

  look(chosen: Chosen | null): void {
    this.watch.choose(chosen);
    this.looking = chosen !== null;
    this.choose();
  }

  moveTo(): void {}

  get recorder(): Recorder | null {
    return this.fan.recorder;
  }

  set recorder(recorder: Recorder | null) {
    this.fan.recorder = recorder;
    this.choose();
  }

  async write(recorder: Recorder): Promise<void> {
    this.recorder = recorder;
  }

  /** Ends the capture, when all that was counted is known. */
  async stop(): Promise<void> {
    const { tap } = this.session.source;
    if (this.known > 0) {
      tap!.counter?.count(false);
      await new Promise((done) => setTimeout(done, SETTLED));
      this.take();
    }
    for (const timer of this.timers) clearTimeout(timer);
    this.known = 0;
    this.session.stop();
  }

  /** Has the kernel count where nobody looks at packets. */
  private choose(): void {
    const counter = this.session.source.tap?.counter ?? null;
    const counts = counter?.possible === true && !this.looking && this.recorder === null;
    if (counts === this.known > 0) return;
    counter?.count(counts);
    if (counts) {
      this.known = Date.now();
      this.schedule();
    } else {
      this.known = 0;
      // What is in the maps yet is taken when nothing is counted in them any more.
      this.timers.push(setTimeout(() => this.take(), SETTLED));
    }
  }

  /** Turns at whole and half seconds, so that what is counted together is of one second. */
  private schedule(): void {
    const wait = TURN - (Date.now() % TURN);
    const turn = setTimeout(() => {
      if (this.known === 0) return;
      const counter = this.session.source.tap!.counter;
      // A filter that the kernel cannot answer for an interface that has come.
      if (!counter!.possible) {
        this.choose();
        return;
      }
      const turned = Date.now();
      counter!.turn();
      const take = setTimeout(() => {
        this.take();
        if (this.known > 0) this.known = turned;
      }, SETTLED);
      this.timers = [take];
      this.schedule();
    }, wait);
    this.timers.push(turn);
  }

  private take(): void {
    try {
      this.session.source.tap?.counter?.take((packet, packets, bytes, retransmissions) =>
        this.traffic.count(packet, packets, bytes, retransmissions, 0),
      );
    } catch (error) {
      this.say(`packets are not counted in the kernel: ${(error as Error).message}`);
      this.known = 0;
    }
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
    private spec: RunSpec,
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
      this.spec = againSpec(this.spec);
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

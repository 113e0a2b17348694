// The operator's side: what the hosts of a fleet capture, as one source of packets. What comes is of hosts that may be anybody's: it is bounded,
// and what is wrong with one is said in a line while the others go on.

import { randomBytes } from 'node:crypto';
import { milliseconds, turn } from '../builtin.js';
import { LinkType, type PacketHandler, type Source, type SourceCounts } from '../packet/index.js';
import {
  type Client,
  type ConnectOptions,
  type ConsumerMessages,
  connect,
  loadClient,
  reasonOf,
} from './client.js';
import { ClockEstimate } from './clocks.js';
import { TimeMerge } from './merge.js';
import { hostOfSubject, matchesAny, Subject } from './names.js';
import { BatchReader, HostObjects } from './reading.js';
import { type CaptureRequest, type Control, controlBytes } from './request.js';
import { type CaptureStatus, isOver, statusOf } from './status.js';
import { makeStreams, Stream } from './streams.js';

/** Milliseconds between two words to the hosts that they are still wanted; they wait for four. */
const LEASE = 5000;
/** Milliseconds that hosts have to answer, and after a stop to hand on what they have. */
const ANSWERED_IN = 1500;
const ENDED_IN = 4000;
/** Milliseconds that capturing may go on past its end. */
const GRACE = 15_000;
/** Milliseconds after which a host that says nothing is not waited for: it speaks each ten seconds, and when it is asked. */
const SILENT = 25_000;
const PACKETS_PER_LOOK = 2048;
const TURN = 20;
/** Bytes that are asked of the server at once. */
const PULL = 4 << 20;
/** Milliseconds after which it is asked again; a server that says nothing for that long is asked by another consumer. */
const PULLED_IN = 10_000;
/** Milliseconds after which the server is asked again. */
const AGAIN = 1000;
/** Hosts that are remembered, and lines that are said of them. */
const MOST_HOSTS = 200_000;
const MOST_LINES = 50;
/** Milliseconds of clock offset that are worth a line. */
const OFFSET = 100;
const BEFORE_BUDGET = 1 << 20;

export interface FleetOptions {
  readonly connection: Omit<ConnectOptions, 'waits'>;
  /** Patterns of hosts; none: all. */
  readonly hosts: readonly string[];
  /** What is asked of the hosts; null: what was kept is read again. */
  readonly request: CaptureRequest | null;
  /** Milliseconds since 1970 from which on it is read again. */
  readonly since: number;
  /** Of one capture alone; null: of all. */
  readonly capture: string | null;
  /** Takes what there is to say. */
  readonly say: (line: string) => void;
}

/** What is known of a host. */
interface Host {
  readonly objects: HostObjects;
  readonly clock: ClockEstimate;
  status: CaptureStatus | null;
  batches: number;
  packets: number;
  bytes: number;
  broken: number;
  ignored: boolean;
  offsetTold: boolean;
  /** When it was heard last; whether that is too long ago. */
  heard: number;
  silent: boolean;
}

/** A new ID for a capture. */
export function newCaptureId(): string {
  return randomBytes(6).toString('hex');
}

export class FleetSource implements Source {
  readonly linkType = LinkType.PKTAP;
  readonly snapshotLength: number;
  readonly id: string;
  private readonly hosts = new Map<string, Host>();
  private readonly merge: TimeMerge;
  private messages: ConsumerMessages | null = null;
  private lease: NodeJS.Timeout | null = null;
  /** Sequence number behind the last message read; the last one that is read again. */
  private sequence = 1;
  private last = Number.POSITIVE_INFINITY;
  /** The server's time of the last message, and ours when it came: what waits, waits by the server's clock. */
  private streamTime = 0;
  private streamCame = 0;
  private readAll = false;
  private closed = false;
  private stopped = 0;
  private readonly began = milliseconds();
  private lines = 0;
  private handedOn = 0;
  private wake: () => void = () => {};
  private readonly ended: Promise<void>;
  private failure: Error | null = null;

  private constructor(
    readonly options: FleetOptions,
    private readonly client: Client,
  ) {
    this.id = options.capture ?? newCaptureId();
    this.snapshotLength = options.request?.snapshotLength ?? 262_144;
    this.merge = new TimeMerge(options.request !== null);
    this.ended = client.connection.closed().then((error) => {
      if (error instanceof Error && !this.closed) this.failure = new Error(reasonOf(error));
      this.wake();
    });
  }

  /** @throws Error that says in one line why the fleet cannot be asked */
  static async open(options: FleetOptions): Promise<FleetSource> {
    const to: { source: FleetSource | null } = { source: null };
    const client = await connect(
      { ...options.connection, waits: false },
      {
        connected: () => to.source?.back(),
        lost: () => options.say('the server has gone: hosts go on, and what they have comes when it is back'),
        error: (reason) => to.source?.line(reason),
      },
    );
    const source = new FleetSource(options, client);
    to.source = source;
    try {
      await source.prepare();
    } catch (error) {
      await client.close();
      throw error;
    }
    return source;
  }

  /** What it is captured on or read from, for eyes. */
  get name(): string {
    const { hosts, connection } = this.options;
    const which = hosts.length === 0 ? 'all hosts' : hosts.join(',');
    return `${which} of ${connection.url}${this.replays ? ', as kept' : ''}`;
  }

  private async prepare(): Promise<void> {
    const manager = await this.client.manager();
    const made = await makeStreams(manager, null);
    if (made.length > 0)
      this.options.say(`the server keeps packets from now on: 24 hours, 1 GiB; pktap fleet setup keeps more`);
    const { state } = await manager.streams.info(Stream.PACKETS).catch((error) => {
      throw new Error(`the stream ${Stream.PACKETS}: ${reasonOf(error)}`);
    });
    if (this.replays) {
      this.last = state.last_seq;
      this.readAll = state.messages === 0 || state.last_seq === 0;
      this.sequence = Math.max(1, state.first_seq);
    } else this.sequence = state.last_seq + 1;
  }

  /** The server is there again. What it was asked before, it may not know any more. */
  private back(): void {
    this.options.say('the server is there again');
    this.messages?.stop();
    this.merge.begin();
    this.ask();
  }

  private hostOf(name: string): Host | null {
    let host = this.hosts.get(name);
    if (host !== undefined) return host;
    if (this.hosts.size >= MOST_HOSTS || !matchesAny(name, this.options.hosts)) return null;
    host = {
      objects: new HostObjects(name),
      clock: new ClockEstimate(),
      status: null,
      batches: 0,
      packets: 0,
      bytes: 0,
      broken: 0,
      ignored: false,
      offsetTold: false,
      heard: milliseconds(),
      silent: false,
    };
    this.hosts.set(name, host);
    return host;
  }

  /** Says a line; of a fleet there could be thousands. */
  private line(text: string): void {
    if (this.lines++ < MOST_LINES) this.options.say(text);
    else if (this.lines === MOST_LINES + 2) this.options.say('more is said of the fleet than is shown');
  }

  private control(control: Control): void {
    const { connection } = this.client;
    if (!this.client.connected || connection.isClosed()) return;
    connection.publish(Subject.control(this.options.connection.name, this.id), controlBytes(control));
  }

  /** Asks the hosts, the first time and again: those that come later take part, and all know that they are wanted. */
  private ask(): void {
    const { request } = this.options;
    if (request === null || this.stopped > 0) return;
    const seconds = Math.ceil(request.seconds - (milliseconds() - this.began) / 1000);
    if (seconds >= 1)
      this.control({ kind: 'capture', request: { ...request, seconds }, sent: performance.now() });
  }

  /** A host that is not heard any more is not waited for. */
  private watch(): void {
    const now = milliseconds();
    if (!this.client.connected) for (const host of this.hosts.values()) host.heard = now;
    for (const [name, host] of this.hosts) {
      if (host.silent || host.status === null || isOver(host.status.state) || now - host.heard < SILENT)
        continue;
      host.silent = true;
      this.merge.forget(name);
      this.line(`${name}: is not heard any more`);
    }
  }

  /** Begins: the hosts are asked, and those that answer at once are told. */
  private async begin(): Promise<void> {
    void this.read();
    if (this.replays) return;
    this.client.connection.subscribe(Subject.statusOfAll, {
      callback: (error, message) => {
        if (error === null) this.status(message.subject, message.data);
        else this.line(`hosts are not heard: ${reasonOf(error)}`);
      },
    });
    this.merge.begin();
    this.ask();
    this.lease = setInterval(() => {
      this.watch();
      this.ask();
    }, LEASE);
    const until = milliseconds() + ANSWERED_IN;
    while (
      milliseconds() < until &&
      this.stopped === 0 &&
      !this.capturing.some((one) => one.state === 'running')
    )
      await new Promise((done) => setTimeout(done, 20));
    const names = [...this.hosts].filter(([, { status }]) => status !== null).map(([name]) => name);
    if (names.length === 0)
      this.options.say(`no host answers yet: capture ${this.id} waits for those that come`);
    else
      this.options.say(
        `capture ${this.id} on ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`,
      );
  }

  /** What is known of the capture on the hosts. */
  private get capturing(): CaptureStatus[] {
    return [...this.hosts.values()].map(({ status }) => status).filter((status) => status !== null);
  }

  private status(subject: string, bytes: Uint8Array): void {
    const came = performance.now();
    const name = hostOfSubject(subject);
    const said = name === null ? null : statusOf(bytes);
    const host = said === null ? null : this.hostOf(name!);
    if (host === null) return;
    const { echo, time, captures } = said!;
    if (echo !== null) {
      // Both clocks of ours: the one that nobody sets, for the way, and the one that the host's is compared with.
      const wall = Date.now() - came;
      host.clock.add(echo.sent + wall, came + wall, time, echo.held);
      this.tellOffset(name!, host);
    }
    const status = captures.find(({ id }) => id === this.id);
    if (status === undefined) return;
    const before = host.status;
    host.status = status;
    host.heard = milliseconds();
    if (host.silent) this.line(`${name}: is heard again`);
    host.silent = false;
    if (isOver(status.state)) this.merge.forget(name!);
    else this.merge.expect(name!);
    if (
      status.words !== '' &&
      status.words !== before?.words &&
      (this.stopped === 0 || !(status.state === 'ending' || status.state === 'ended'))
    )
      this.line(`${name}: ${status.state === 'refused' ? 'refused: ' : ''}${status.words}`);
    this.wake();
  }

  private tellOffset(name: string, host: Host): void {
    const best = host.clock.best!;
    if (host.offsetTold || Math.abs(best.offset) - best.error < OFFSET) return;
    host.offsetTold = true;
    const seconds = (Math.abs(best.offset) / 1000).toFixed(3);
    this.line(
      `${name}: its clock is ${seconds} s ${best.offset > 0 ? 'ahead of' : 'behind'} this one (± ${(best.error / 1000).toFixed(3)} s): its packets have its time`,
    );
  }

  /** Reads the stream, until it is closed, or what was kept has been read. */
  private async read(): Promise<void> {
    let failure = '';
    while (!this.closed && !this.readAll) {
      try {
        await this.consume();
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== failure && !this.closed) this.line(`packets do not come: ${reason}`);
        failure = reason;
      }
      if (!this.closed && !this.readAll) await new Promise((done) => setTimeout(done, AGAIN).unref());
    }
    this.wake();
  }

  /** Whether what was kept is read again. */
  private get replays(): boolean {
    return this.options.request === null;
  }

  /** Reads on where it is, as long as the server sends. */
  private async consume(): Promise<void> {
    const { since, capture } = this.options;
    const { DeliverPolicy } = loadClient().jetstream;
    const all = this.replays && capture === null;
    if (this.messages !== null) {
      // A server that has lost its last messages gives their numbers to others.
      const { state } = await (await this.client.manager()).streams.info(Stream.PACKETS);
      this.sequence = Math.min(this.sequence, state.last_seq + 1);
    }
    const fromTime = this.replays && this.streamTime === 0;
    const consumer = await this.client.stream.consumers.get(Stream.PACKETS, {
      filter_subjects: all ? Subject.packetsOfAll() : Subject.packetsOfAll(this.id),
      ...(fromTime
        ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(since).toISOString() }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.sequence }),
    });
    if (this.replays && (await consumer.info()).num_pending === 0) {
      this.readAll = true;
      return;
    }
    const messages = await consumer.consume({
      max_bytes: PULL,
      threshold_bytes: PULL / 2,
      expires: PULLED_IN,
    });
    this.messages = messages;
    for await (const message of messages) {
      this.sequence = message.seq + 1;
      await this.take(message.subject, message.data, message.info.timestampNanos / 1e6);
      if (this.replays && (message.seq >= this.last || message.info.pending === 0)) this.readAll = true;
      while (this.merge.full && !this.closed) await new Promise((done) => setTimeout(done, 5));
      if (this.closed || this.readAll) break;
    }
  }

  private async take(subject: string, bytes: Uint8Array, time: number): Promise<void> {
    this.streamTime = Math.max(this.streamTime, time);
    this.streamCame = milliseconds();
    const name = hostOfSubject(subject);
    const host = name === null ? null : this.hostOf(name);
    if (host === null || host.ignored) return;
    host.batches++;
    host.bytes += bytes.length;
    const { request } = this.options;
    if (request !== null && host.bytes > request.bytes + BEFORE_BUDGET) {
      host.ignored = true;
      this.line(`${name}: sends more than it was asked for: the rest is left out`);
      return;
    }
    const reader = await BatchReader.open(bytes, host.objects, (reason) => {
      if (host.broken++ === 0) this.line(`${name}: a broken batch, of which the rest is left out: ${reason}`);
    });
    if (reader === null) return;
    this.merge.add(name!, reader, this.now(), host.status === null || !isOver(host.status.state));
    this.wake();
  }

  /** The server's clock. */
  private now(): number {
    return this.streamTime + (this.replays ? 0 : milliseconds() - this.streamCame);
  }

  /** Whether nothing comes any more. */
  private get over(): boolean {
    if (this.options.request === null) return this.readAll || this.stopped > 0;
    const now = milliseconds();
    if (this.stopped > 0 && now - this.stopped > ENDED_IN) return true;
    if (now - this.began > this.options.request.seconds * 1000 + GRACE) return true;
    const hosts = [...this.hosts.values()].filter(({ status }) => status !== null);
    if (hosts.length === 0) return this.stopped > 0;
    return hosts.every(
      ({ status, batches, silent }) =>
        (isOver(status!.state) && batches >= status!.batches) || (silent && this.stopped > 0),
    );
  }

  async run(handler: PacketHandler): Promise<void> {
    await this.begin();
    const handle: PacketHandler = (packet) => {
      this.handedOn++;
      return handler(packet);
    };
    let turnEnds = milliseconds() + TURN;
    for (;;) {
      if (this.failure !== null) throw this.failure;
      const over = this.over;
      const progress = this.merge.emit(handle, this.now(), PACKETS_PER_LOOK, over);
      if (progress === 'enough' || (over && this.merge.size === 0)) break;
      if (progress === 'waiting') await this.wait();
      else if (milliseconds() > turnEnds) {
        await turn();
        turnEnds = milliseconds() + TURN;
      }
    }
    await this.finish();
  }

  private async wait(): Promise<void> {
    const { next } = this.merge;
    const most = next === null ? 100 : Math.max(1, Math.min(100, next - this.now()));
    await new Promise<void>((done) => {
      const timer = setTimeout(done, most);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    this.wake = () => {};
  }

  stop(): void {
    if (this.stopped > 0) return;
    this.stopped = milliseconds();
    if (!this.replays) this.control({ kind: 'cancel' });
    this.wake();
  }

  /** Tells the hosts that it is over, and what was less than all. */
  private async finish(): Promise<void> {
    if (this.lease !== null) clearInterval(this.lease);
    this.stop();
    for (const [name, host] of this.hosts) this.tellLosses(name, host);
    const { late, hurried } = this.merge;
    if (late > 0)
      this.options.say(
        `${late} packets came too late to be in order of time${hurried ? ': there was no room to wait for others' : ''}`,
      );
    await Promise.race([this.client.close(), new Promise((done) => setTimeout(done, AGAIN))]);
  }

  private tellLosses(name: string, { status, batches, broken }: Host): void {
    if (broken > 1) this.line(`${name}: ${broken} broken batches`);
    if (status === null) return;
    const parts = [
      [status.droppedByNetwork, 'the network was too slow for'],
      [status.droppedByRate, 'were over the rate'],
      [status.droppedByBudget, 'were over the bytes that it may send'],
    ] as const;
    for (const [packets, why] of parts)
      if (packets > 0) this.line(`${name}: ${packets} packets ${why}: they were dropped`);
    if (status.withheld > 0) this.line(`${name}: ${status.withheld} packets are kept there by its policy`);
    if (isOver(status.state) && batches < status.batches)
      this.line(`${name}: ${status.batches - batches} batches that it sent were not read`);
  }

  counts(): SourceCounts {
    const all = this.capturing;
    const sum = (of: (status: CaptureStatus) => number): number =>
      all.reduce((total, status) => total + of(status), 0);
    return {
      received: this.replays
        ? this.handedOn
        : Math.max(
            this.handedOn,
            sum((one) => one.received),
          ),
      droppedByKernel: sum(
        (one) => one.droppedByKernel + one.droppedByNetwork + one.droppedByRate + one.droppedByBudget,
      ),
      droppedByInterface: 0,
      droppedByMetadataFilter: 0,
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.lease !== null) clearInterval(this.lease);
    this.messages?.stop();
    void this.client.close();
    void this.ended;
  }
}

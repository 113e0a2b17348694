// One capture on a host: its packets go to the server in batches, within its limits; what has no room is counted, and the capture is never
// waited for.

import { milliseconds } from '../builtin.js';
import { type Client, reasonOf } from './client.js';
import { Subject } from './names.js';
import { type Batch, BatchQueue, RateLimit } from './queue.js';
import type { CaptureRequest } from './request.js';
import { type CaptureState, type CaptureStatus, isOver } from './status.js';

/** Bytes that wait for the network at most. */
const MOST_WAITING = 32 << 20;
/** Batches that were sent and not acknowledged. */
const WINDOW = 16;
/** Milliseconds until what was not acknowledged is sent again. */
const ACKNOWLEDGED_IN = 5000;
const AGAIN = 500;
/** Milliseconds that an ended capture has to send what waits. */
const ENDING = 30_000;
/** Milliseconds without a word of the operator after which it has gone, while the server is there. */
const LEASE = 20_000;
/** Bytes that a message may have besides a batch. */
const ENVELOPE = 1024;

/** What runs a capture: a process of its own, or whatever a test has. */
export interface Capturing {
  /** Ends it soon; what it has captured still comes. */
  stop(): void;
  /** Ends it now. */
  kill(): void;
}

export interface CaptureEvents {
  opened(): void;
  section(bytes: Uint8Array, packets: number): void;
  /** Flow records, lines of JSON. */
  flows(lines: string): void;
  counts(received: number, droppedByKernel: number, withheld: number): void;
  said(words: string): void;
  /** @param failure why it broke off; null: it did not */
  ended(failure: string | null): void;
}

/** @param own packet filters of the fleet's own connections, which are not captured */
export type Capturer = (request: CaptureRequest, events: CaptureEvents, own: readonly string[]) => Capturing;

export interface CaptureOwner {
  readonly host: string;
  /** Different at each start of an agent. */
  readonly boot: string;
  readonly client: Client;
  changed(): void;
  ended(capture: HostCapture): void;
}

export class HostCapture implements CaptureEvents {
  state: CaptureState = 'opening';
  words = '';
  /** When the operator was heard last. */
  heard = milliseconds();
  private readonly queue = new BatchQueue(MOST_WAITING);
  private readonly limit: RateLimit;
  private readonly ends: number;
  private readonly timers: NodeJS.Timeout[] = [];
  private capturing: Capturing | null = null;
  private inFlight = 0;
  private batches = 0;
  private acknowledged = 0;
  private packets = 0;
  private bytes = 0;
  private taken = 0;
  private received = 0;
  private droppedByKernel = 0;
  private droppedByRate = 0;
  private droppedByBudget = 0;
  private tooLarge = 0;
  private withheld = 0;
  private waits: NodeJS.Timeout | null = null;

  constructor(
    readonly id: string,
    readonly operator: string,
    readonly request: CaptureRequest,
    private readonly owner: CaptureOwner,
  ) {
    const now = milliseconds();
    this.limit = new RateLimit(request.rate, now);
    this.ends = now + request.seconds * 1000;
  }

  /** Begins. */
  start(capturer: Capturer, own: readonly string[]): void {
    this.timers.push(setTimeout(() => this.stop('its time is over'), this.request.seconds * 1000));
    this.timers.push(setInterval(() => this.checkLease(), LEASE / 8));
    try {
      this.capturing = capturer(this.request, this, own);
    } catch (error) {
      this.ended((error as Error).message);
    }
  }

  get over(): boolean {
    return isOver(this.state);
  }

  /** Without a server nobody can be heard: the time without one does not count. */
  private checkLease(): void {
    const now = milliseconds();
    if (!this.owner.client.connected) this.heard = now;
    else if (now - this.heard > LEASE) this.stop('its operator has gone');
  }

  /** Ends it, for a reason. */
  stop(words: string): void {
    if (this.state !== 'opening' && this.state !== 'running') return;
    this.state = 'ending';
    this.words = words;
    for (const timer of this.timers) clearTimeout(timer);
    const capturing = this.capturing;
    capturing?.stop();
    this.timers.push(
      setTimeout(() => capturing?.kill(), ACKNOWLEDGED_IN),
      setTimeout(() => {
        this.queue.clear();
        this.finish();
      }, ENDING),
    );
    this.owner.changed();
  }

  /** Ends it at once, with the agent. */
  kill(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.capturing?.kill();
  }

  opened(): void {
    if (this.state !== 'opening') return;
    this.state = 'running';
    this.owner.changed();
  }

  section(bytes: Uint8Array, packets: number): void {
    const now = milliseconds();
    if (this.taken + bytes.length > this.request.bytes) {
      this.droppedByBudget += packets;
      this.stop('its bytes are used up');
      return;
    }
    if (!this.limit.takes(bytes.length, now)) {
      this.droppedByRate += packets;
      return;
    }
    this.taken += bytes.length;
    this.queue.add({ bytes, packets, came: now, number: this.batches++ });
    this.pump();
  }

  flows(lines: string): void {
    const { client, host } = this.owner;
    if (!client.connected) return;
    client.stream
      .publish(Subject.flows(host), lines, { timeout: ACKNOWLEDGED_IN })
      .catch((error) => this.said(`flow records: ${reasonOf(error)}`));
  }

  counts(received: number, droppedByKernel: number, withheld: number): void {
    this.received = received;
    this.droppedByKernel = droppedByKernel;
    this.withheld = withheld;
  }

  said(words: string): void {
    if (this.words === words || this.state === 'ending') return;
    this.words = words;
    this.owner.changed();
  }

  ended(failure: string | null): void {
    if (this.over) return;
    this.capturing = null;
    if (failure !== null && this.state !== 'ending') {
      this.state = 'ending';
      this.words = failure;
    } else if (this.state !== 'ending') {
      this.state = 'ending';
      this.words = 'it ended';
    }
    this.failed = failure !== null;
    this.finish();
  }

  private failed = false;

  /** Ends when nothing waits any more. */
  private finish(): void {
    if (this.state !== 'ending' || this.capturing !== null) return;
    if (this.queue.length > 0 || this.inFlight > 0) {
      this.pump();
      return;
    }
    this.state = this.failed ? 'failed' : 'ended';
    for (const timer of this.timers) clearTimeout(timer);
    this.owner.changed();
    this.owner.ended(this);
  }

  /** The server is there again. */
  resume(): void {
    this.pump();
  }

  private pump(): void {
    const { client } = this.owner;
    while (this.inFlight < WINDOW && client.connected && this.waits === null) {
      const batch = this.queue.take();
      if (batch === undefined) break;
      void this.send(batch);
    }
  }

  private async send(batch: Batch): Promise<void> {
    const { client, host, boot } = this.owner;
    const most = (client.connection.info?.max_payload ?? 1 << 20) - ENVELOPE;
    if (batch.bytes.length > most) {
      this.tooLarge += batch.packets;
      this.said(`the server takes ${most} bytes at once: a batch of ${batch.bytes.length} was dropped`);
      return;
    }
    this.inFlight++;
    try {
      await client.stream.publish(Subject.packets(host, this.id), batch.bytes, {
        msgID: `${boot}-${this.id}-${batch.number}`,
        timeout: ACKNOWLEDGED_IN,
      });
      this.acknowledged++;
      this.packets += batch.packets;
      this.bytes += batch.bytes.length;
    } catch (error) {
      // It is kept once, if the server has it already.
      this.queue.back(batch);
      this.said(`packets wait: ${reasonOf(error)}`);
      this.waits ??= setTimeout(() => {
        this.waits = null;
        this.pump();
      }, AGAIN);
    } finally {
      this.inFlight--;
    }
    if (this.state === 'ending') this.finish();
    else this.pump();
  }

  status(): CaptureStatus {
    const now = milliseconds();
    return {
      id: this.id,
      operator: this.operator,
      state: this.state,
      words: this.words,
      left: Math.max(0, Math.round((this.ends - now) / 1000)),
      batches: this.acknowledged,
      packets: this.packets,
      bytes: this.bytes,
      received: this.received,
      droppedByKernel: this.droppedByKernel,
      droppedByNetwork: this.queue.dropped + this.tooLarge,
      droppedByRate: this.droppedByRate,
      droppedByBudget: this.droppedByBudget,
      withheld: this.withheld,
      waiting: this.queue.bytes,
      lag: Math.round(this.queue.lag(now)),
    };
  }
}

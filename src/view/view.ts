// The live view as an output: counts, bytes over time, and packets that a filter takes. A server has one of its capture, a worker
// in a page one of the file that was dropped there.

import { type Output, type Packet, type PacketFilter, visible } from '../packet/index.js';
import { Traffic } from '../stats/traffic/index.js';
import { Drops } from './drops.js';
import type { Frame, PacketAnswer, PacketDetail, PacketQuery, Watch } from './messages.js';
import { merged, PacketRing } from './packetring.js';
import { countOf, flowLines, hostLines, processLines, restOf, totalSums } from './rows.js';
import { directionWord, hexDump, type PacketText, packetFacts } from './text.js';
import { Timeline } from './timeline.js';

/** Rows of each kind in a message, and programs in its timeline. */
const ROWS = 200;
const SERIES = 12;
/** Lines of packets in an answer at most. */
const LINES = 500;
/** Seconds of a stretch at first: of files, which may be short, less. */
const LIVE_WIDTH = 1;
const FILE_WIDTH = 2 ** -10;

const WATCH_ALL: Watch = { metadata: '', expression: '', from: null, to: null };

/** What its owner knows besides. */
export type Surroundings = Pick<
  Frame,
  'source' | 'ended' | 'error' | 'notes' | 'time' | 'recording' | 'records'
> & { readonly takesExpression: boolean };

export class View implements Output {
  readonly traffic = new Traffic();
  private readonly timeline: Timeline;
  private readonly drops = new Drops();
  private ring: PacketRing;
  /** Packets that any filter may be asked of, while one keeps others out of the list; null: none does, or all are read again. */
  private unfiltered: PacketRing | null = null;
  private keep: PacketFilter | null = null;
  private watch = WATCH_ALL;
  private edition = 1;
  /** Packets that came, and that the list's filter took. */
  private came = 0;
  private matched = 0;
  /** The name that was made fit to be shown last. */
  private name: string | null = '';
  private shown: string | null = '';

  /** @param live whether the list has the last packets, and not the first */
  constructor(private readonly live: boolean) {
    this.timeline = new Timeline(live ? LIVE_WIDTH : FILE_WIDTH);
    this.ring = new PacketRing(!live);
  }

  packet(packet: Packet): void {
    const { traffic } = this;
    const { packetsIn } = traffic.total;
    traffic.packet(packet);
    const name = traffic.process.subject === null ? null : traffic.process.subject.name;
    if (name !== this.name) {
      this.name = name;
      this.shown = name === null ? null : visible(name);
    }
    const time = packet.seconds + packet.nanoseconds / 1e9;
    this.timeline.count(this.shown, time, packet.length, traffic.total.packetsIn !== packetsIn);
    const { metadata } = packet;
    if (metadata !== null && metadata.dropReason !== 0) this.drops.count(metadata, packet.length);
    this.came++;
    this.unfiltered?.add(this.came, packet);
    if (this.keep === null || this.keep(packet)) this.list(this.came, packet);
  }

  /** A packet that is listed and not counted: it was counted before. */
  again(packet: Packet): void {
    this.came++;
    if (this.keep === null || this.keep(packet)) this.list(this.came, packet);
  }

  private list(number: number, packet: Packet): void {
    this.matched++;
    this.ring.add(number, packet);
  }

  flush(): void {}

  close(): void {}

  /**
   * Lists other packets from now on.
   * @param keep null: all
   * @param again whether all packets will be handed in once more (`again`); otherwise those that are kept are asked
   */
  choose(watch: Watch, keep: PacketFilter | null, again: boolean): void {
    const { ring, unfiltered } = this;
    this.ring = new PacketRing(!this.live);
    this.unfiltered = again || keep === null ? null : (unfiltered ?? ring);
    this.matched = 0;
    this.keep = keep;
    this.watch = watch;
    this.edition++;
    if (again) {
      this.came = 0;
      return;
    }
    for (const { number, packet } of merged(ring, unfiltered ?? ring)) {
      if (keep === null || keep(packet)) this.list(number, packet);
    }
  }

  frame(given: Surroundings): Frame {
    const { traffic, ring } = this;
    const now = Math.floor(given.time);
    const { takesExpression, ...around } = given;
    const processes = processLines(traffic, now, ROWS);
    const flows = flowLines(traffic, now, ROWS);
    const hosts = hostLines(traffic, now, ROWS);
    return {
      kind: 'frame',
      live: this.live,
      ...around,
      notes: [...around.notes, ...this.limits()],
      time: now,
      total: totalSums(traffic, now),
      processes,
      flows,
      hosts,
      drops: this.drops.lines(ROWS),
      rest: {
        processes: restOf(traffic.total, processes, countOf(traffic.processes)),
        flows: restOf(traffic.total, flows, traffic.flows.count + traffic.flows.evicted),
        hosts: restOf(traffic.total, hosts, countOf(traffic.hosts)),
      },
      timeline: this.timeline.data(SERIES),
      packets: {
        edition: this.edition,
        matched: this.matched,
        first: ring.count === 0 ? 0 : ring.kept(0).number,
        last: ring.count === 0 ? 0 : ring.kept(ring.count - 1).number,
        kept: ring.count,
        watch: this.watch,
        takesExpression,
      },
    };
  }

  private limits(): string[] {
    const { traffic, timeline } = this;
    const notes: string[] = [];
    const evicted: [number, string][] = [
      [traffic.processes.evicted, 'processes'],
      [traffic.flows.evicted, 'flows'],
      [traffic.hosts.evicted, 'hosts'],
    ];
    for (const [count, what] of evicted)
      if (count > 0) notes.push(`${count} ${what} made room for others: their sums are in the rest`);
    if (timeline.evicted > 0)
      notes.push(`${timeline.evicted} programs are in the plot without a colour of their own`);
    return notes;
  }

  /** The seconds of the last packet, for files; 0: none came. */
  get last(): number {
    const { last } = this.traffic.total;
    return Number.isFinite(last) ? last : 0;
  }

  /** Another text whenever there is something new to show. */
  get version(): string {
    return `${this.edition} ${this.came} ${this.matched} ${this.traffic.total.packetsIn} ${this.traffic.total.packetsOut}`;
  }

  lines({ after, before, most }: PacketQuery, text: PacketText): PacketAnswer {
    const { ring } = this;
    const wanted = Math.max(0, Math.min(LINES, most));
    const end = before === undefined ? ring.count : ring.before(before);
    const begin = Math.max(end - wanted, after === undefined ? 0 : ring.before(after + 1));
    const lines = [];
    for (let i = begin; i < end; i++) {
      const { number, packet } = ring.kept(i);
      const process = packet.metadata?.process ?? null;
      lines.push({
        number,
        time: packet.seconds + packet.nanoseconds / 1e9,
        process: process === null ? null : visible(process.name),
        pid: process?.pid ?? null,
        interface: packet.interface === null ? null : visible(packet.interface.name),
        direction: directionWord(packet.metadata?.direction),
        length: packet.length,
        text: text.line(packet),
      });
    }
    return { edition: this.edition, lines };
  }

  /** All of a packet; null: it is not kept any more. */
  detail(number: number, text: PacketText): PacketDetail | null {
    const packet = this.ring.find(number);
    if (packet === null) return null;
    return { number, facts: packetFacts(packet), text: text.whole(packet), bytes: hexDump(packet.data) };
  }
}

/** What keeps packets of a stretch of time that a filter takes; null: all are kept. */
export function keeping({ from, to }: Watch, filters: readonly PacketFilter[]): PacketFilter | null {
  const all = [...filters];
  if (from !== null || to !== null) {
    const first = from ?? Number.NEGATIVE_INFINITY;
    const last = to ?? Number.POSITIVE_INFINITY;
    all.push((packet) => {
      const time = packet.seconds + packet.nanoseconds / 1e9;
      return time >= first && time < last;
    });
  }
  return all.length === 0 ? null : (packet) => all.every((filter) => filter(packet));
}

/** @returns a watch that was asked for, if it is one @throws Error that says what is wrong with it */
export function watchOf(value: unknown): Watch {
  const { metadata, expression, from, to } = (value ?? {}) as Record<string, unknown>;
  const isText = (one: unknown): one is string => typeof one === 'string' && one.length <= 4096;
  const isTime = (one: unknown): one is number | null => one === null || Number.isFinite(one);
  if (!isText(metadata) || !isText(expression))
    throw new Error('a filter is a text of 4,096 characters at most');
  if (!isTime(from) || !isTime(to)) throw new Error('a time is a number of seconds, or null');
  return { metadata: metadata.trim(), expression: expression.trim(), from, to };
}

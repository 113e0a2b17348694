// Groups of packets that are counted: a process, a host, an interface, … As many as there is room for; the one that was
// idle longest makes room for another, and is counted with the others from then on.

import { Ring, SECONDS } from './ring.js';
import type { Counts } from './snapshot.js';

/** What is counted of a group. */
export class Row<Subject> {
  packetsIn = 0;
  packetsOut = 0;
  /** On the wire. */
  bytesIn = 0;
  bytesOut = 0;
  retransmissions = 0;
  resets = 0;
  drops = 0;
  /** Flows that are kept. */
  flows = 0;
  /** Seconds since the epoch. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  /** The second that is being counted, what came in it, and what came in the one before. */
  private second = -1;
  private nowIn = 0;
  private nowOut = 0;
  private beforeIn = 0;
  private beforeOut = 0;
  /** Where a second was over in which something came. */
  private ring: Ring | null = null;
  /** Its number is among the others' now. */
  evicted = false;
  /** Neighbours in the order in which rows were last counted. */
  colder: Row<Subject> | null = null;
  warmer: Row<Subject> | null = null;

  constructor(
    readonly id: number,
    public subject: Subject,
    private readonly minutes: boolean,
  ) {}

  count(packets: number, bytes: number, incoming: boolean, time: number): void {
    if (incoming) {
      this.packetsIn += packets;
      this.bytesIn += bytes;
    } else {
      this.packetsOut += packets;
      this.bytesOut += bytes;
    }
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    const second = Math.floor(time);
    if (second !== this.second && !this.turn(second, bytes, incoming)) return;
    if (incoming) this.nowIn += bytes;
    else this.nowOut += bytes;
  }

  /** Another second. @returns whether it is the one that is counted now; a late one is put where it belongs */
  private turn(second: number, bytes: number, incoming: boolean): boolean {
    if (second < this.second) {
      this.ring ??= new Ring(this.minutes);
      this.ring.add(second, incoming ? bytes : 0, incoming ? 0 : bytes);
      if (second === this.second - 1) {
        if (incoming) this.beforeIn += bytes;
        else this.beforeOut += bytes;
      }
      return false;
    }
    if (this.second >= 0) {
      this.ring ??= new Ring(this.minutes);
      this.ring.add(this.second, this.nowIn, this.nowOut);
    }
    const next = second === this.second + 1;
    this.beforeIn = next ? this.nowIn : 0;
    this.beforeOut = next ? this.nowOut : 0;
    this.nowIn = 0;
    this.nowOut = 0;
    this.second = second;
    return true;
  }

  /** Adds what another row has counted. Its history stays behind. */
  absorb(other: Row<unknown>): void {
    this.packetsIn += other.packetsIn;
    this.packetsOut += other.packetsOut;
    this.bytesIn += other.bytesIn;
    this.bytesOut += other.bytesOut;
    this.retransmissions += other.retransmissions;
    this.resets += other.resets;
    this.drops += other.drops;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
  }

  /** Bytes of the second before `now`: 0 in, 1 out. */
  private rate(now: number, direction: 0 | 1): number {
    if (this.second === now - 1) return direction === 0 ? this.nowIn : this.nowOut;
    if (this.second === now) return direction === 0 ? this.beforeIn : this.beforeOut;
    return 0;
  }

  /**
   * @param now the second that is going on
   * @returns plain data
   */
  counts(now: number): Counts {
    const history: number[] = [];
    for (let second = now - SECONDS + 1; second <= now; second++) history.push(this.bytesOf(second));
    return { ...this.brief(now), history };
  }

  /** The same without history. */
  brief(now: number): Omit<Counts, 'history'> {
    return {
      packets: this.packetsIn + this.packetsOut,
      packetsIn: this.packetsIn,
      packetsOut: this.packetsOut,
      bytes: this.bytesIn + this.bytesOut,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      rateIn: this.rate(now, 0),
      rateOut: this.rate(now, 1),
      retransmissions: this.retransmissions,
      resets: this.resets,
      drops: this.drops,
      flows: this.flows,
      first: this.packetsIn + this.packetsOut === 0 ? null : this.first,
      last: this.packetsIn + this.packetsOut === 0 ? null : this.last,
    };
  }

  private bytesOf(second: number): number {
    const now = second === this.second ? this.nowIn + this.nowOut : 0;
    const seconds = this.ring?.seconds;
    return now + (seconds === undefined ? 0 : seconds.at(second, 0) + seconds.at(second, 1));
  }

  /** Bytes of each of the last minutes, the oldest first; empty where minutes are not kept. */
  minutesOf(now: number): number[] {
    if (!this.minutes) return [];
    const minute = Math.floor(now / 60);
    const current = Math.floor(this.second / 60);
    return Array.from({ length: SECONDS }, (_, i) => {
      const at = minute - SECONDS + 1 + i;
      const minutes = this.ring?.minutes ?? null;
      const past = minutes === null ? 0 : minutes.at(at, 0) + minutes.at(at, 1);
      return past + (at === current && this.second >= 0 ? this.nowIn + this.nowOut : 0);
    });
  }
}

/** Rows by their key, in bounded number. */
export class Rows<Subject> {
  private readonly byKey = new Map<string, Row<Subject>>();
  private readonly keys = new WeakMap<Row<Subject>, string>();
  private coldest: Row<Subject> | null = null;
  private warmest: Row<Subject> | null = null;
  /** What rows counted that made room for others. */
  readonly others: Row<null> = new Row<null>(-1, null, false);
  evicted = 0;

  /**
   * @param most rows that are kept
   * @param minutes whether each keeps minutes
   * @param numbers gives each row its number
   */
  constructor(
    private readonly most: number,
    private readonly minutes: boolean,
    private readonly numbers: () => number,
  ) {}

  get size(): number {
    return this.byKey.size;
  }

  find(key: string): Row<Subject> | undefined {
    return this.byKey.get(key);
  }

  add(key: string, subject: Subject): Row<Subject> {
    if (this.byKey.size >= this.most) this.evict();
    const row = new Row(this.numbers(), subject, this.minutes);
    this.byKey.set(key, row);
    this.keys.set(row, key);
    this.link(row);
    return row;
  }

  /** Has been counted: it is the warmest. */
  touch(row: Row<Subject>): void {
    if (row === this.warmest || row.evicted) return;
    this.unlink(row);
    this.link(row);
  }

  private link(row: Row<Subject>): void {
    row.colder = this.warmest;
    row.warmer = null;
    if (this.warmest !== null) this.warmest.warmer = row;
    this.warmest = row;
    this.coldest ??= row;
  }

  private unlink(row: Row<Subject>): void {
    if (row.colder === null) this.coldest = row.warmer;
    else row.colder.warmer = row.warmer;
    if (row.warmer === null) this.warmest = row.colder;
    else row.warmer.colder = row.colder;
  }

  private evict(): void {
    const row = this.coldest!;
    this.unlink(row);
    row.colder = row.warmer = null;
    row.evicted = true;
    this.byKey.delete(this.keys.get(row)!);
    this.others.absorb(row);
    this.evicted++;
  }

  [Symbol.iterator](): IterableIterator<Row<Subject>> {
    return this.byKey.values();
  }
}

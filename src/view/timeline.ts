// Bytes over time by program, in memory of fixed size: so many stretches of time, which become twice as long whenever the time does
// not fit. Bounds of stretches are multiples of their length, so that two become one exactly.

import type { SeriesLine, TimelineData } from './messages.js';

const STRETCHES = 600;
/** Programs that have a series of their own. */
const PROGRAMS = 256;

class Series {
  readonly bytesIn = new Float64Array(STRETCHES);
  readonly bytesOut = new Float64Array(STRETCHES);
  sum = 0;

  constructor(readonly process: string | null) {}

  line(count: number): SeriesLine {
    return {
      process: this.process,
      bytesIn: Array.from(this.bytesIn.subarray(0, count)),
      bytesOut: Array.from(this.bytesOut.subarray(0, count)),
    };
  }
}

/** Puts each two stretches together. @param odd whether the first is the second half of one */
function pair(values: Float64Array, odd: number): void {
  for (let i = 0; i < STRETCHES; i++) {
    const value = values[i]!;
    values[i] = 0;
    values[(i + odd) >> 1]! += value;
  }
}

export class Timeline {
  private readonly all = new Series(null);
  private readonly byName = new Map<string | null, Series>();
  private recent: Series | null = null;
  /** Numbers of the first stretch and the last: time divided by the length. */
  private begin = 0;
  private last = -1;
  /** Programs whose series made room for others. */
  evicted = 0;

  /** @param width seconds of a stretch at first: a power of two */
  constructor(private width: number) {}

  /** @param process the program's name; null: not known */
  count(process: string | null, time: number, bytes: number, incoming: boolean): void {
    const place = this.place(time);
    let series = this.recent;
    if (series === null || series.process !== process) {
      series = this.seriesOf(process);
      this.recent = series;
    }
    const { all } = this;
    series.sum += bytes;
    if (incoming) {
      series.bytesIn[place]! += bytes;
      all.bytesIn[place]! += bytes;
    } else {
      series.bytesOut[place]! += bytes;
      all.bytesOut[place]! += bytes;
    }
  }

  private place(time: number): number {
    let number = Math.floor(time / this.width);
    if (this.last < this.begin) this.begin = this.last = number;
    while (Math.max(this.last, number) - Math.min(this.begin, number) >= STRETCHES) {
      this.lengthen();
      number = Math.floor(time / this.width);
    }
    if (number < this.begin) this.moveTo(number);
    if (number > this.last) this.last = number;
    return number - this.begin;
  }

  private lengthen(): void {
    const odd = Math.abs(this.begin % 2);
    this.width *= 2;
    this.begin = Math.floor(this.begin / 2);
    this.last = Math.floor(this.last / 2);
    for (const { bytesIn, bytesOut } of [this.all, ...this.byName.values()]) {
      pair(bytesIn, odd);
      pair(bytesOut, odd);
    }
  }

  /** A packet of an earlier time came late. */
  private moveTo(begin: number): void {
    const by = this.begin - begin;
    this.begin = begin;
    for (const { bytesIn, bytesOut } of [this.all, ...this.byName.values()])
      for (const values of [bytesIn, bytesOut]) {
        values.copyWithin(by, 0);
        values.fill(0, 0, by);
      }
  }

  private seriesOf(process: string | null): Series {
    let series = this.byName.get(process);
    if (series !== undefined) return series;
    if (this.byName.size >= PROGRAMS) {
      let least: Series | null = null;
      for (const one of this.byName.values()) if (least === null || one.sum < least.sum) least = one;
      this.byName.delete(least!.process);
      this.evicted++;
    }
    series = new Series(process);
    this.byName.set(process, series);
    return series;
  }

  /** @param most series that are wanted */
  data(most: number): TimelineData {
    const count = Math.max(0, this.last - this.begin + 1);
    const series = [...this.byName.values()].sort((a, b) => b.sum - a.sum).slice(0, most);
    return {
      begin: this.begin * this.width,
      width: this.width,
      count,
      series: series.map((one) => one.line(count)),
      all: this.all.line(count),
    };
  }
}

// Time stamps in front of a packet: -t's five styles.

import { TimestampStyle } from './options.js';
import { Constant, type LineWriter } from './writer.js';

/** Seconds of a minute's offset cache: time zones change at full minutes. */
const MINUTE = 60;

/** Writes time stamps; remembers the previous and the first packet's, and the minute's broken-down time. */
export class TimestampWriter {
  private readonly style: number;
  private readonly nanoseconds: boolean;
  private referenceSeconds = 0;
  private referenceFraction = 0;
  private minute = Number.NaN;
  private date = '';
  private hourMinute = '';
  /** The second written last, and what is written of it. */
  private second = Number.NaN;
  private text = new Constant('');

  constructor(style: number, nanoseconds: boolean) {
    this.style = style;
    this.nanoseconds = nanoseconds;
  }

  /** @param nanoseconds 0..999,999,999, or more in a broken file */
  write(w: LineWriter, seconds: number, nanoseconds: number): void {
    const unit = this.nanoseconds ? 1_000_000_000 : 1_000_000;
    const fraction = this.nanoseconds ? nanoseconds : Math.floor(nanoseconds / 1000);
    switch (this.style) {
      case TimestampStyle.TIME:
        this.clock(w, seconds, false);
        break;
      case TimestampStyle.NONE:
        return;
      case TimestampStyle.SECONDS:
        w.int(seconds);
        break;
      case TimestampStyle.DATE_TIME:
        this.clock(w, seconds, true);
        break;
      default:
        this.delta(w, seconds, fraction, unit);
        return;
    }
    this.fraction(w, fraction, unit);
    w.char(32);
  }

  /** Takes note of the time of a packet that is not printed, which the next one may be shown relative to. */
  follow(w: LineWriter, seconds: number, nanoseconds: number): void {
    if (this.style === TimestampStyle.DELTA_PREVIOUS || this.style === TimestampStyle.DELTA_FIRST)
      this.write(w, seconds, nanoseconds);
  }

  private fraction(w: LineWriter, fraction: number, unit: number, invalid = false): void {
    w.char(46);
    w.dec0(fraction, this.nanoseconds ? 9 : 6);
    if (fraction >= unit || invalid) w.text(this.nanoseconds ? ' (invalid ns)' : ' (invalid us)');
  }

  private clock(w: LineWriter, seconds: number, withDate: boolean): void {
    if (seconds !== this.second) this.describe(seconds, withDate);
    w.put(this.text);
  }

  private describe(seconds: number, withDate: boolean): void {
    this.second = seconds;
    const minute = Math.floor(seconds / MINUTE);
    if (minute !== this.minute) {
      this.minute = minute;
      const d = new Date(seconds * 1000);
      const two = (n: number): string => String(n).padStart(2, '0');
      this.date = `${String(d.getFullYear()).padStart(4, '0')}-${two(d.getMonth() + 1)}-${two(d.getDate())} `;
      this.hourMinute = `${two(d.getHours())}:${two(d.getMinutes())}:`;
    }
    const second = String(seconds - minute * MINUTE).padStart(2, '0');
    this.text = new Constant(`${withDate ? this.date : ''}${this.hourMinute}${second}`);
  }

  private delta(w: LineWriter, seconds: number, fraction: number, unit: number): void {
    // A reference of zero is none yet, as tcpdump has it.
    if (this.referenceSeconds === 0 && this.referenceFraction === 0) {
      this.referenceSeconds = seconds;
      this.referenceFraction = fraction;
    }
    let s = seconds - this.referenceSeconds;
    let f = fraction - this.referenceFraction;
    let negative = s < 0 || (s === 0 && f < 0);
    if (negative) {
      s = -s;
      f = -f;
    }
    // A fraction is less than a second, but for those of a broken file.
    const borrowed = f < 0 ? Math.ceil(-f / unit) : 0;
    s -= borrowed;
    f += borrowed * unit;
    if (s < 0) {
      negative = !negative;
      s = -s;
      if (f > 0) {
        s--;
        f = unit - f;
      }
    }
    w.char(negative ? 45 : 32);
    // A time of day: days are not shown.
    w.dec0(Math.floor(s / 3600) % 24, 2);
    w.char(58);
    w.dec0(Math.floor(s / 60) % 60, 2);
    w.char(58);
    w.dec0(s % 60, 2);
    this.fraction(w, f, unit, borrowed > 1);
    w.char(32);
    if (this.style === TimestampStyle.DELTA_PREVIOUS) {
      this.referenceSeconds = seconds;
      this.referenceFraction = fraction;
    }
  }
}

// Time stamps of NTP: seconds since 1900 and a fraction in 32 bits each. Source: RFC 5905 section 6.

import type { Printer } from './printer.js';

const SECONDS_1900_TO_1970 = 2208988800;
/** Stamps without the top bit count from 2036, when the seconds begin anew. */
const SECONDS_1970_TO_2036 = 2085978496;
const SECONDS_OF_DAY = 86400;
const TOP_BIT = 0x80000000;
const FRACTION = 0x100000000;

/** Billionths of a second of a fraction, as nine digits. */
function billionths(fraction: number): string {
  return String(Math.floor((fraction / FRACTION) * 1e9)).padStart(9, '0');
}

/** The day shown last: a packet's stamps are of the same one. */
let day = Number.NaN;
let date = '';

/** A time in seconds since 1970, as in `2023-11-14T22:13:20Z`. */
function dateTime(seconds: number): string {
  const days = Math.floor(seconds / SECONDS_OF_DAY);
  if (days !== day) {
    day = days;
    date = new Date(days * SECONDS_OF_DAY * 1000).toISOString().slice(0, 11);
  }
  const rest = seconds - days * SECONDS_OF_DAY;
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  return `${date}${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

/** Seconds and fraction, and what date that is in UTC unless there are no seconds. */
export function ntpTime(p: Printer, offset: number): string {
  const seconds = p.u32(offset);
  const number = `${seconds}.${billionths(p.u32(offset + 4))}`;
  if (seconds === 0) return number;
  const since1970 = seconds >= TOP_BIT ? seconds - SECONDS_1900_TO_1970 : seconds + SECONDS_1970_TO_2036;
  return `${number} (${dateTime(since1970)})`;
}

/** The time from one stamp to another with its sign; the other alone when the one is zero. */
export function ntpDelta(p: Printer, from: number, to: number): string {
  const start = p.u64(from);
  const end = p.u64(to);
  if (start === 0n) return ntpTime(p, to);
  const difference = end > start ? end - start : start - end;
  const sign = end > start ? '+' : '-';
  return `${sign}${difference >> 32n}.${billionths(Number(difference & 0xffffffffn))}`;
}

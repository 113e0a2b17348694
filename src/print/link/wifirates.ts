// Rates and channel widths of 802.11n and 802.11ac. Source: IEEE Std 802.11, 19.5 (parameters of HT-MCSs); the radiotap
// fields MCS and VHT.

import { fixed } from '../inline.js';

/** Mbit/s of the slowest scheme in 20 MHz and in 40 MHz, with the long guard interval. */
const SLOWEST = 6.5;
const SLOWEST_WIDE = 13.5;
/** The short guard interval leaves 3.6 of 4 microseconds of a symbol. */
const SHORT_INTERVAL = 10 / 9;
/** Schemes of one to four streams that are modulated alike: times the slowest one's rate, for each stream. */
const EQUAL: readonly number[] = [1, 2, 3, 4, 6, 8, 9, 10];
const STREAMS = 4;
/** The one scheme that is for 40 MHz alone, which it uses twice over. */
const DUPLICATE = 32;
const DUPLICATE_RATE = 6;
/** Schemes from 33 on, of streams that are modulated differently: times the slowest one's rate. */
const UNEQUAL: readonly number[] = [
  6, 8, 10, 9, 12, 15, 8, 10, 10, 12, 14, 14, 16, 12, 15, 15, 18, 21, 21, 24, 10, 12, 14, 12, 14, 16, 18, 16,
  18, 20, 20, 22, 15, 18, 21, 18, 21, 24, 27, 24, 27, 30, 30, 33,
];

/** Mbit/s of a modulation and coding scheme with one decimal, null for those that are none. */
export function highThroughputRate(scheme: number, wide: boolean, shortInterval: boolean): string | null {
  let rate: number;
  if (scheme === DUPLICATE) {
    if (!wide) return null;
    rate = DUPLICATE_RATE;
  } else {
    const alike = EQUAL.length * STREAMS;
    const times =
      scheme < alike
        ? EQUAL[scheme % EQUAL.length]! * (Math.floor(scheme / EQUAL.length) + 1)
        : UNEQUAL[scheme - alike - 1];
    if (times === undefined) return null;
    rate = times * (wide ? SLOWEST_WIDE : SLOWEST);
  }
  return fixed(shortInterval ? rate * SHORT_INTERVAL : rate, 1);
}

/** Widths of 802.11n, and which part of 40 MHz. */
export const HT_WIDTHS: readonly string[] = ['20 MHz', '40 MHz', '20 MHz (L)', '20 MHz (U)'];

/** Widths of 802.11ac, and which part of a wider channel; one of them is not what the field's description says. */
export const VHT_WIDTHS: readonly string[] = [
  ...HT_WIDTHS,
  '80 MHz',
  ...['L', 'U', 'LL', 'LU', 'UL', 'UU'].map((part) => `80 MHz (${part})`),
  '160 MHz',
  ...['L', 'U', 'LL', 'LU', 'UL', 'UU', 'LLL', 'LLU', 'LUL', 'UUU', 'ULL', 'ULU', 'UUL', 'UUU'].map(
    (part) => `160 MHz (${part})`,
  ),
  ...[26, 27, 28, 29, 30, 31].map((width) => `unknown (${width})`),
];

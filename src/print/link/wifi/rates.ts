// Rates and channel widths of 802.11n and 802.11ac, and the radiotap fields that have them. Source: IEEE Std 802.11, 19.5
// (parameters of HT-MCSs); radiotap.org (MCS, VHT).

import { fixed } from '../../inline.js';
import type { Printer } from '../../printer.js';

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
function highThroughputRate(scheme: number, wide: boolean, shortInterval: boolean): string | null {
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
const HT_WIDTHS: readonly string[] = ['20 MHz', '40 MHz', '20 MHz (L)', '20 MHz (U)'];

/** Widths of 802.11ac, and which part of a wider channel; one of them is not what the field's description says. */
const VHT_WIDTHS: readonly string[] = [
  ...HT_WIDTHS,
  '80 MHz',
  ...['L', 'U', 'LL', 'LU', 'UL', 'UU'].map((part) => `80 MHz (${part})`),
  '160 MHz',
  ...['L', 'U', 'LL', 'LU', 'UL', 'UU', 'LLL', 'LLU', 'LUL', 'UUU', 'ULL', 'ULU', 'UUL', 'UUU'].map(
    (part) => `160 MHz (${part})`,
  ),
  ...[26, 27, 28, 29, 30, 31].map((width) => `unknown (${width})`),
];

/** Bits of what is known of a scheme, and of its flags. */
const Known = { WIDTH: 1, SCHEME: 2, INTERVAL: 4, FORMAT: 8, CODING: 0x10, STREAMS: 0x20 } as const;
const Scheme = { WIDTH: 3, SHORT: 4, GREENFIELD: 8, LDPC: 0x10 } as const;

const intervalWord = (short: boolean): string => `${short ? 'short' : 'long'} GI `;
const codingWord = (ldpc: boolean): string => `${ldpc ? 'LDPC' : 'BCC'} FEC `;

/** The field MCS: a scheme of 802.11n. */
export function printScheme(p: Printer, offset: number): void {
  const known = p.u8(offset);
  const flags = p.u8(offset + 1);
  const scheme = p.u8(offset + 2);
  const width = flags & Scheme.WIDTH;
  const short = (flags & Scheme.SHORT) !== 0;
  if ((known & Known.SCHEME) !== 0) {
    const said = (known & (Known.WIDTH | Known.INTERVAL)) !== 0;
    const rate = said ? highThroughputRate(scheme, width === 1, short) : null;
    p.text(`${rate === null ? '' : `${rate} Mb/s `}MCS ${scheme} `);
  }
  if ((known & Known.WIDTH) !== 0) p.text(`${HT_WIDTHS[width]} `);
  if ((known & Known.INTERVAL) !== 0) p.text(intervalWord(short));
  if ((known & Known.FORMAT) !== 0) p.text((flags & Scheme.GREENFIELD) !== 0 ? 'greenfield ' : 'mixed ');
  if ((known & Known.CODING) !== 0) p.text(codingWord((flags & Scheme.LDPC) !== 0));
  if ((known & Known.STREAMS) !== 0) p.text(`RX-STBC${(flags >> 5) & 3} `);
}

const Vht = { FLAGS: 2, WIDTH: 3, USERS: 4, CODING: 8 } as const;
const USERS = 4;
const VhtKnown = { INTERVAL: 0x04, WIDTH: 0x40 } as const;
const VHT_SHORT = 0x04;

/** The field VHT: a scheme of 802.11ac for each user. */
export function printVeryHighThroughput(p: Printer, offset: number): void {
  const known = p.le16(offset);
  const coding = p.u8(offset + Vht.CODING);
  for (let user = 0; user < USERS; user++) {
    const scheme = p.u8(offset + Vht.USERS + user);
    // The lower half counts the user's streams: none is no user.
    if ((scheme & 0xf) === 0) continue;
    p.text(`User ${user} MCS ${scheme >> 4} ${codingWord(((coding >> user) & 1) !== 0)}`);
  }
  if ((known & VhtKnown.WIDTH) !== 0) p.text(`${VHT_WIDTHS[p.u8(offset + Vht.WIDTH) & 0x1f]} `);
  if ((known & VhtKnown.INTERVAL) !== 0) p.text(intervalWord((p.u8(offset + Vht.FLAGS) & VHT_SHORT) !== 0));
}

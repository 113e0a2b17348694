// The older headers of captured 802.11 frames, of which nothing but their length is shown: Prism's and that of AVS.
// Source: LINKTYPE_IEEE802_11_PRISM and LINKTYPE_IEEE802_11_AVS.

import type { Printer } from '../../printer.js';
import { printWifiFrame } from './wifi.js';

const PRISM_HEADER = 144;
/** Linux gives AVS's headers too for Prism's: they begin with one of these. */
const AVS_COOKIES: readonly number[] = [0x80211001, 0x80211002];
const COOKIE = 4;
const AVS = { LENGTH: 4, HEADER: 8 } as const;

/** LINKTYPE_IEEE802_11_PRISM. */
export function printPrismLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'prism';
  const cookie = p.has(offset, COOKIE) && AVS_COOKIES.includes(p.u32(offset));
  if (cookie) printAvsLink(p, offset, length);
  else printBehind(p, offset, length, PRISM_HEADER);
}

/** LINKTYPE_IEEE802_11_AVS. */
export function printAvsLink(p: Printer, offset: number, length: number): void {
  p.protocol = '802.11_radio_avs';
  const size = p.has(offset, AVS.HEADER) ? p.u32(offset + AVS.LENGTH) : 0;
  printBehind(p, offset, length, size < AVS.HEADER ? Number.POSITIVE_INFINITY : size);
}

/** The frame behind a header of `size` bytes. */
function printBehind(p: Printer, offset: number, length: number, size: number): void {
  const captured = p.available(offset);
  if (captured < size) {
    p.truncated();
    p.linkHeaderLength += captured;
    return;
  }
  p.linkHeaderLength += size + printWifiFrame(p, offset + size, length - size);
}

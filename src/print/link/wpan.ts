// Links of IEEE 802.15.4, with and without the tap's pseudo-header. Source: IEEE 802.15.4 TAP Link Type Specification.

import type { Printer } from '../printer.js';
import { printWpan } from '../protocol/wpan/wpan.js';

const TAP_HEADER = 4;

/** LINKTYPE_IEEE802_15_4_WITHFCS and _NOFCS. tcpdump takes the success of a frame for a byte of header. */
export function printWpanLink(p: Printer, offset: number): void {
  p.linkHeaderLength = 0;
  const captured = p.available(offset);
  p.linkHeaderLength = captured < 2 ? captured : 1;
  if (!printWpan(p, offset, captured)) p.linkHeaderLength = captured < 2 ? captured : 0;
}

/** LINKTYPE_IEEE802_15_4_TAP. */
export function printWpanTapLink(p: Printer, offset: number): void {
  p.protocol = '802.15.4_tap';
  const captured = p.available(offset);
  if (captured < TAP_HEADER) {
    p.truncated();
    p.linkHeaderLength = captured;
    return;
  }
  const size = p.le16(offset + 2);
  p.linkHeaderLength = 0;
  if (p.u8(offset) !== 0 || size < TAP_HEADER) {
    p.invalid();
    return;
  }
  if (captured < size) {
    p.truncated();
    p.linkHeaderLength = captured;
    return;
  }
  const printed = printWpan(p, offset + size, captured - size);
  p.linkHeaderLength = size + (printed ? 1 : 0);
}

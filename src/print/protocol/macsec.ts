// Media access control security (IEEE 802.1AE): the secure tag behind an Ethernet header.

import { bitsOf, captured } from '../inline.js';
import type { Bits, Printer } from '../printer.js';
import type { Secured } from '../table.js';

const TAG_LENGTH = 6;
const TAG_LENGTH_WITH_CHANNEL = 14;
const CHECK_LENGTH = 16;
const VERSION = 0x80;
const CHANNEL = 0x20;
const CONFIDENTIAL = 0x0c;
const FLAGS: Bits = [
  [0x08, 'E'],
  [0x04, 'C'],
  [0x40, 'S'],
  [0x10, 'B'],
  [CHANNEL, 'I'],
];

/**
 * A secure tag.
 * @param offset first byte behind the type
 * @param frame the Ethernet header, for its addresses
 * @returns null when there is nothing behind it to print
 */
export function printMacsec(p: Printer, offset: number, length: number, frame: number): Secured | null {
  const outer = p.protocol;
  p.protocol = 'macsec';
  const secured = printTag(p, offset, length, frame);
  p.protocol = outer;
  return secured;
}

function printTag(p: Printer, offset: number, length: number, frame: number): Secured | null {
  const available = Math.min(length, p.available(offset));
  if (available < TAG_LENGTH) return cut(p);
  const control = p.u8(offset);
  const size = (control & CHANNEL) !== 0 ? TAG_LENGTH_WITH_CHANNEL : TAG_LENGTH;
  if (available < size) return cut(p);
  const short = p.u8(offset + 1);
  if ((short & 0xc0) !== 0 || (control & VERSION) !== 0) {
    p.invalid();
    return null;
  }
  if (p.options.linkHeader) printHeader(p, offset, control, short);
  const start = offset + size;
  const rest = length - size;
  if ((control & CONFIDENTIAL) !== 0) {
    if (!p.options.linkHeader) {
      const source = captured(p, () => p.mac(frame + 6));
      p.text(`${source} > ${captured(p, () => p.mac(frame))} 802.1AE MACsec, `);
      printHeader(p, offset, control, short);
    }
    return { offset: start, length: rest, end: p.snapEnd, encrypted: true };
  }
  if (available - size < CHECK_LENGTH) return cut(p);
  const payload = rest - CHECK_LENGTH;
  const end = p.snapEnd - CHECK_LENGTH;
  if (short > payload || short > end - start) return cut(p);
  return { offset: start, length: short > 0 ? short : payload, end, encrypted: false };
}

function cut(p: Printer): null {
  p.truncated();
  return null;
}

function printHeader(p: Printer, offset: number, control: number, short: number): void {
  p.text(`an ${control & 3}, pn ${p.u32(offset + 2)}, flags ${bitsOf(FLAGS, control & 0x7c, 'none', '')}`);
  if (short !== 0) p.text(`, sl ${short}`);
  if ((control & CHANNEL) !== 0)
    p.text(
      `, sci ${p
        .u64(offset + 6)
        .toString(16)
        .padStart(16, '0')}`,
    );
  p.text(', ');
}

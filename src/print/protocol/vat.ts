// Visual Audio Tool, and vt before it, for -T vat and on their port.

import type { Printer } from '../printer.js';

/** A vat or vt audio packet. */
export function printVat(p: Printer, offset: number, length: number): void {
  p.protocol = 'vat';
  if (length < 2) {
    p.text(`udp/va/vat, length ${length} < 2`);
    return;
  }
  const first = p.u16(offset);
  if ((first & 0xf060) !== 0) {
    p.text(`udp/vt ${length} ${first & 0x3ff} / ${first >> 10}`);
    return;
  }
  if (length < 8) {
    p.text(`udp/vat, length ${length} < 8`);
    return;
  }
  const word = p.u32(offset);
  const timestamp = p.u32(offset + 4);
  const start = (word & 0x800000) !== 0 ? '*' : '';
  p.text(`udp/vat ${length - 8} c${word & 0xffff} ${timestamp}${start}`);
  if ((word & 0x1f0000) !== 0) p.text(` f${(word >>> 16) & 0x1f}`);
  if ((word & 0x3f000000) !== 0) p.text(` s${(word >>> 24) & 0x3f}`);
}

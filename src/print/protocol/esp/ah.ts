// IPsec Authentication Header (RFC 4302).

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';

const FIXED_LENGTH = 12;

/**
 * An authentication header; the next one is the caller's to print.
 * @returns its length in bytes
 */
export function printAh(p: Printer, offset: number, _length: number): number {
  p.protocol = 'ah';
  p.text('AH');
  const words = p.u8(offset + 1);
  const length = (words + 2) * 4;
  p.char(40);
  if (p.options.verbose > 0) p.text(`length=${words}(${length}-bytes),`);
  const reserved = p.u16(offset + 2);
  if (reserved !== 0) p.text(`reserved=0x${hex(reserved)}[MustBeZero],`);
  p.text(`spi=0x${hex(p.u32(offset + 4), 8)},`);
  p.text(`seq=0x${hex(p.u32(offset + 8))},`);
  p.text('icv=0x');
  for (let i = FIXED_LENGTH; i < length; i++) p.hex0(p.u8(offset + i), 2);
  p.text('): ');
  return length;
}

// Check values and the security header of IEEE 802.15.4. Source: IEEE 802.15.4-2015, sections 7.2.10 and 9.4.

import { OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { longAddress, shortAddress } from './beacon.js';

/** The polynomials of CRC-16 (CCITT) and CRC-32, their bits in reverse order. */
const POLYNOMIAL_16 = 0x8408;
const POLYNOMIAL_32 = 0xedb88320;

function table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

const TABLE_16 = table(POLYNOMIAL_16);
const TABLE_32 = table(POLYNOMIAL_32);

function crc(p: Printer, at: number, length: number, values: Uint32Array): number {
  let sum = 0;
  for (const byte of p.view(at, length)) sum = ((sum >>> 8) ^ values[(sum ^ byte) & 0xff]!) >>> 0;
  return sum;
}

/** The check value of two bytes. */
export function crc16(p: Printer, at: number, length: number): number {
  return crc(p, at, length, TABLE_16);
}

/** The check value of four bytes, which begins with zero and is not inverted. */
export function crc32(p: Printer, at: number, length: number): number {
  return crc(p, at, length, TABLE_32);
}

const NO_COUNTER = 0x20;
/** Bytes of the key's source by the key's mode. tcpdump takes four of an extended address's eight. */
const SOURCE_SIZES = [0, 0, 4, 8];
const EXTENDED = 3;

/** The auxiliary security header; OVERRUN when it is cut. @returns its bytes */
export function securityHeader(p: Printer, at: number, left: number): number {
  const { verbose } = p.options;
  if (left < 1) return cut(p, 'Aux Security Header');
  const control = p.u8(at);
  const mode = (control >> 3) & 3;
  let used = 1;
  if (verbose > 0) p.text(`\n\tSecurity Level ${control & 7}, Key Id Mode ${mode}, `);
  if ((control & NO_COUNTER) === 0) {
    if (left - used < 4) return cut(p, 'Frame Counter');
    if (verbose > 1) p.text(`Frame Counter 0x${hex(p.le32(at + used), 8)} `);
    used += 4;
  }
  if (mode === 0) {
    if (verbose > 1) p.text('Implicit');
    return used;
  }
  const source = SOURCE_SIZES[mode]!;
  if (left - used < source) return cut(p, 'Key Source');
  if (source > 0) {
    if (verbose > 1) p.text(`KeySource ${keySource(p, at + used, mode)}, `);
    used += 4;
  }
  if (left - used < 1) return cut(p, 'Key Index');
  if (verbose > 1) p.text(`KeyIndex 0x${hex(p.u8(at + used), 2)}, `);
  return used + 1;
}

/** The source of a key: an address in a network, with digits that tcpdump's format puts behind it, or a long address. */
function keySource(p: Printer, at: number, mode: number): string {
  if (mode === EXTENDED) return longAddress(p, at);
  return `0x${shortAddress(p, at)}:${hex(p.le16(at + 2))}4x`;
}

function cut(p: Printer, what: string): never {
  p.text(`[ERROR: Truncated before ${what}]`);
  throw OVERRUN;
}

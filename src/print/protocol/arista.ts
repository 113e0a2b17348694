// Arista's header of time stamps in front of a frame's type. Source: Arista, Overview of timestamps (7280R, 7500R).

import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const TIMESTAMP = 1;
const SUBTYPES: Words = { [TIMESTAMP]: 'Timestamp' };
const SCALES: Words = { 0: 'TAI', 1: 'UTC' };
const LONG = 1;
const SHORT = 2;
const FORMATS: Words = { [LONG]: '64-bit', [SHORT]: '48-bit' };
const HARDWARE: Words = { 0: 'R/R2', 1: 'R3' };
const BILLION = 1_000_000_000;

/** @returns its bytes, -1 when it is not one of a time stamp */
export function printArista(p: Printer, offset: number): number {
  p.protocol = 'arista';
  const subtype = p.u16(offset);
  p.text(`SubType ${wordOf(SUBTYPES, subtype, 'Unknown')} (0x${hex(subtype, 4)}), `);
  if (subtype !== TIMESTAMP) return -1;
  const scale = p.u8(offset + 2);
  p.text(`Timescale ${wordOf(SCALES, scale, 'Unknown')} (${scale}), `);
  const kind = p.u8(offset + 3);
  const format = kind >> 4;
  const hardware = kind & 15;
  p.text(
    `Format ${wordOf(FORMATS, format, 'Unknown')} (${format})` +
      `, HwInfo ${wordOf(HARDWARE, hardware, 'Unknown')} (${hardware}), Timestamp `,
  );
  const at = offset + 4;
  if (format !== LONG && format !== SHORT) return -1;
  const width = format === LONG ? 4 : 2;
  const whole = width === 4 ? p.u32(at) : p.u16(at);
  const fraction = p.u32(at + width);
  const rest = `${String(fraction).padStart(9, '0')}${fraction >= BILLION ? ' (invalid ns)' : ''}`;
  p.text(`${width === 4 ? date(whole) : whole}.${rest}: `);
  return 4 + width + 4;
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

// IEEE numbers of 32 bits as C prints them.

import type { Printer } from './printer.js';

const single = new DataView(new ArrayBuffer(4));

/** The number at `offset`. */
function float32(p: Printer, offset: number): number {
  single.setUint32(0, p.u32(offset));
  return single.getFloat32(0);
}

/** Whether the number at `offset` has a minus, which one that is none may have too. */
function negative(p: Printer, offset: number): boolean {
  return p.u8(offset) >= 0x80;
}

/** %.10g of the number at `offset`, changed by `reckon` in the precision of 32 bits. */
export function float32Text(p: Printer, offset: number, reckon = (value: number): number => value): string {
  const value = Math.fround(reckon(float32(p, offset)));
  if (Number.isNaN(value)) return negative(p, offset) ? '-nan' : 'nan';
  return general(value, 10);
}

/** %.Ng: as C rounds, exact halves to the even digit. */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [rounded, power] = value.toExponential(digits - 1).split('e') as [string, string];
  const exact = value.toExponential(digits + 30).split('e')[0]!;
  const cut = rounded.length;
  const half = /^50*$/.test(exact.slice(cut)) && Number(exact[cut - 1]) % 2 === 0;
  const mantissa = half ? exact.slice(0, cut) : rounded;
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const sign = exponent < 0 ? '-' : '+';
    return `${trimmed(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const minus = mantissa.startsWith('-') ? '-' : '';
  const figures = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return trimmed(`${minus}0.${'0'.repeat(-exponent - 1)}${figures}`);
  return trimmed(`${minus}${figures.slice(0, exponent + 1)}.${figures.slice(exponent + 1)}`);
}

/** A decimal fraction without the zeros at its end. */
function trimmed(text: string): string {
  return text.replace(/\.?0*$/, '');
}
